import { Failure } from '../../../shared/failure.js';

/** Whoever is told to let go gets so many milliseconds for it: the next ask is not to meet the last one. */
const letGoMs = 1000;

export interface Bounds {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/**
 * Does the work within so many milliseconds, or until one of the signals fires. Rejects with a Failure in any case: timeout
 * at the deadline (`ms`), cancelled by a signal, both with the work's own `isSent` where it tells, else what the work rejects;
 * what is no Failure is bad-reply.
 */
export async function within<T>(
  ms: number,
  signals: readonly AbortSignal[],
  work: (bounds: Bounds) => Promise<T>,
): Promise<T> {
  if (signals.some(({ aborted }) => aborted)) throw new Failure('cancelled');
  const own = new AbortController();
  let ended: 'timeout' | 'cancelled' | undefined;
  let last: NodeJS.Timeout | undefined;
  let abandon = (): void => undefined;
  const abandoned = new Promise<never>((_, reject) => {
    abandon = () => reject(new Failure('cancelled'));
  });
  const end = (how: 'timeout' | 'cancelled'): void => {
    if (ended !== undefined) return;
    ended = how;
    last = setTimeout(abandon, letGoMs);
    own.abort();
  };
  const cancel = (): void => end('cancelled');
  const deadline = setTimeout(end, ms, 'timeout');
  for (const signal of signals) signal.addEventListener('abort', cancel);
  try {
    return await Promise.race([work({ signal: own.signal, ms }), abandoned]);
  } catch (error) {
    throw asFailure(error, ended, ms);
  } finally {
    clearTimeout(deadline);
    clearTimeout(last);
    for (const signal of signals) signal.removeEventListener('abort', cancel);
  }
}

function asFailure(error: unknown, ended: 'timeout' | 'cancelled' | undefined, ms: number): Failure {
  // Only its name: nobody knows what is in the message of something unforeseen.
  const failure = Failure.is(error)
    ? error
    : new Failure('bad-reply', { detail: error instanceof Error ? error.name : typeof error });
  if (ended === undefined) return failure;
  const { isSent } = failure.data;
  const sent = isSent === undefined ? {} : { isSent };
  return new Failure(ended, ended === 'timeout' ? { ms, ...sent } : sent);
}
