import * as v from 'valibot';
import { Failure } from '../../../shared/failure.js';
import type { Reading } from '../adapter.js';

/** A number, or a text that is one; some of its versions and of what stands between write numbers as texts. */
const number = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}(?:\.\d{1,9})?$/), v.transform(Number))]),
  v.finite(),
  v.minValue(0),
);
const count = v.pipe(number, v.integer(), v.maxValue(100_000));

/** Fields come and go with its versions: only the count is needed. */
const metrics = v.object({
  currentplayernum: count,
  maxplayernum: v.fallback(v.optional(v.pipe(count, v.minValue(1))), undefined),
  serverfps: v.fallback(v.optional(number), undefined),
  serverframetime: v.fallback(v.optional(number), undefined),
});

/** What `GET /v1/api/metrics` tells; throws bad-reply (`field`) where it does not tell how many play. */
export function parseMetrics(body: unknown): Reading & { readonly players: number } {
  const parsed = v.safeParse(metrics, body);
  if (!parsed.success) throw new Failure('bad-reply', { field: 'currentplayernum' });
  const { currentplayernum, maxplayernum, serverfps, serverframetime } = parsed.output;
  return {
    players: currentplayernum,
    ...(maxplayernum === undefined ? {} : { maxPlayers: maxplayernum }),
    ...(serverfps === undefined ? {} : { tickRate: serverfps }),
    ...(serverframetime === undefined ? {} : { frameTime: serverframetime }),
  };
}
