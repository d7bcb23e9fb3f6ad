import type { InsightMetric } from '../baseline/insightMetrics.js';

/** What somebody has called normal: so far from what is expected, at about that time of the day or, twice said, at any. */
export interface Allowance {
  readonly metric: InsightMetric;
  readonly hour: number;
  readonly distance: number;
  readonly until: number;
}

const monthMs = 30 * 86_400_000;
const nearHours = 1.5;
const more = 1.15;
const most = 50;
/** Not seen for so long, it is over. */
const overMs = 30 * 60_000;

/** Times are Unix milliseconds, hours are of the local day with their fractions, distances in the metric's own unit. */
export class Allowances {
  private list: readonly Allowance[] = [];
  private readonly lasting = new Map<InsightMetric, { distance: number; at: number }>();

  add(metric: InsightMetric, hour: number, distance: number, at: number): void {
    const one = { metric, hour, distance: distance * more, until: at + monthMs };
    this.list = [one, ...this.list.filter(({ until }) => until > at)].slice(0, most);
  }

  /** It lasts, and as long as it does it is normal. */
  addLasting(metric: InsightMetric, distance: number, at: number): void {
    this.lasting.set(metric, { distance: distance * more, at });
  }

  /** So far off is normal; 0: nothing was said. distance: how far it is. */
  of(metric: InsightMetric, hour: number, at: number, distance: number): number {
    if (this.list.length === 0) return 0;
    let near = this.lastingOf(metric, at, distance);
    const others: number[] = [];
    for (const one of this.list) {
      if (one.metric !== metric || one.until < at) continue;
      const apart = Math.abs(one.hour - hour);
      if (Math.min(apart, 24 - apart) <= nearHours) near = Math.max(near, one.distance);
      others.push(one.distance);
    }
    // What was normal at two times of the day may come at a third.
    const [, second = 0] = others.sort((a, b) => b - a);
    const hours = new Set(this.list.filter((one) => one.metric === metric).map((one) => Math.round(one.hour / 3)));
    return Math.max(near, hours.size > 1 ? second : 0);
  }

  forget(): void {
    this.list = [];
    this.lasting.clear();
  }

  private lastingOf(metric: InsightMetric, at: number, distance: number): number {
    const one = this.lasting.get(metric);
    if (one === undefined || at - one.at > overMs) return 0;
    if (distance <= one.distance) one.at = at;
    return one.distance;
  }

  state(): readonly Allowance[] {
    return this.list;
  }

  restore(list: readonly Allowance[]): void {
    this.list = [...list].slice(0, most);
  }
}
