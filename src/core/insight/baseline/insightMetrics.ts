/** What is learned of a server: ids of src/shared/metrics.ts. The order is that of stored states: append only. */
export const insightMetrics = [
  ...(['cpu', 'memory', 'tickRate', 'frameTime', 'players', 'ioRead', 'ioWrite', 'apiTime'] as const),
] as const;
export type InsightMetric = (typeof insightMetrics)[number];

/**
 * How a metric is judged. side: where it is bad, if anywhere. least, leastShare: nearer to what is expected than this (in its own
 * unit; of what is expected) nobody would call unusual, however steady it has been. needMs: so long it has to be bad, within
 * 5/3 of that time; less where it is far off.
 */
export interface Habit {
  readonly side: 'high' | 'low' | 'none';
  readonly least: number;
  readonly leastShare: number;
  readonly needMs: number;
  /** So many days have to be known before anything is said. */
  readonly days: number;
  /**
   * Where set: it is also compared with what it has been just before, as a mean that forgets so fast, and only what has come
   * quickly is unusual; where blindOnly, just where nobody knows how many play.
   */
  readonly sudden?: { readonly ms: number; readonly blindOnly: boolean };
}

const minuteMs = 60_000;
const megabyte = 1024 ** 2;

export const habits: Readonly<Record<InsightMetric, Habit>> = {
  cpu: {
    ...{ side: 'high', least: 50, leastShare: 0.2, needMs: 4 * minuteMs, days: 0.5 },
    sudden: { ms: 30 * minuteMs, blindOnly: true },
  },
  // What grows slowly is load or a leak, and is looked at by hours.
  memory: {
    ...{ side: 'high', least: 64 * megabyte, leastShare: 0.06, needMs: 10 * minuteMs, days: 0.5 },
    sudden: { ms: 60 * minuteMs, blindOnly: false },
  },
  tickRate: { side: 'low', least: 0, leastShare: 0.1, needMs: 4 * minuteMs, days: 0.5 },
  frameTime: { side: 'high', least: 5, leastShare: 0.3, needMs: 4 * minuteMs, days: 0.5 },
  players: { side: 'none', least: 1, leastShare: 0, needMs: 0, days: 0.5 },
  // What is done at night has to be seen twice.
  ioRead: { side: 'high', least: 8 * megabyte, leastShare: 1, needMs: 12 * minuteMs, days: 2 },
  ioWrite: { side: 'high', least: 4 * megabyte, leastShare: 1, needMs: 12 * minuteMs, days: 2 },
  apiTime: { side: 'high', least: 100, leastShare: 1, needMs: 5 * minuteMs, days: 0.5 },
};

export const metricCount = insightMetrics.length;
/** Where a metric has its place in everything that is kept per metric. */
export const placeOf = Object.fromEntries(insightMetrics.map((metric, place) => [metric, place])) as Readonly<
  Record<InsightMetric, number>
>;
