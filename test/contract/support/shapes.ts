import * as v from 'valibot';
import type {
  Alert,
  AlertRule,
  AwayCounts,
  CoreStatus,
  Definition,
  DefinitionProblem,
  ErrorCode,
  ExitCause,
  GameInfo,
  Health,
  Measuring,
  Notifications,
  Requests,
  Sample,
  ServerView,
  State,
  StopStep,
  WebhookStatus,
} from '../../../src/shared/contract.js';

/*
 * The contract once more, for run time, and as strict as can be: every field is there, of its type, and no other. The
 * types tie each schema to the contract's, so that a change there does not compile here.
 */

type Shape<T> = v.GenericSchema<unknown, T>;

/** All members of a union: one that is added must be added here. */
const oneOf = <T extends string>(members: Record<T, true>): v.PicklistSchema<T[], undefined> =>
  v.picklist(Object.keys(members) as T[]);

const text = v.pipe(v.string(), v.minLength(1));
const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const size = v.pipe(finite, v.minValue(0));
const percent = v.pipe(finite, v.minValue(0), v.maxValue(100));
/** Unix milliseconds of this century: seconds or process time would not pass. */
const time = v.pipe(finite, v.minValue(1_500_000_000_000), v.maxValue(4_000_000_000_000));
const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/));
const unknownFields = v.record(v.string(), v.unknown());

const state = oneOf<State>({
  ...{ stopped: true, starting: true, running: true, stopping: true },
  ...{ crashed: true, restarting: true, failed: true },
});
const health = oneOf<Health>({ unknown: true, ok: true, degraded: true, hung: true });
const cause = oneOf<ExitCause>({
  ...{ asked: true, 'stopped-from-inside': true, crash: true, oom: true, 'killed-outside': true },
  ...{ 'start-failed': true, 'host-restart': true, unknown: true },
});
export const errorCode = oneOf<ErrorCode>({
  ...{ unauthorized: true, 'protocol-mismatch': true, 'unknown-server': true, 'invalid-definition': true },
  ...{ 'duplicate-id': true, 'already-running': true, 'not-running': true, busy: true, 'command-not-found': true },
  ...{ 'not-executable': true, 'start-failed': true, 'stop-timeout': true, cancelled: true, unsupported: true },
  ...{ 'no-channel': true, 'auth-rejected': true, unreachable: true, 'bad-reply': true, 'secret-missing': true },
  ...{ timeout: true, io: true },
});

const sample = v.strictObject({
  at: time,
  cpu: v.nullable(size),
  memory: v.nullable(size),
  ioRead: v.nullable(size),
  ioWrite: v.nullable(size),
  threads: v.nullable(count),
  players: v.nullable(count),
  tickRate: v.nullable(size),
  frameTime: v.nullable(size),
  apiTime: v.nullable(size),
}) satisfies Shape<Sample>;

const perPlayer = v.nullable(
  v.strictObject({
    quotient: v.nullable(finite),
    marginal: v.nullable(v.strictObject({ value: finite, low: finite, high: finite, hours: size })),
  }),
);

const percentOfCore = v.nullable(size);
const gameLoad = v.nullable(
  v.strictObject({
    ...{ m1: v.nullable(finite), m5: v.nullable(finite), m15: v.nullable(finite) },
    ...{ p95: v.nullable(finite), worst: v.nullable(finite) },
  }),
);
const load = v.strictObject({
  ...{ cpu1: percentOfCore, cpu5: percentOfCore, cpu15: percentOfCore },
  ...{ cpuP95: percentOfCore, cpuPeak: percentOfCore, busiestThread: percentOfCore },
  ...{ isBoundToOneCore: v.boolean(), tickRate: gameLoad, frameTime: gameLoad },
});

