import type { Effective } from '../../../shared/definition.js';
import { Failure } from '../../../shared/failure.js';
import type { Ask } from '../adapter.js';
import { setUp, type Conversation, type Ways } from './ways.js';
import { within } from './within.js';

/** Something that must not be done twice. */
export interface Telling<T> {
  /** Best way first. */
  readonly asks: readonly Ask<T>[];
  readonly effective: Effective;
  readonly restUser: string;
  /** Milliseconds for each way, and for all of them. */
  readonly askMs: number;
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Says it by the first way that takes it. The next way is for what has certainly not been heard; what may have been is
 * rejected as `isSent`, and never said again. Rejects unsupported where no way is set up, else with the failure that helps most.
 */
export async function tell<T>(ways: Ways, telling: Telling<T>): Promise<{ value: T; by: Ask<T> }> {
  const { effective, restUser, signal, askMs, ms } = telling;
  const endsAt = performance.now() + ms;
  const failures: Failure[] = [];
  for (const ask of setUp(effective, telling.asks)) {
    const leftMs = Math.min(askMs, Math.ceil(endsAt - performance.now()));
    if (leftMs <= 0) break;
    let conversation: Conversation | undefined;
    try {
      const value = await within(leftMs, [signal], async (bounds) => {
        conversation = { ...bounds, effective, restUser, isWish: true, wasHeard: false };
        return await ways.run(ask, conversation);
      });
      return { value, by: ask };
    } catch (error) {
      if (!Failure.is(error)) throw error;
      if (conversation !== undefined && mayBeHeard(error, conversation)) {
        throw new Failure(error.code, { ...error.data, isSent: true });
      }
      failures.push(error);
    }
  }
  throw mostTelling(failures);
}

/** A way that does not say whether it was heard when time was over, or when it was called off, may have been. */
function mayBeHeard({ code, data: { isSent } }: Failure, { wasHeard }: Conversation): boolean {
  if (typeof isSent === 'boolean') return isSent;
  return wasHeard || code === 'timeout' || code === 'cancelled';
}

/** A wrong password can be put right, and a missing one says least of a game that has other ways. */
function mostTelling(failures: readonly Failure[]): Failure {
  return (
    failures.find(({ code }) => code === 'auth-rejected') ??
    failures.find(({ code }) => code !== 'secret-missing') ??
    failures[0] ??
    new Failure('unsupported')
  );
}
