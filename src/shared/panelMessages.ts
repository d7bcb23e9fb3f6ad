import * as v from 'valibot';
import type { State } from './contract.js';
import type { metrics } from './metrics.js';
import { isServerId } from './serverId.js';

/**
 * What crosses the border between the extension host and a metrics panel. Both ends check every message with these
 * schemas: a view may be older than its host after an update, and whatever runs in a view is not trusted.
 */

/** How far a panel looks back: a quarter of an hour, live, to a week. */
export const rangeChoices = [15, 60, 360, 1440, 10_080] as const;
export type RangeMinutes = (typeof rangeChoices)[number];
export const liveRangeMinutes = 15;
export const liveRangeMs = liveRangeMinutes * 60_000;

/** What a panel looks at: its server, or the PC that all of them run on. */
export const panelSources = ['server', 'host'] as const;
export type PanelSource = (typeof panelSources)[number];

/** What a view remembers across hiding and reloads: what somebody chose to look at, never data. */
export const panelIntentSchema = v.object({
  serverId: v.pipe(v.string(), v.check(isServerId)),
  // Also for what an older version remembered: it knew 1, 5 and 15 minutes.
  rangeMinutes: v.fallback(v.picklist(rangeChoices), liveRangeMinutes),
  source: v.fallback(v.picklist(panelSources), 'server'),
  show: v.fallback(v.picklist(['charts', 'table']), 'charts'),
});
export type PanelIntent = v.InferOutput<typeof panelIntentSchema>;

export const panelActions = ['start', 'stop', 'openConsole'] as const;
export type PanelAction = (typeof panelActions)[number];

/** Every text of the panel; {0}, {1} … are filled in by the view. The host sends them in the user's language. */
export const panelTextKeys = [
  'start',
  'stop',
  'openConsole',
  'uptime',
  'reconnecting',
  'connecting',
  'notRunning',
  'noHistory',
  'nothingMeasured',
  'removed',
  'waiting',
  'loading',
  'historyUnsupported',
  'historyLate',
  'historyFailed',
  'tryAgain',
  'range',
  'source',
  'thisServer',
  'thisPc',
  'hostLoad',
  'hostLoadNote',
  'hostNetwork',
  'hostNetworkNote',
  'hostSwap',
  'hostPressureCpu',
  'hostPressureMemory',
  'hostPressureIo',
  'hostNetIn',
  'hostNetOut',
  'hostEmpty',
  'showTable',
  'showCharts',
  'cpu',
  'cpuOfPc',
  'cpuOfCore',
  'memory',
  'memoryWhole',
  'players',
  'tickRate',
  'frameTime',
  'apiTime',
  'lastSave',
  'saving',
  'now',
  'lowest',
  'highest',
  'time',
  'withHighest',
  'unknown',
  'chartSummary',
  'chartEmpty',
  'tableCaption',
  'percent',
  'kilobytes',
  'megabytes',
  'gigabytes',
  'terabytes',
  'milliseconds',
  'perSecond',
  'seconds',
  'minutes',
  'hours',
  'days',
  'wholeHours',
  'wholeDays',
] as const;
export type PanelTexts = Record<(typeof panelTextKeys)[number], string>;

const states = [
  'stopped',
  'starting',
  'running',
  'stopping',
  'crashed',
  'restarting',
  'failed',
] as const satisfies readonly State[];
const finite = v.pipe(v.number(), v.finite());
const measured = v.nullable(v.pipe(finite, v.minValue(0)));

/** What a panel draws, one chart each; also the history's own names for them. */
export const panelMetrics = [
  'cpu',
  'memory',
  'players',
  'tickRate',
  'frameTime',
  'apiTime',
] as const satisfies readonly (keyof typeof metrics.server)[];
export type PanelMetric = (typeof panelMetrics)[number];

/** What it draws of the PC, percent first; some systems do not tell all of it. */
export const hostMetrics = [
  'cpu',
  'memoryUsed',
  'swapUsed',
  'pressureCpu',
  'pressureMemory',
  'pressureIo',
  'netIn',
  'netOut',
] as const satisfies readonly (keyof typeof metrics.host)[];
export type HostMetric = (typeof hostMetrics)[number];