const view = v.strictObject({
  id,
  name: text,
  game: text,
  state,
  since: time,
  pid: v.nullable(v.pipe(count, v.minValue(1))),
  health: v.strictObject({ is: health, reason: v.nullable(text) }),
  exit: v.nullable(v.strictObject({ code: v.nullable(count), signal: v.nullable(text), cause, at: time })),
  restarts: v.strictObject({ used: count, max: count, nextAt: v.nullable(time) }),
  players: v.strictObject({
    online: v.nullable(count),
    max: v.nullable(count),
    source: v.nullable(text),
    at: v.nullable(time),
  }),
  sample: v.nullable(sample),
  save: v.strictObject({
    lastAt: v.nullable(time),
    nextAt: v.nullable(time),
    running: v.boolean(),
    tookMs: v.nullable(size),
    intervalMs: v.nullable(size),
    isLearned: v.boolean(),
    bytes: v.nullable(count),
  }),
  api: v.strictObject({
    is: v.picklist(['none', 'locked', 'waiting', 'ok', 'silent', 'refused']),
    via: v.nullable(text),
    since: time,
  }),
  perPlayer: v.strictObject({ cpu: perPlayer, memory: perPlayer }),
  load: v.exactOptional(load),
  disk: v.exactOptional(v.strictObject({ freeBytes: count, totalBytes: count })),
  gameLabel: text,
  encoding: v.exactOptional(text),
  priority: v.exactOptional(v.literal('refused')),
  maintenance: v.exactOptional(v.strictObject({ until: v.nullable(time) })),
  anomalies: v.exactOptional(count),
  learned: v.exactOptional(v.strictObject({ days: v.pipe(v.number(), v.minValue(0)), of: count })),
  alerts: count,
  secretsMissing: v.array(text),
  capabilities: v.array(text),
}) satisfies Shape<ServerView>;

const baseline = v.looseObject({
  version: v.literal(1),
  at: time,
  method: v.picklist(['robust', 'three-sigma']),
  isCatchingUp: v.boolean(),
  muted: v.record(v.string(), v.nullable(time)),
  metrics: v.record(
    v.string(),
    v.looseObject({
      confidence: v.looseObject({ days: v.number(), of: count, level: v.picklist(['none', 'learning', 'good']) }),
      relearnedFrom: v.nullable(time),
      now: v.nullable(v.looseObject({ low: v.number(), mid: v.number(), high: v.number() })),
    }),
  ),
  findings: v.array(v.looseObject({ key: text, kind: text, metric: text, begin: time, end: v.nullable(time) })),
  confidence: v.looseObject({ days: v.number(), of: count }),
  saves: v.looseObject({ periodMs: v.nullable(count), nextAt: v.nullable(time) }),
});

const stopStep = v.pipe(
  v.strictObject({
    step: text,
    startedAt: time,
    endedAt: finite,
    outcome: v.picklist(['done', 'skipped', 'failed', 'timeout']),
    detail: v.nullable(v.string()),
  }),
) satisfies Shape<StopStep>;
/** A step that is over has ended after its beginning; one that is under way has no end yet. */
const overStep = v.pipe(
  stopStep,
  v.check((step) => step.endedAt >= step.startedAt, 'ends before it begins'),
);
const stopped = v.strictObject({ view, steps: v.array(overStep) });

const sampling = v.strictObject({
  intervalMs: v.pipe(count, v.minValue(1000)),
  reason: text,
  cpuPercent: v.exactOptional(v.nullable(percent)),
});
const status = v.strictObject({
  pid: count,
  version: text,
  uptimeMs: size,
  self: v.strictObject({
    cpuPercent: size,
    rssBytes: size,
    writeBytesPerHour: size,
    netBytesPerHour: size,
    nice: v.pipe(v.number(), v.integer()),
    ioClass: text,
    oomScoreAdj: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(-1000), v.maxValue(1000))),
    budget: v.picklist(['ok', 'over']),
    budgetLimits: v.strictObject({ cpuPercent: size, memoryBytes: size }),
  }),
  launcher: v.nullable(v.strictObject({ pid: count, rssBytes: size, nice: v.pipe(v.number(), v.integer()) })),
  sampling,
  canRaise: v.exactOptional(v.boolean()),
  host: v.strictObject({ cpuPercent: percent, memUsedPercent: percent }),
  pressure: v.picklist(['none', 'high', 'critical']),
  store: v.strictObject({
    rows: count,
    bytes: count,
    journalBytes: count,
    lastFlushAt: v.nullable(time),
    dropped: count,
  }),
}) satisfies Shape<CoreStatus>;

const game = v.strictObject({
  id: text,
  label: text,
  icon: text,
  proof: v.picklist(['real', 'protocol', 'basic']),
  isLessKnown: v.boolean(),
  isOwn: v.boolean(),
  ports: v.record(v.string(), count),
}) satisfies Shape<GameInfo>;

