import type { Requests } from '../../src/shared/contract.js';
import type { HostMetric, PanelMetric } from '../../src/shared/panelMessages.js';

export type HistoryParams = Requests['history/query']['params'];
type Answer = Requests['history/query']['result'];

/** The value of a bucket that begins then: one number, or mean, lowest and highest. */
type Course = (at: number) => number | readonly [mean: number, min: number, max: number] | null;

/** The core's answer for these courses; what has none was never measured. */
export function historyOf(
  { metrics, from, to, buckets }: HistoryParams,
  courses: Partial<Record<PanelMetric | HostMetric, Course>> = {},
  tier: Answer['tier'] = 'raw',
): Answer {
  const at = Array.from({ length: buckets }, (_, i) => from + (i * (to - from)) / buckets);
  const columnsOf = (course: Course) => {
    const values = at.map((time) => course(time));
    const pick = (i: 0 | 1 | 2) =>
      values.map((value) => (value !== null && typeof value === 'object' ? value[i] : value));
    return { mean: pick(0), min: pick(1), max: pick(2) };
  };
  const courseOf = (metric: string): Course => courses[metric as keyof typeof courses] ?? (() => null);
  return { tier, at, metrics: Object.fromEntries(metrics.map((metric) => [metric, columnsOf(courseOf(metric))])) };
}