/** The same for each of a list. */
export function perKey<K extends string, T>(keys: readonly K[], make: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, T>;
}

/** The same for each of the server's. */
export function perMetric<T>(make: (metric: PanelMetric) => T): Record<PanelMetric, T> {
  return perKey(panelMetrics, make);
}

const sampleSchema = v.object({ at: finite, ...v.entriesFromList(panelMetrics, measured) });
/**
 * One point. cpu: percent of one core; memory: bytes; players: how many; tickRate: per second; frameTime, apiTime:
 * milliseconds; null: unknown, which is not 0.
 */
export type PanelSample = v.InferOutput<typeof sampleSchema>;

const column = v.instance(Float64Array);
const sameLength = 'columns differ in length';

const columnsSchema = v.pipe(
  v.object({ at: column, ...v.entriesFromList(panelMetrics, column) }),
  v.check((columns) => panelMetrics.every((metric) => columns[metric].length === columns.at.length), sameLength),
);
/** Many points, oldest first; NaN stands for unknown. */
export type PanelColumns = v.InferOutput<typeof columnsSchema>;

const bucketsSchema = v.object({ mean: column, min: column, max: column });
const bucketTimes = {
  range: v.picklist(rangeChoices),
  bucketMs: v.pipe(finite, v.minValue(1)),
  rowMs: v.pipe(finite, v.minValue(0)),
  at: column,
};
type Buckets = v.InferOutput<typeof bucketsSchema>;

function isEven({ at }: { at: Float64Array }, metrics: readonly Buckets[]): boolean {
  return metrics.every((buckets) => Object.values(buckets).every(({ length }) => length === at.length));
}

const serverHistorySchema = v.pipe(
  v.object({ source: v.literal('server'), ...bucketTimes, ...v.entriesFromList(panelMetrics, bucketsSchema) }),
  v.check((history) => isEven(history, Object.values(perMetric((metric) => history[metric]))), sameLength),
);
const hostHistorySchema = v.pipe(
  v.object({ source: v.literal('host'), ...bucketTimes, ...v.entriesFromList(hostMetrics, bucketsSchema) }),
  v.check((history) => isEven(history, Object.values(perKey(hostMetrics, (metric) => history[metric]))), sameLength),
);
/**
 * A range as the history has it, in buckets of one length. range: minutes; at: when each begins, without holes; rowMs: for
 * how long one of the rows stands that they were made of, 0 for single samples; NaN: nothing was measured in this bucket.
 */
export type PanelHistory = v.InferOutput<typeof serverHistorySchema>;
/** The same of the PC. cpu to pressure…: percent; netIn, netOut: bytes per second. */
export type HostHistory = v.InferOutput<typeof hostHistorySchema>;

/** unsupported: this monitoring keeps none; timeout: no answer in time; failed: it could not be read. */
export const historyFaults = ['unsupported', 'timeout', 'failed'] as const;
export type HistoryFault = (typeof historyFaults)[number];

const serverSchema = v.object({
  id: v.string(),
  name: v.string(),
  game: v.string(),
  state: v.picklist(states),
  stateText: v.string(),
  isAlive: v.boolean(),
  isUnwell: v.boolean(),
  hasRun: v.boolean(),
  since: finite,
  players: v.nullable(v.string()),
  lastSaveAt: v.nullable(finite),
  isSaving: v.boolean(),
  loads: v.object({
    cpu: v.exactOptional(v.string()),
    tickRate: v.exactOptional(v.string()),
    frameTime: v.exactOptional(v.string()),
  }),
  limit: v.nullable(v.string()),
  actions: v.array(v.picklist(panelActions)),
});
/**
 * A server as the panel shows it. isAlive: it has processes; isUnwell: it runs, but something does not answer, as
 * stateText says; hasRun: it runs, or is known to have run; players: how many are on and of how many, in words, null where
 * nobody knows; loads: averages and extremes of the last minutes, in words; limit: that one thread has a whole core to do;
 * actions: what can be done in this state.
 */
export type PanelServer = v.InferOutput<typeof serverSchema>;