const problem = v.strictObject({
  file: v.exactOptional(v.picklist(['servers.json', 'games.json'])),
  line: v.pipe(count, v.minValue(1)),
  column: v.pipe(count, v.minValue(1)),
  id: v.nullable(v.string()),
  message: text,
}) satisfies Shape<DefinitionProblem>;

/** What is proposed for a server that was found: nothing but what can be known of it. */
const proposed = v.strictObject({
  id,
  name: text,
  game: text,
  launch: v.strictObject({
    command: text,
    args: v.exactOptional(v.array(v.string())),
    cwd: v.exactOptional(text),
    env: v.exactOptional(v.record(v.string(), v.nullable(v.string()))),
  }),
  connection: v.exactOptional(
    v.strictObject({
      host: v.exactOptional(text),
      restPort: v.exactOptional(count),
      rconPort: v.exactOptional(count),
      queryPort: v.exactOptional(count),
      telnetPort: v.exactOptional(count),
      econPort: v.exactOptional(count),
      adminPort: v.exactOptional(count),
    }),
  ),
}) satisfies Shape<Definition>;

const alert = v.pipe(
  v.strictObject({
    id: text,
    rule: oneOf<AlertRule>({
      ...{ crash: true, restarted: true, 'gave-up': true, 'stop-timeout': true, hung: true, 'api-degraded': true },
      ...{ 'save-overdue': true, 'save-failed': true, 'tick-rate-low': true, anomaly: true, leak: true },
      ...{ 'disk-nearly-full': true, 'host-cpu-saturated': true, 'low-memory': true, 'over-budget': true },
      ...{ 'history-stopped': true, 'history-damaged': true, 'webhook-paused': true },
    }),
    server: id,
    serverName: text,
    severity: v.picklist(['warning', 'error']),
    firstAt: time,
    lastAt: time,
    count: v.pipe(count, v.minValue(1)),
    state: v.picklist(['active', 'acknowledged', 'muted', 'resolved']),
    activeSince: v.exactOptional(time),
    mutedUntil: v.exactOptional(v.nullable(time)),
    escalation: v.exactOptional(v.strictObject({ step: v.pipe(count, v.minValue(1)), at: time })),
    data: unknownFields,
  }),
  v.check(({ firstAt, lastAt }) => lastAt >= firstAt, 'was last before it was first'),
) satisfies Shape<Alert>;

const away = v.strictObject({
  from: time,
  to: time,
  counts: v.strictObject({
    ...{ crashes: count, restarts: count, gaveUp: count, failedStarts: count, notResponding: count },
    ...{ stopTimeouts: count, lateSaves: count, failedSaves: count, lowMemory: count, servers: v.array(id) },
  }) satisfies Shape<AwayCounts>,
});

const webhook = v.strictObject({
  name: text,
  kind: v.picklist(['discord', 'generic']),
  enabled: v.boolean(),
  hasAddress: v.boolean(),
  ...{ waiting: count, dropped: count, uncertain: count },
  isPaused: v.boolean(),
  nextAt: v.nullable(time),
  detail: v.nullable(text),
}) satisfies Shape<WebhookStatus>;

const measuring = v.strictObject({
  leastIntervalMs: count,
  shortfall: v.nullable(text),
  overBudget: v.exactOptional(v.strictObject({ cpuPercent: size, memoryBytes: count, intervalMs: count })),
}) satisfies Shape<Measuring>;

const nothing = v.null();
const column = v.array(v.nullable(finite));

