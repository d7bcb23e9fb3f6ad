import type { MetricModel } from '../baseline/metricModel.js';
import { habits, metricCount, placeOf, type InsightMetric } from '../baseline/insightMetrics.js';

const blindly = 2;

/** Whether what is far off has come quickly (where nobody knows who plays: more so than it ever has), for metrics where slow growth says nothing yet or is looked at elsewhere. */
export class SuddenWatch {
  private readonly before = new Float64Array(metricCount).fill(NaN);

  /** An excess that is cut down where the value has not risen in the last while; isOpen: it has, and that is told already. */
  limited(
    metric: InsightMetric,
    { value, ms, players, model }: { value: number; ms: number; players: number; model: MetricModel | null },
    excess: number,
    isOpen: boolean,
  ): number {
    const { sudden, least, leastShare } = habits[metric];
    if (sudden === undefined) return excess;
    const place = placeOf[metric];
    const before = this.before[place] ?? NaN;
    const isBlind = Number.isNaN(players);
    if (!isOpen)
      this.before[place] = Number.isNaN(before) ? value : before + (value - before) * (1 - Math.exp(-ms / sudden.ms));
    if (!isBlind && (sudden.blindOnly || isOpen)) return excess;
    const rise = Number.isNaN(before) ? 0 : value - before;
    const { low = 0, high = 0 } = model?.jumps ?? {};
    const jump = before > (model?.all.median ?? 0) ? high : low;
    const jumped = rise / Math.max(least, leastShare * before, isBlind ? jump : 0);
    // Of the evening's busiest hour a limit says little; half of it does.
    return Math.min(jumped, isBlind && sudden.blindOnly ? blindly * excess : excess);
  }

  /** Another life. */
  reset(): void {
    this.before.fill(NaN);
  }
}
