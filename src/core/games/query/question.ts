import { messageOf, Failure } from '../../../shared/failure.js';
import type { QueryTalk } from '../adapter.js';

/** What has been heard means: the answer, the next thing to send, or nothing yet. */
export type Heard<T> = { readonly answer: T } | { readonly send: Buffer } | undefined;

/** How one question ends, once and for all. */
export interface Ending<T> {
  answer(value: T): void;
  fail(failure: Failure): void;
}

/**
 * Runs one question until it is answered, fails, is late (timeout) or called off (cancelled). `begin` answers what lets go of
 * everything that it holds. Only a Failure comes out, and all of them name the port.
 */
export async function question<T>(talk: QueryTalk, begin: (ending: Ending<T>) => () => void): Promise<T> {
  const { port, ms, signal } = talk;
  const endsAt = Date.now() + ms;
  return await new Promise<T>((resolve, reject) => {
    const held: (() => void)[] = [];
    let isOver = false;
    const over = (): boolean => {
      if (isOver) return false;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', calledOff);
      for (const letGo of held) letGo();
      return true;
    };
    const ending: Ending<T> = {
      answer: (value) => {
        if (over()) resolve(value);
      },
      fail: (failure) => {
        if (over()) reject(new Failure(failure.code, { port, ...failure.data }));
      },
    };
    // The signal fires at the deadline, too.
    const calledOff = (): void => {
      ending.fail(Date.now() < endsAt ? new Failure('cancelled') : new Failure('timeout', { ms }));
    };
    const timer = setTimeout(() => {
      ending.fail(new Failure('timeout', { ms }));
    }, ms);
    signal.addEventListener('abort', calledOff);
    if (signal.aborted) {
      calledOff();
      return;
    }
    held.push(begin(ending));
  });
}

/** Runs a parser: what it throws becomes the end of the question. */
export function guarded<T>(ending: Ending<T>, parse: () => void): void {
  try {
    parse();
  } catch (error) {
    ending.fail(Failure.is(error) ? error : new Failure('bad-reply', { detail: messageOf(error).slice(0, 100) }));
  }
}