export const resultShapes: { [M in keyof Requests]: Shape<Requests[M]['result']> } = {
  'core/hello': v.strictObject({
    protocol: v.literal(1),
    version: text,
    pid: count,
    startedAt: time,
    platform: text,
    secretsMissing: v.array(v.strictObject({ id, key: text })),
    measuring: v.exactOptional(measuring),
  }),
  'core/status': status,
  'core/retire': nothing,
  'core/profile': v.strictObject({ path: text }),
  'client/subscribe': nothing,
  'server/list': v.array(view),
  'server/get': proposed,
  'server/openFiles': v.strictObject({ files: v.nullable(v.number()), handles: v.nullable(v.number()) }),
  'server/add': view,
  'server/update': view,
  'server/remove': nothing,
  'server/start': view,
  'server/stop': stopped,
  'server/cancelStop': view,
  'server/restart': stopped,
  'server/kill': view,
  'server/send': v.strictObject({
    via: v.picklist(['rcon', 'telnet', 'econ', 'admin', 'stdin']),
    reply: v.nullable(v.string()),
  }),
  'server/save': v.strictObject({ confirmed: v.boolean(), tookMs: size }),
  'server/announce': nothing,
  'server/players': v.array(v.strictObject({ name: text, id: v.nullable(text), since: v.nullable(time) })),
  'server/action': v.unknown(),
  'server/test': v.array(v.strictObject({ channel: text, ok: v.boolean(), code: v.nullable(errorCode), tookMs: size })),
  'server/detect': v.array(v.strictObject({ definition: proposed, pid: v.nullable(count), missing: v.array(text) })),
  'server/playerStats': v.strictObject({
    days: v.array(v.strictObject({ from: time, peak: count, at: time })),
    players: v.array(
      v.strictObject({ name: text, sessions: count, playedMs: size, lastAt: time, online: v.boolean() }),
    ),
  }),
  'server/setup': v.nullable(
    v.strictObject({
      file: text,
      isThere: v.boolean(),
      template: v.nullable(text),
      format: v.picklist(['palworld', 'server-properties', 'ark']),
      enable: v.array(v.picklist(['rest', 'rcon', 'password'])),
    }),
  ),
  'game/list': v.array(game),
  'server/problems': v.array(problem),
  'server/attach': view,
  'server/maintenance': view,
  'history/query': v.strictObject({
    tier: v.picklist(['raw', '1m', '15m', '1h']),
    at: v.array(time),
    metrics: v.record(v.string(), v.strictObject({ mean: column, min: column, max: column })),
  }),
  'history/events': v.array(v.strictObject({ at: time, id: text, kind: text, data: unknownFields })),
  'history/export': v.strictObject({ rows: count }),
  'incident/get': v.strictObject({ markdown: text }),
  'incident/list': v.array(v.strictObject({ at: time, cause, code: v.nullable(count), signal: v.nullable(text) })),
  'baseline/get': baseline,
  'baseline/relearn': nothing,
  'anomaly/feedback': nothing,
  'metric/mute': nothing,
  'alert/list': v.array(alert),
  'alert/acknowledge': nothing,
  'alert/claim': v.strictObject({ yours: v.boolean() }),
  'alert/mute': nothing,
  'alert/unmute': nothing,
  'alert/away': v.nullable(away),
  'webhook/list': v.array(webhook),
  'alert/test': v.strictObject({ status: v.nullable(count), detail: v.string() }),
  'console/tail': v.array(v.string()),
  'secret/set': nothing,
  'settings/set': unknownFields,
};

export const notificationShapes: { [N in keyof Notifications]: Shape<Notifications[N]> } = {
  'server/changed': view,
  'server/sample': v.strictObject({
    at: time,
    samples: v.record(id, sample),
    loads: v.exactOptional(v.record(id, load)),
  }),
  'console/lines': v.strictObject({ id, lines: v.array(v.pipe(v.string(), v.regex(/^[^\n]*$/))), skipped: count }),
  'server/removed': v.strictObject({ id }),
  'server/problems': v.strictObject({ problems: v.array(problem) }),
  'game/changed': v.strictObject({ games: v.array(game) }),
  'core/measuring': measuring,
  'stop/progress': v.strictObject({ id, steps: v.array(stopStep), endsAt: v.nullable(time) }),
  'alert/raised': alert,
  'event/added': v.strictObject({ at: time, id: text, kind: text, data: unknownFields }),
  'core/changed': v.strictObject({ sampling }),
  'core/log': v.strictObject({
    level: v.picklist(['error', 'warn', 'info', 'debug']),
    tag: text,
    text,
    data: v.exactOptional(unknownFields),
  }),
};

/** What is wrong with a value, a line each; empty when it has the shape. */
export function faultsOf(shape: v.GenericSchema, value: unknown): string[] {
  const parsed = v.safeParse(shape, value);
  if (parsed.success) return [];
  return parsed.issues.map(
    (issue) => `${(issue.path ?? []).map(({ key }) => String(key)).join('.')}: ${issue.message}`,
  );
}
