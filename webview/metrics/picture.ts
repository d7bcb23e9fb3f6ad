import {
  liveRangeMinutes,
  liveRangeMs,
  panelMetrics,
  perKey,
  perMetric,
  type PanelHistory,
  type PanelMetric,
  type PanelSeries,
  type RangeMinutes,
} from '../../src/shared/panelMessages.js';
import { extent, firstFrom, timeWindow, traceOf, type Span, type Trace } from '../shared/charts/series.js';

/** All charts of the panel, in one window of time. isEmpty: nothing was measured in it. */
export interface PanelPicture {
  readonly traces: Readonly<Record<PanelMetric, Trace>>;
  readonly span: Span;
  readonly isEmpty: boolean;
}

/** cpuDivisor: how many CPUs 100 % are. now: the latest time known, where nothing else tells one. */
export interface PictureParts {
  readonly series: PanelSeries;
  readonly history: PanelHistory | undefined;
  readonly range: RangeMinutes;
  readonly cpuDivisor: number;
  readonly now: number;
}

/**
 * A quarter of an hour is the history and then the live samples; the longer ranges are the history alone, and the live
 * samples where there is none.
 */
export function pictureOf({ series, history, range, cpuDivisor, now }: PictureParts): PanelPicture {
  const isLive = range === liveRangeMinutes || history === undefined;
  const trace = (metric: PanelMetric): Trace => {
    const divisor = metric === 'cpu' ? cpuDivisor : 1;
    const scaled = (values: ArrayLike<number>) => Array.from(values, (value) => value / divisor);
    const live = isLive ? { at: series.at, values: scaled(series.values[metric]) } : { at: [], values: [] };
    if (history === undefined) return traceOf(undefined, live);
    const { mean, min, max } = history[metric];
    return traceOf({ ...history, mean: scaled(mean), min: scaled(min), max: scaled(max) }, live);
  };
  const traces = perMetric(trace);
  const askedTo = history === undefined ? -Infinity : (history.at.at(-1) ?? 0) + history.bucketMs;
  const newest = series.at.at(-1) ?? -Infinity;
  const to = Math.max(askedTo, isLive ? newest : -Infinity);
  const span = spanOf(Object.values(traces), range, Number.isFinite(to) ? to : now);
  const isEmpty = panelMetrics.every((metric) => extent(traces[metric], span.from) === undefined);
  return { traces, span, isEmpty };
}

/** The window that all of them are drawn in. */
export function spanOf(traces: readonly Trace[], range: RangeMinutes, to: number): Span {
  if (range !== liveRangeMinutes) return { from: to - range * 60_000, to };
  const starts = traces.map(({ at }) => at[firstFrom(at, to - liveRangeMs)] ?? to);
  return timeWindow(Math.min(...starts), to, liveRangeMs);
}

/** One row of the table: a round piece of time. Means and highest values; null: nothing was measured. */
export interface PictureRow {
  readonly at: number;
  readonly values: Readonly<Record<string, { mean: number; highest: number } | null>>;
}

const minuteMs = 60_000;
/** So long that no range has more than a hundred rows. */
const rowMs: Record<RangeMinutes, number> = {
  15: minuteMs / 6,
  60: minuteMs,
  360: 5 * minuteMs,
  1440: 15 * minuteMs,
  10_080: 120 * minuteMs,
};

/** The numbers of a picture in rows, newest first; times without a number have none. */
export function rowsOf(
  { traces, span }: { traces: Readonly<Record<string, Trace>>; span: Span },
  range: RangeMinutes,
): PictureRow[] {
  const rows = new Map<number, Record<string, Sum>>();
  const metrics = Object.keys(traces);
  for (const [metric, { at, mean, max }] of Object.entries(traces)) {
    for (let i = firstFrom(at, span.from); i < at.length; i++) {
      const value = mean[i] ?? null;
      if (value === null) continue;
      const start = roundDown(at[i] ?? 0, rowMs[range]);
      const row = rows.get(start) ?? {};
      rows.set(start, row);
      const sum = (row[metric] ??= nothing());
      sum.sum += value;
      sum.count++;
      sum.highest = Math.max(sum.highest, max[i] ?? value);
    }
  }
  return [...rows]
    .sort(([a], [b]) => b - a)
    .map(([at, sums]) => ({ at, values: perKey(metrics, (metric) => figures(sums[metric])) }));
}

interface Sum {
  sum: number;
  count: number;
  highest: number;
}

function nothing(): Sum {
  return { sum: 0, count: 0, highest: -Infinity };
}

function figures(sum: Sum | undefined): { mean: number; highest: number } | null {
  return sum === undefined ? null : { mean: sum.sum / sum.count, highest: sum.highest };
}

/** By the clock of this place, whose days begin elsewhere than those of UTC. */
function roundDown(at: number, stepMs: number): number {
  const offset = new Date(at).getTimezoneOffset() * minuteMs;
  return Math.floor((at - offset) / stepMs) * stepMs + offset;
}
