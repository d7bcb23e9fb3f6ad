import { metricCount } from '../baseline/insightMetrics.js';

const perHour = 6;
/** So many times what the mean of an hour has hardly ever been. */
const beyond = 1.3;
const least = 1.5;
/** Two hours on end, after the hour that is looked at. */
const needCells = 12;
const overCells = 6;

/** Whether a metric is on another level for hours, where no minute stands out. 1 KB. */
export class LevelWatch {
  private readonly units = new Float64Array(metricCount * perHour).fill(NaN);
  private readonly places = new Uint8Array(metricCount);
  private readonly bad = new Uint8Array(metricCount);
  private readonly good = new Uint8Array(metricCount);
  private readonly open = new Uint8Array(metricCount);
  /** Of the last hour, in usual deviations beside what is expected. */
  mean = NaN;
  limit = NaN;

  /** The next point of ten minutes, in deviations. limit: what the mean of an hour has hardly ever been, as a distance. */
  seal(metric: number, units: number, limit: number): 'begin' | 'end' | null {
    const place = this.places[metric] ?? 0;
    this.units[metric * perHour + place] = units;
    this.places[metric] = (place + 1) % perHour;
    let sum = 0;
    for (let one = 0; one < perHour; one++) sum += this.units[metric * perHour + one] ?? NaN;
    this.mean = sum / perHour;
    this.limit = Math.max(least, beyond * limit);
    // A short while that was far off makes the mean of an hour, and is no level.
    const isBad = this.mean > this.limit && units > this.limit / 2;
    if (this.open[metric] === 1) {
      this.good[metric] = isBad ? 0 : (this.good[metric] ?? 0) + 1;
      if ((this.good[metric] ?? 0) < overCells) return null;
      this.reset(metric);
      return 'end';
    }
    this.bad[metric] = isBad ? (this.bad[metric] ?? 0) + 1 : 0;
    if ((this.bad[metric] ?? 0) < needCells) return null;
    this.open[metric] = 1;
    this.good[metric] = 0;
    return 'begin';
  }

  isOpen(metric: number): boolean {
    return this.open[metric] === 1;
  }

  /** It was told before, and lasts. */
  goOn(metric: number): void {
    this.open[metric] = 1;
  }

  reset(metric: number): void {
    this.open[metric] = 0;
    this.bad[metric] = 0;
    this.units.fill(NaN, metric * perHour, (metric + 1) * perHour);
  }

  resetAll(): void {
    for (let metric = 0; metric < metricCount; metric++) this.reset(metric);
  }
}
