import { metricCount } from './insightMetrics.js';

export const hoursPerWeek = 168;
const hourMs = 3_600_000;
/** 1970 began on a Thursday; weeks are counted from Monday. */
const mondayMs = 72 * hourMs;
/** What the last two weeks have both been like is the rule; one week is none. */
const weeksKept = 2;

const size = hoursPerWeek * metricCount * weeksKept;
const none = new Float32Array(0);

export function hourOfWeek(at: number, zoneMinutes: number): number {
  return Math.floor((at + zoneMinutes * 60_000 + mondayMs) / hourMs) % hoursPerWeek;
}

/**
 * How each hour of the week has been beside what players explain, in usual deviations: its level, and how far its worst minutes
 * have reached. 23 KB.
 */
export class HourOfWeek {
  /** None until the first hour is over. */
  private levels = none;
  private reaches = none;
  private readonly weeks = new Uint8Array(hoursPerWeek * metricCount);
  private hour = -1;
  private readonly sums = new Float64Array(metricCount);
  private readonly furthest = new Float64Array(metricCount);
  private readonly counts = new Uint8Array(metricCount);

  /** One point of a metric. deviations, reach: of its middle and its worst minutes, from what its players explain. */
  add(metric: number, hour: number, deviations: number, reach: number): void {
    if (hour !== this.hour) this.close();
    this.hour = hour;
    this.sums[metric] = (this.sums[metric] ?? 0) + deviations;
    if (Math.abs(reach) > Math.abs(this.furthest[metric] ?? 0)) this.furthest[metric] = reach;
    this.counts[metric] = (this.counts[metric] ?? 0) + 1;
  }

  /** Level; NaN where too few weeks are known. */
  at(metric: number, hour: number): number {
    return this.nearer(this.levels, hour * metricCount + metric);
  }

  /** Reach of that hour, or of one beside it; NaN where too few weeks are known. */
  reachAt(metric: number, hour: number): number {
    let most = NaN;
    for (let near = hour + hoursPerWeek - 1; near <= hour + hoursPerWeek + 1; near++) {
      const reach = this.nearer(this.reaches, (near % hoursPerWeek) * metricCount + metric);
      if (!(Math.abs(reach) <= Math.abs(most))) most = Number.isNaN(reach) ? most : reach;
    }
    return most;
  }

  weeksKnown(metric: number): number {
    let most = 0;
    for (let hour = 0; hour < hoursPerWeek; hour++) most = Math.max(most, this.weeks[hour * metricCount + metric] ?? 0);
    return most;
  }

  clear(metric: number): void {
    for (let hour = 0; hour < hoursPerWeek; hour++) this.weeks[hour * metricCount + metric] = 0;
    this.counts[metric] = 0;
    this.sums[metric] = 0;
    this.furthest[metric] = 0;
  }

  bytes(): { levels: string; weeks: string } {
    this.makeRoom();
    const values = Buffer.concat([this.levels, this.reaches].map(({ buffer }) => Buffer.from(buffer)));
    return { levels: values.toString('base64'), weeks: Buffer.from(this.weeks).toString('base64') };
  }

  /** False, and nothing changed, where these are of something else. */
  restore({ levels, weeks }: { levels: string; weeks: string }): boolean {
    const values = Buffer.from(levels, 'base64');
    const weekBytes = Buffer.from(weeks, 'base64');
    const byteLength = size * Float32Array.BYTES_PER_ELEMENT;
    if (values.length !== 2 * byteLength || weekBytes.length !== this.weeks.length) return false;
    this.makeRoom();
    new Uint8Array(this.levels.buffer).set(values.subarray(0, byteLength));
    new Uint8Array(this.reaches.buffer).set(values.subarray(byteLength));
    this.weeks.set(weekBytes);
    return true;
  }

  /** Of two weeks: what both have been. */
  private nearer(values: Float32Array, place: number): number {
    if ((this.weeks[place] ?? 0) < weeksKept) return NaN;
    const one = values[place * weeksKept] ?? 0;
    const other = values[place * weeksKept + 1] ?? 0;
    if (one * other <= 0) return 0;
    return Math.abs(one) < Math.abs(other) ? one : other;
  }

  private makeRoom(): void {
    if (this.levels.length > 0) return;
    this.levels = new Float32Array(size);
    this.reaches = new Float32Array(size);
  }

  private close(): void {
    if (this.hour < 0) return;
    this.makeRoom();
    for (let metric = 0; metric < metricCount; metric++) {
      const count = this.counts[metric] ?? 0;
      if (count >= 3) {
        const place = this.hour * metricCount + metric;
        const weeks = this.weeks[place] ?? 0;
        const slot = place * weeksKept + (weeks % weeksKept);
        this.levels[slot] = (this.sums[metric] ?? 0) / count;
        this.reaches[slot] = this.furthest[metric] ?? 0;
        this.weeks[place] = weeks < 254 ? weeks + 1 : weeks - 1;
      }
      this.counts[metric] = 0;
      this.sums[metric] = 0;
      this.furthest[metric] = 0;
    }
  }
}
