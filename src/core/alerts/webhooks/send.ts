import { attempt, type Attempted, type Letter } from './attempt.js';
import { hostOf, withoutAddress } from './redact.js';
import { askedWaitMs, isGlobalLimit, retryAfterMs, usedUpMs } from './waits.js';

/** For one attempt, from the name's lookup to the end of the answer. */
const deadlineMs = 5000;
/** Before each repetition, half of it by chance: many who failed at once do not come back at once. Milliseconds. */
const backoffMs = { first: 500, most: 2000 } as const;
const usualRetries = 3;
/** For longer nobody waits here: others need the slot. */
const longestWaitMs = 2000;
/** Of an answer, for a person who looks into it. */
const detailLength = 300;

export interface SendOptions {
  /** Ends it at once, a wait as well. */
  readonly signal: AbortSignal;
  /** How often what failed is repeated; 3 where it is left out. */
  readonly retries?: number;
  readonly attemptMs?: number;
  readonly ca?: string;
  now?(this: void): number;
  random?(this: void): number;
  /** Resolves early when it is called off. */
  sleep?(this: void, ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Times are Unix milliseconds. detail: technical, English, for a person; it never holds the address.
 * delivered: notBefore: the next one may not come earlier; 0: at any time.
 * later: limited: nothing is wrong, but not before `at` (isGlobal: nor anything else from here); failed: as often as it was
 * tried; cancelled. isUncertain: it had gone out at least once, and nobody knows whether it was heard. status: null: no answer.
 * refused: it is not repeated. status: null where the address itself is none.
 */
export type Delivery =
  | { readonly is: 'delivered'; readonly status: number; readonly detail: string; readonly notBefore: number }
  | {
      readonly is: 'later';
      readonly why: 'limited' | 'failed' | 'cancelled';
      readonly status: number | null;
      readonly at: number;
      readonly detail: string;
      readonly isUncertain: boolean;
      readonly isGlobal?: boolean;
    }
  | { readonly is: 'refused'; readonly status: number | null; readonly detail: string };

/**
 * Sends one letter, with repetitions. Never rejects, and takes at most 26 s. What was heard but answered too late is sent
 * again: told twice is better than never told, and its id tells a receiver that cares.
 */
export async function send(letter: Letter, options: SendOptions): Promise<Delivery> {
  const {
    signal,
    retries = usualRetries,
    attemptMs = deadlineMs,
    now = Date.now,
    random = Math.random,
    sleep = slept,
  } = options;
  let isUncertain = false;
  for (let tries = 0; ; tries += 1) {
    const attempted = await attempt(letter, { signal, ms: attemptMs, ca: options.ca });
    const verdict = judged(attempted, letter, now());
    isUncertain ||= attempted.is === 'failed' && attempted.isSent;
    if (verdict.is !== 'again') return verdict;
    const { waitMs, status, detail, isGlobal } = verdict;
    const later = { is: 'later', at: now() + (waitMs ?? 0), status, detail, isUncertain } as const;
    if (signal.aborted) return { ...later, why: 'cancelled' };
    if (isGlobal) return { ...later, why: 'limited', isGlobal };
    if (verdict.isLimit && (tries >= retries || (waitMs ?? 0) > longestWaitMs)) return { ...later, why: 'limited' };
    if (tries >= retries || !verdict.mayMend || (waitMs ?? 0) > longestWaitMs) return { ...later, why: 'failed' };
    const base = Math.min(backoffMs.most, backoffMs.first * 2 ** tries);
    // What the receiver asks for is kept to in full; chance only adds to it.
    await sleep(waitMs === null ? base * (0.5 + random() / 2) : waitMs + random() * 100, signal);
    if (signal.aborted) return { ...later, why: 'cancelled' };
  }
}

/**
 * isLimit: the receiver is well, and only wants to be left alone; isGlobal: by all that comes from here. mayMend: by being tried
 * again within seconds.
 */
interface Again {
  readonly is: 'again';
  readonly status: number | null;
  readonly waitMs: number | null;
  readonly detail: string;
  readonly isLimit: boolean;
  readonly isGlobal: boolean;
  readonly mayMend: boolean;
}

const again = { is: 'again', isLimit: false, isGlobal: false, mayMend: true } as const;

type Answered = Extract<Attempted, { is: 'answered' }>;

function judged(attempted: Attempted, letter: Letter, now: number): Exclude<Delivery, { is: 'later' }> | Again {
  const host = hostOf(letter.url);
  if (attempted.is === 'failed') {
    const { code } = attempted;
    if (code === 'bad-address') return { is: 'refused', status: null, detail: 'no http or https address' };
    return { ...again, status: null, waitMs: null, detail: `${host}: ${code}`, mayMend: !isOfTls(code) };
  }
  const { status, headers, body } = attempted;
  const detail = detailOf(attempted, letter);
  if (status < 300) {
    const waitMs = usedUpMs(headers);
    return { is: 'delivered', status, detail, notBefore: waitMs > 0 ? now + waitMs : 0 };
  }
  if (status === 429) {
    const waitMs = askedWaitMs(headers, body, now);
    return { ...again, status, waitMs, detail, isLimit: true, isGlobal: isGlobalLimit(headers, body) };
  }
  if (status >= 500 || status === 408) {
    return { ...again, status, waitMs: retryAfterMs(headers, now), detail };
  }
  return { is: 'refused', status, detail };
}

function detailOf({ status, headers, body }: Answered, { url }: Letter): string {
  const { location } = headers;
  const isRedirect = status >= 300 && status < 400 && typeof location === 'string';
  // Only where to: the rest of such an address may be a key of its own.
  const said = isRedirect && URL.canParse(location, url) ? `redirect to ${new URL(location, url).host}` : body;
  const clean = withoutAddress(said, url).replace(/\s+/g, ' ').trim();
  return `${hostOf(url)}: ${String(status)} ${clean.slice(0, detailLength)}`.trim();
}

/** A certificate does not get better within seconds. */
function isOfTls(code: string): boolean {
  return /CERT|SSL|TLS|SELF_SIGNED|ISSUER|UNABLE_TO_VERIFY/.test(code);
}

async function slept(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener('abort', over);
  });
}