const monitoringSchema = v.object({ cost: v.string(), budget: v.string(), isOver: v.boolean() });
/** What the monitoring itself costs, what it may cost, and whether it measures less often over that; in words. */
export type PanelMonitoring = v.InferOutput<typeof monitoringSchema>;

const statusSchema = v.object({
  connection: v.picklist(['connecting', 'connected', 'down']),
  server: v.nullable(serverSchema),
  monitoring: v.nullable(monitoringSchema),
  cpuScale: v.picklist(['pc', 'core']),
  cpuCount: v.pipe(v.number(), v.integer(), v.minValue(1)),
  now: finite,
});
/** Everything but the numbers. server is null when no such server is known, monitoring when nothing is told of it (yet). */
export type PanelStatus = v.InferOutput<typeof statusSchema>;

const questionEntries = { source: v.picklist(panelSources), range: v.picklist(rangeChoices) };

export const toPanelSchema = v.variant('type', [
  v.object({
    type: v.literal('snapshot'),
    serverId: v.string(),
    status: statusSchema,
    columns: columnsSchema,
    texts: v.object(v.entriesFromList(panelTextKeys, v.string())),
    locale: v.string(),
  }),
  v.object({ type: v.literal('changed'), status: statusSchema }),
  v.object({ type: v.literal('sample'), sample: sampleSchema }),
  v.object({ type: v.literal('history'), history: v.union([serverHistorySchema, hostHistorySchema]) }),
  v.object({ type: v.literal('historySlow'), ...questionEntries }),
  v.object({ type: v.literal('historyFailed'), ...questionEntries, fault: v.picklist(historyFaults) }),
]);
/**
 * snapshot: the whole state but the history, once per showing. changed: all but the numbers. sample: one more point.
 * history…: what became of the question for the source and the range that the view shows.
 */
export type ToPanel = v.InferOutput<typeof toPanelSchema>;

export const fromPanelSchema = v.variant('type', [
  v.object({ type: v.literal('ready'), intent: v.nullable(panelIntentSchema) }),
  v.object({ type: v.literal('action'), action: v.picklist(panelActions) }),
  v.object({ type: v.literal('range'), source: v.picklist(panelSources), rangeMinutes: v.picklist(rangeChoices) }),
  v.object({ type: v.literal('again') }),
]);
/** range: another one, or another source, is looked at. again: the history that failed is asked for once more. */
export type FromPanel = v.InferOutput<typeof fromPanelSchema>;

/** A step back further than this is a clock that was set, not a late sample. */
const clockSetBackMs = 60_000;

/**
 * The live points both ends hold: the host while a panel exists, the view while it is shown. Fed with the same samples both
 * end up with the same columns, so that only single samples need to cross.
 */
export class PanelSeries {
  readonly at: number[];
  readonly values: Readonly<Record<PanelMetric, number[]>>;

  constructor(columns?: PanelColumns) {
    this.at = Array.from(columns?.at ?? []);
    this.values = perMetric((metric) => Array.from(columns?.[metric] ?? []));
  }

  /** False if it is not newer than the last one. Points older than the live range fall out. */
  push(sample: PanelSample): boolean {
    const last = this.at.at(-1) ?? -Infinity;
    if (sample.at <= last) {
      if (sample.at > last - clockSetBackMs) return false;
      this.drop(this.at.length);
    }
    this.at.push(sample.at);
    for (const metric of panelMetrics) this.values[metric].push(sample[metric] ?? NaN);
    const oldest = this.at.findIndex((at) => at >= sample.at - liveRangeMs);
    if (oldest > 0) this.drop(oldest);
    return true;
  }

  /** Ends the line, so that nothing is drawn across a time without a measurement. Returns the point that did it. */
  break(): PanelSample | undefined {
    const last = this.at.at(-1);
    if (last === undefined || panelMetrics.every((metric) => Number.isNaN(this.values[metric].at(-1))))
      return undefined;
    const gap = { at: last + 1, ...perMetric(() => null) };
    this.push(gap);
    return gap;
  }

  columns(): PanelColumns {
    return { at: Float64Array.from(this.at), ...perMetric((metric) => Float64Array.from(this.values[metric])) };
  }

  private drop(count: number): void {
    for (const column of [this.at, ...Object.values(this.values)]) column.splice(0, count);
  }
}
