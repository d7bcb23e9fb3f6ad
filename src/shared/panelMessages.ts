import * as v from 'valibot';
import type { State } from './contract.js';
import { isServerId } from './serverId.js';

/**
 * What crosses the border between the extension host and a metrics panel. Both ends check every message with these
 * schemas: a view may be older than its host after an update, and whatever runs in a view is not trusted.
 */

/** How far a live panel can look back. */
export const rangeChoices = [1, 5, 15] as const;
export type RangeMinutes = (typeof rangeChoices)[number];
export const longestRangeMs = 15 * 60_000;

/** What a view remembers across hiding and reloads: what somebody chose to look at, never data. */
export const panelIntentSchema = v.object({
  serverId: v.pipe(v.string(), v.check(isServerId)),
  rangeMinutes: v.fallback(v.picklist(rangeChoices), 15),
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
  'removed',
  'waiting',
  'range',
  'showTable',
  'showCharts',
  'cpu',
  'cpuOfPc',
  'cpuOfCore',
  'memory',
  'memoryWhole',
  'now',
  'lowest',
  'highest',
  'time',
  'unknown',
  'chartSummary',
  'chartEmpty',
  'tableCaption',
  'percent',
  'kilobytes',
  'megabytes',
  'gigabytes',
  'terabytes',
  'seconds',
  'minutes',
  'hours',
  'days',
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

const sampleSchema = v.object({ at: finite, cpu: measured, memory: measured });
/** One point. cpu: percent of one core; memory: bytes; null: unknown, which is not 0. */
export type PanelSample = v.InferOutput<typeof sampleSchema>;

const columnsSchema = v.pipe(
  v.object({ at: v.instance(Float64Array), cpu: v.instance(Float64Array), memory: v.instance(Float64Array) }),
  v.check(({ at, cpu, memory }) => at.length === cpu.length && at.length === memory.length, 'columns differ in length'),
);
/** Many points, oldest first; NaN stands for unknown. */
export type PanelColumns = v.InferOutput<typeof columnsSchema>;

const serverSchema = v.object({
  id: v.string(),
  name: v.string(),
  game: v.string(),
  state: v.picklist(states),
  stateText: v.string(),
  isAlive: v.boolean(),
  isUnwell: v.boolean(),
  since: finite,
  actions: v.array(v.picklist(panelActions)),
});
/**
 * A server as the panel shows it. isAlive: it has processes; isUnwell: it runs, but something does not answer, as
 * stateText says; actions: what can be done in this state.
 */
export type PanelServer = v.InferOutput<typeof serverSchema>;

const statusSchema = v.object({
  connection: v.picklist(['connecting', 'connected', 'down']),
  server: v.nullable(serverSchema),
  cpuScale: v.picklist(['pc', 'core']),
  cpuCount: v.pipe(v.number(), v.integer(), v.minValue(1)),
  now: finite,
});
/** Everything but the numbers. server is null when no such server is known. */
export type PanelStatus = v.InferOutput<typeof statusSchema>;

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
]);
/** snapshot: the whole state, once per showing. changed: all but the numbers. sample: one more point. */
export type ToPanel = v.InferOutput<typeof toPanelSchema>;

export const fromPanelSchema = v.variant('type', [
  v.object({ type: v.literal('ready'), intent: v.nullable(panelIntentSchema) }),
  v.object({ type: v.literal('action'), action: v.picklist(panelActions) }),
]);
export type FromPanel = v.InferOutput<typeof fromPanelSchema>;

/** A step back further than this is a clock that was set, not a late sample. */
const clockSetBackMs = 60_000;

/**
 * The points both ends hold: the host while a panel exists, the view while it is shown. Fed with the same samples both
 * end up with the same columns, so that only single samples need to cross.
 */
export class PanelSeries {
  readonly at: number[];
  readonly cpu: number[];
  readonly memory: number[];

  constructor(columns?: PanelColumns) {
    this.at = Array.from(columns?.at ?? []);
    this.cpu = Array.from(columns?.cpu ?? []);
    this.memory = Array.from(columns?.memory ?? []);
  }

  /** False if it is not newer than the last one. Points older than the longest range fall out. */
  push(sample: PanelSample): boolean {
    const last = this.at.at(-1) ?? -Infinity;
    if (sample.at <= last) {
      if (sample.at > last - clockSetBackMs) return false;
      this.drop(this.at.length);
    }
    this.at.push(sample.at);
    this.cpu.push(sample.cpu ?? NaN);
    this.memory.push(sample.memory ?? NaN);
    const oldest = this.at.findIndex((at) => at >= sample.at - longestRangeMs);
    if (oldest > 0) this.drop(oldest);
    return true;
  }

  /** Ends the line, so that nothing is drawn across a time without a measurement. Returns the point that did it. */
  break(): PanelSample | undefined {
    const last = this.at.at(-1);
    if (last === undefined || (Number.isNaN(this.cpu.at(-1)) && Number.isNaN(this.memory.at(-1)))) return undefined;
    const gap = { at: last + 1, cpu: null, memory: null };
    this.push(gap);
    return gap;
  }

  columns(): PanelColumns {
    return {
      at: Float64Array.from(this.at),
      cpu: Float64Array.from(this.cpu),
      memory: Float64Array.from(this.memory),
    };
  }

  private drop(count: number): void {
    this.at.splice(0, count);
    this.cpu.splice(0, count);
    this.memory.splice(0, count);
  }
}
