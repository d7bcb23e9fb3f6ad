/** When to look how often. Milliseconds and percent of the whole machine. */
export interface IntervalSettings {
  readonly baseIntervalMs: number;
  readonly busyIntervalMs: number;
  readonly saturatedIntervalMs: number;
  readonly busyPercent: number;
  readonly saturatedPercent: number;
}

export const defaultIntervals: IntervalSettings = {
  baseIntervalMs: 3000,
  busyIntervalMs: 5000,
  saturatedIntervalMs: 10_000,
  busyPercent: 70,
  saturatedPercent: 90,
};

export type Load = 'normal' | 'busy' | 'saturated';

/** An easing load must fall this far below a threshold before the interval shortens again: no flapping around it. */
const hysteresisPercent = 5;
/** Weight of the newest reading: about three readings tell. */
const newest = 0.4;

/** Follows the host's load and says how long to wait for the next look. Pure but for what it remembers. */
export class IntervalPolicy {
  private smoothed: number | null = null;
  private load: Load = 'normal';
  private asked: { readonly ms: number; readonly why: string } | null = null;

  /** leastMs: what measuring allows; no load and no setting makes the interval shorter. */
  constructor(
    private settings: IntervalSettings = defaultIntervals,
    private readonly leastMs = 0,
  ) {}

  configure(settings: IntervalSettings): void {
    this.settings = settings;
  }

  /** cpuPercent: 0..100 of the whole machine since the last look; null when not known yet. */
  observe(cpuPercent: number | null): void {
    if (cpuPercent === null) return;
    this.smoothed = this.smoothed === null ? cpuPercent : this.smoothed + newest * (cpuPercent - this.smoothed);
    const { busyPercent, saturatedPercent } = this.settings;
    const limit = (threshold: number, isThere: boolean): number =>
      isThere ? threshold - hysteresisPercent : threshold;
    if (this.smoothed >= limit(saturatedPercent, this.load === 'saturated')) this.load = 'saturated';
    else if (this.smoothed >= limit(busyPercent, this.load !== 'normal')) this.load = 'busy';
    else this.load = 'normal';
  }

  /** Not shorter than this, whatever the load; why: one word, told as the reason while it decides. null: no longer. */
  floor(ms: number | null, why: string): void {
    this.asked = ms === null ? null : { ms, why };
  }

  get intervalMs(): number {
    return Math.max(this.asked?.ms ?? 0, this.unflooredMs);
  }

  /** What it would be if nobody asked for a floor. */
  get unflooredMs(): number {
    const { baseIntervalMs, busyIntervalMs, saturatedIntervalMs } = this.settings;
    const wished = { normal: baseIntervalMs, busy: busyIntervalMs, saturated: saturatedIntervalMs }[this.load];
    return Math.max(this.leastMs, wished);
  }

  get reason(): string {
    return this.asked !== null && this.asked.ms > this.unflooredMs ? this.asked.why : this.load;
  }
}
