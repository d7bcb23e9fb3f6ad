import { metricCount } from '../baseline/insightMetrics.js';

const stepMs = 30_000;
const minuteMs = 60_000;
/** From less than this part of its time nothing is said. */
const leastShare = 0.4;

class Sums {
  readonly sums = new Float64Array(metricCount);
  readonly times = new Float64Array(metricCount);
  index = -1;

  clear(index: number): void {
    this.sums.fill(0);
    this.times.fill(0);
    this.index = index;
  }
}

/** Measurements, however often they come, as means of a minute: every half minute to be judged, every minute to be learned. */
export class StepMeter {
  /** Of the minute that ends with the last step; NaN: not known. */
  readonly means = new Float64Array(metricCount);
  /** The same of the last whole minute, and when it ended, Unix milliseconds. */
  readonly minute = new Float64Array(metricCount);
  minuteAt = 0;
  /** When the last step ended, and its length. */
  at = 0;
  ms = 0;
  hasMinute = false;
  private now = new Sums();
  private before = new Sums();
  private readonly whole = new Sums();
  private lastAt = 0;
  private sumMs = 0;

  /**
   * One measurement, the mean over `ms` before `at`. skip: which of them are not to be counted. True when a step has been finished
   * before it; `hasMinute` when a minute has, too.
   */
  add(at: number, ms: number, values: Float64Array, skip: Uint8Array | null): boolean {
    const step = Math.floor((at - 1) / stepMs);
    const minute = Math.floor((at - 1) / minuteMs);
    const isNext = step !== this.now.index;
    const hasStep = isNext && this.now.index >= 0;
    if (hasStep) this.finish();
    this.hasMinute = minute !== this.whole.index && this.whole.index >= 0;
    if (this.hasMinute) this.finishMinute();
    if (isNext) {
      const spare = this.before;
      this.before = this.now;
      this.now = spare;
      this.now.clear(step);
      this.sumMs = 0;
    }
    if (minute !== this.whole.index) this.whole.clear(minute);
    const { sums, times } = this.now;
    for (let metric = 0; metric < metricCount; metric++) {
      const value = values[metric] ?? NaN;
      if (Number.isNaN(value) || (skip !== null && skip[metric] === 1)) continue;
      sums[metric] = (sums[metric] ?? 0) + value * ms;
      times[metric] = (times[metric] ?? 0) + ms;
      this.whole.sums[metric] = (this.whole.sums[metric] ?? 0) + value * ms;
      this.whole.times[metric] = (this.whole.times[metric] ?? 0) + ms;
    }
    this.lastAt = at;
    this.sumMs += ms;
    return hasStep;
  }

  /** What was before does not count: nobody looked, or the server is not up. */
  clear(): void {
    this.now.clear(-1);
    this.before.clear(-1);
    this.whole.clear(-1);
    this.sumMs = 0;
  }

  private finish(): void {
    const { now, before } = this;
    const isNeighbour = before.index === now.index - 1;
    for (let metric = 0; metric < metricCount; metric++) {
      let sum = now.sums[metric] ?? 0;
      let time = now.times[metric] ?? 0;
      const isEnough = time >= leastShare * this.sumMs && time > 0;
      if (isNeighbour) {
        sum += before.sums[metric] ?? 0;
        time += before.times[metric] ?? 0;
      }
      this.means[metric] = isEnough ? sum / time : NaN;
    }
    this.at = this.lastAt;
    this.ms = this.sumMs;
  }

  private finishMinute(): void {
    const { sums, times } = this.whole;
    for (let metric = 0; metric < metricCount; metric++) {
      const time = times[metric] ?? 0;
      this.minute[metric] = time > 0 ? (sums[metric] ?? 0) / time : NaN;
    }
    this.minuteAt = this.lastAt;
  }
}
