import {
  hostMetrics,
  perKey,
  type HostHistory,
  type HostMetric,
  type PanelTexts,
  type RangeMinutes,
} from '../../src/shared/panelMessages.js';
import type { ChartUnit } from '../shared/charts/scale.js';
import { extent, traceOf, type Line, type Span, type Trace } from '../shared/charts/series.js';
import type { ChartData } from '../shared/charts/timeChart.js';
import { hostCharts, hostLooks } from './looks.js';
import { spanOf } from './picture.js';

export interface HostChart {
  readonly heading: (typeof hostCharts)[number]['heading'];
  readonly unit: ChartUnit;
  readonly hasDotted: boolean;
  readonly data: ChartData;
  /** The newest value of each line; NaN where that is a mean over too long a time, or old. */
  readonly now: readonly number[];
}

/** The charts of the PC, in one window of time. told: what this system tells. isEmpty: nothing was recorded in it. */
export interface HostPicture {
  readonly traces: Readonly<Record<HostMetric, Trace>>;
  readonly told: readonly HostMetric[];
  readonly charts: readonly HostChart[];
  readonly span: Span;
  readonly isEmpty: boolean;
}

const noLive = { at: [], values: [] };
/** A mean over longer is not what it is now, and an older one neither. */
const nowBucketMs = 10_000;
const nowAgeMs = 60_000;

/** now: the latest time known, where no history tells one. */
export function hostPictureOf(
  { history, range, now }: { history: HostHistory | undefined; range: RangeMinutes; now: number },
  texts: PanelTexts,
): HostPicture {
  const traceFor = (metric: HostMetric) =>
    traceOf(history === undefined ? undefined : { ...history, ...history[metric] }, noLive);
  const traces = perKey(hostMetrics, traceFor);
  const to = history === undefined ? now : (history.at.at(-1) ?? 0) + history.bucketMs;
  const span = spanOf(Object.values(traces), range, to);
  const told = hostMetrics.filter((metric) => extent(traces[metric], span.from) !== undefined);
  const latest = ({ at, mean }: Trace): number => {
    const isNow = history !== undefined && history.bucketMs <= nowBucketMs && (at.at(-1) ?? 0) >= to - nowAgeMs;
    return isNow ? (mean.at(-1) ?? NaN) : NaN;
  };
  const charts = hostCharts.flatMap(({ unit, heading }): HostChart[] => {
    const drawn = told.filter((metric) => hostLooks[metric].unit === unit);
    if (drawn.length === 0) return [];
    const lines = drawn.map((metric): Line => {
      const { tone, isDotted, text } = hostLooks[metric];
      return { name: texts[text], tone, isDotted, trace: traces[metric] };
    });
    const hasDotted = lines.some(({ isDotted }) => isDotted);
    return [{ heading, unit, hasDotted, data: { lines, span }, now: drawn.map((metric) => latest(traces[metric])) }];
  });
  return { traces, told, charts, span, isEmpty: told.length === 0 };
}
