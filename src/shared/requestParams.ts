import * as v from 'valibot';
import { anomalyMetrics } from './anomaly.js';
import type { Requests } from './contract.js';
import { consoleLine } from './definition.js';

const id = v.string();
const byId = v.object({ id });
const stopParams = v.object({
  id,
  mode: v.optional(v.picklist(['stop', 'graceful'])),
  countdownSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400))),
  reason: v.optional(v.string()),
});
const time = v.pipe(v.number(), v.finite());
const eventsParams = v.pipe(
  v.object({ id: v.optional(id), from: time, to: time, kinds: v.optional(v.array(v.string())) }),
  v.forward(
    v.check(({ from, to }) => from <= to, 'must not be before from'),
    ['to'],
  ),
);
const metric = v.picklist(anomalyMetrics);
const byAlert = v.object({ alert: v.string() });
const nothing = v.object({});
// Its own words: what does not fit must not be repeated in an answer that somebody logs.
const secretText = v.nullable(v.string('must be text or null'));

const historyRange = { id, from: time, to: time };
const historyQuery = v.object({
  ...historyRange,
  metrics: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(50)),
  buckets: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
});

/** The shape of every request that is answered; a request without one is unsupported. */
export const paramsOf = {
  'core/status': nothing,
  'core/retire': nothing,
  'core/profile': v.object({ seconds: v.pipe(v.number(), v.minValue(1), v.maxValue(120)), path: v.string() }),
  'client/subscribe': v.object({
    samples: v.optional(v.boolean()),
    consoles: v.optional(v.array(id)),
    visible: v.optional(v.boolean()),
    panel: v.optional(v.boolean()),
  }),
  'server/list': nothing,
  'server/problems': nothing,
  'game/list': nothing,
  'server/get': byId,
  'server/openFiles': byId,
  'server/add': v.object({ definition: v.unknown() }),
  'server/update': v.object({ definition: v.unknown() }),
  'server/remove': byId,
  'server/start': byId,
  'server/stop': stopParams,
  'server/cancelStop': byId,
  'server/restart': stopParams,
  'server/kill': byId,
  'server/send': v.object({ id, line: consoleLine }),
  'server/save': byId,
  'server/announce': v.object({ id, text: consoleLine }),
  'server/players': byId,
  'server/action': v.object({ id, name: v.string(), args: v.record(v.string(), v.unknown()) }),
  'server/test': byId,
  'server/playerStats': v.object(historyRange),
  'server/setup': byId,
  'server/detect': nothing,
  'server/maintenance': v.object({ id, on: v.boolean(), until: v.optional(time) }),
  'server/attach': v.object({ id, pid: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  'console/tail': v.object({ id, lines: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)) }),
  'history/events': eventsParams,
  'alert/list': nothing,
  'alert/acknowledge': byAlert,
  'alert/claim': byAlert,
  'alert/mute': v.object({ alert: v.string(), until: v.nullable(time) }),
  'alert/unmute': byAlert,
  'alert/away': nothing,
  'alert/test': v.object({ target: v.string() }),
  'webhook/list': nothing,
  'secret/set': v.object({ id, key: v.string('must be text'), value: secretText }),
  'incident/get': v.object({ id, at: v.number(), language: v.optional(v.picklist(['en', 'ko'])) }),
  'incident/list': byId,
  'settings/set': v.object({ settings: v.record(v.string(), v.unknown()) }),
  'baseline/get': byId,
  'baseline/relearn': v.object({ id, from: v.optional(time) }),
  'anomaly/feedback': v.object({ id, at: time, metric, verdict: v.picklist(['normal', 'real']) }),
  'metric/mute': v.object({ id, metric, until: v.nullable(time) }),
  'history/query': historyQuery,
  'history/export': v.object({ ...historyRange, path: v.string() }),
} as const satisfies Partial<Record<keyof Requests, v.GenericSchema>>;
