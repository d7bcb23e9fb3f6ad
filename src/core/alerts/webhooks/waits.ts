/** Of an answer; names in small letters. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * For how long a receiver wants to be left alone, in milliseconds, as it says itself; null where it does not. Of several
 * words the longest counts. now: Unix milliseconds. body: Discord repeats it there, exacter than in the header.
 */
export function askedWaitMs(headers: Headers, body: string, now: number): number | null {
  const asked = [
    retryAfterMs(headers, now),
    secondsMs(one(headers, 'x-ratelimit-reset-after')),
    secondsMs(/"retry_after"\s*:\s*([0-9.]+)/.exec(body)?.[1]),
  ].filter((ms) => ms !== null);
  return asked.length === 0 ? null : Math.max(...asked);
}

/** Not this address alone is asked too much: Discord means all of them that come from here. */
export function isGlobalLimit(headers: Headers, body: string): boolean {
  const flag = one(headers, 'x-ratelimit-global');
  if (flag !== undefined && flag !== 'false') return true;
  return one(headers, 'x-ratelimit-scope') === 'global' || /"global"\s*:\s*true/.test(body);
}

/** What Retry-After says: seconds, also with a fraction, or a date. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const text = one(headers, 'retry-after');
  const ms = secondsMs(text);
  if (ms !== null || text === undefined) return ms;
  const date = dateOf(text);
  if (date === null) return null;
  // By the receiver's own clock where it tells that: ours may be wrong.
  return Math.max(0, date - (dateOf(one(headers, 'date') ?? '') ?? now));
}

/** Its allowance is used up by this request: when the next one may come, in milliseconds; 0 where it is not. */
export function usedUpMs(headers: Headers): number {
  if (one(headers, 'x-ratelimit-remaining') !== '0') return 0;
  return secondsMs(one(headers, 'x-ratelimit-reset-after')) ?? 0;
}

function secondsMs(text: string | undefined): number | null {
  if (text === undefined || !/^\d+(\.\d*)?$|^\.\d+$/.test(text)) return null;
  const ms = Math.ceil(Number(text) * 1000);
  return Number.isFinite(ms) ? ms : null;
}

/** `Date.parse` takes far more for a date than HTTP does: also `-1`. */
function dateOf(text: string): number | null {
  const ms = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function one(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim();
}
