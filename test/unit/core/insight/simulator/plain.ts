import {
  habits,
  insightMetrics,
  metricCount,
  type InsightMetric,
} from '../../../../../src/core/insight/baseline/insightMetrics.js';
import type { InsightSample } from '../../../../../src/core/insight/findings/serverInsight.js';

const kept = 7 * 1440;
const fewest = 720;
const mergedMs = 10 * 60_000;

/** One run of values outside; those that are less than ten minutes apart are one. */
export interface PlainAlarm {
  readonly metric: InsightMetric;
  readonly begin: number;
  end: number;
}

/** What the mission asks for and everybody does: mean and three standard deviations of the last seven days, per metric. */
export class PlainThreeSigma {
  readonly alarms: PlainAlarm[] = [];
  private readonly values = new Float32Array(kept * metricCount);
  private readonly counts = new Int32Array(metricCount);
  private readonly sums = new Float64Array(metricCount);
  private readonly squares = new Float64Array(metricCount);
  private readonly open: (PlainAlarm | undefined)[] = [];

  minute(sample: InsightSample): void {
    for (let place = 0; place < metricCount; place++) {
      const metric = insightMetrics[place] ?? 'cpu';
      const value = sample[metric];
      if (value === null || habits[metric].side === 'none') continue;
      this.judge(place, metric, value, sample.at);
      this.learn(place, value);
    }
  }

  private judge(place: number, metric: InsightMetric, value: number, at: number): void {
    const count = Math.min(this.counts[place] ?? 0, kept);
    if (count < fewest) return;
    const mean = (this.sums[place] ?? 0) / count;
    const sd = Math.sqrt(Math.max(0, (this.squares[place] ?? 0) / count - mean * mean));
    const isOut = habits[metric].side === 'low' ? value < mean - 3 * sd : value > mean + 3 * sd;
    if (!isOut) return;
    const open = this.open[place];
    if (open !== undefined && at - open.end <= mergedMs) {
      open.end = at;
      return;
    }
    const alarm = { metric, begin: at, end: at };
    this.open[place] = alarm;
    this.alarms.push(alarm);
  }

  private learn(place: number, value: number): void {
    const count = this.counts[place] ?? 0;
    const slot = place * kept + (count % kept);
    if (count >= kept) {
      const old = this.values[slot] ?? 0;
      this.sums[place] = (this.sums[place] ?? 0) - old;
      this.squares[place] = (this.squares[place] ?? 0) - old * old;
    }
    this.values[slot] = value;
    const rounded = this.values[slot] ?? 0;
    this.sums[place] = (this.sums[place] ?? 0) + rounded;
    this.squares[place] = (this.squares[place] ?? 0) + rounded * rounded;
    this.counts[place] = count + 1;
  }
}
