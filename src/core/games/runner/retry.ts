import { Failure } from '../../../shared/failure.js';
import type { Times } from './times.js';

/** What another try may answer otherwise: not what was refused, called off, or said in a shape that nobody understands. */
export function isWorthRepeating({ code, data }: Failure): boolean {
  if (code === 'timeout' || code === 'unreachable') return true;
  const isCut = data.field === undefined && (typeof data.status !== 'number' || data.status >= 500);
  return code === 'bad-reply' && isCut;
}

export interface RetryOptions {
  readonly times: Pick<Times, 'pauses' | 'putOff'>;
  readonly signal: AbortSignal;
  /** 0 to 1. */
  random(this: void): number;
  /** Whether there is to be another try after this failure, beside what it says itself. */
  mayRepeat(this: void, failure: Failure): boolean;
}

/**
 * Tries what is safe to repeat, once more than there are pauses. Where a failure says when it may be tried again
 * (`retryAt`), that is waited for, or it is given up if that is long. Rejects with the last Failure.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { times, signal, random, mayRepeat } = options;
  for (let tried = 0; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      const pauseRange = times.pauses[tried];
      if (!Failure.is(error) || !mayRepeat(error) || !isWorthRepeating(error) || pauseRange === undefined) throw error;
      const [least, most] = pauseRange;
      const { retryAt } = error.data;
      const ownMs = typeof retryAt === 'number' ? retryAt - Date.now() : 0;
      if (ownMs > times.putOff) throw error;
      await pause(Math.max(least + (most - least) * random(), ownMs), signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new Failure('cancelled');
  await new Promise<void>((resolve, reject) => {
    const cancel = (): void => {
      clearTimeout(timer);
      reject(new Failure('cancelled'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    signal.addEventListener('abort', cancel, { once: true });
  });
}
