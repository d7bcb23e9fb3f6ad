/** When to look how often. Milliseconds and percent of the whole machine. */
export interface IntervalSettings {
  readonly baseIntervalMs: number;
  readonly busyIntervalMs: number;
  readonly saturatedIntervalMs: number;
  readonly busyPercent: number;
  readonly saturatedPercent: number;
  /** While somebody looks at charts and the host has time for it; 0: as ever. */
  readonly panelIntervalMs: number;
  /** While nobody looks, as seldom as on a host that is at its limit. */
  readonly relaxWhenHidden: boolean;
}

export const defaultIntervals: IntervalSettings = {
  baseIntervalMs: 3000,
  busyIntervalMs: 5000,
  saturatedIntervalMs: 10_000,
  busyPercent: 70,
  saturatedPercent: 90,
  panelIntervalMs: 0,
  relaxWhenHidden: false,
};

export type Load = 'normal' | 'busy' | 'saturated';
/** Why the interval is what it is; `panel` makes it shorter, what is neither that nor `normal` longer. */
export type IntervalReason = Load | 'panel' | 'hidden';

/** Who looks, over all windows. */
export interface Attention {
  readonly isWatched: boolean;
  /** Charts are in sight. */
  readonly hasPanel: boolean;
}

/** An easing load must fall this far below a threshold before the interval shortens again: no flapping around it. */
const hysteresisPercent = 5;
/** Weight of the newest reading: about three readings tell. */
const newest = 0.4;
/** What made the interval longer has the say for so long, however soon it eases: a load that comes and goes is one load. */
const dwellMs = 30_000;
const rank: Record<Load, number> = { normal: 0, busy: 1, saturated: 2 };

/** Follows the host's load and says how long to wait for the next look. Pure but for what it remembers. */
export class IntervalPolicy {
  private smoothed: number | null = null;
  private load: Load = 'normal';
  private roseAt = -Infinity;
  private attention: Attention = { isWatched: false, hasPanel: false };
  private asked: { readonly ms: number; readonly why: string } | null = null;

  /** leastMs: what measuring allows; no load and no setting makes the interval shorter. */
  constructor(
    private settings: IntervalSettings = defaultIntervals,
    private readonly leastMs = 0,
  ) {}

  configure(settings: IntervalSettings): void {
    this.settings = settings;
  }

  attend(attention: Attention): void {
    this.attention = attention;
  }

  /** cpuPercent: 0..100 of the whole machine since the last look; null when not known yet. now: monotonic milliseconds. */
  observe(cpuPercent: number | null, now: number): void {
    if (cpuPercent === null) return;
    this.smoothed = this.smoothed === null ? cpuPercent : this.smoothed + newest * (cpuPercent - this.smoothed);
    const load = this.loadAt(this.smoothed);
    if (rank[load] > rank[this.load]) this.roseAt = now;
    else if (load !== this.load && now - this.roseAt < dwellMs) return;
    this.load = load;
  }

  /** Not shorter than this, whatever the load and who looks; why: one word, told as the reason while it decides. null: no longer. */
  floor(ms: number | null, why: string): void {
    this.asked = ms === null ? null : { ms, why };
  }

  get intervalMs(): number {
    return Math.max(this.asked?.ms ?? 0, this.unflooredMs);
  }

  /** What it would be if nobody asked for a floor. */
  get unflooredMs(): number {
    const { baseIntervalMs, busyIntervalMs, saturatedIntervalMs, panelIntervalMs } = this.settings;
    const wished = {
      normal: baseIntervalMs,
      busy: busyIntervalMs,
      saturated: saturatedIntervalMs,
      panel: panelIntervalMs,
      hidden: saturatedIntervalMs,
    }[this.wish];
    return Math.max(this.leastMs, wished);
  }

  /** An IntervalReason, or the word of who asked for a floor: what decides, and nothing else. */
  get reason(): string {
    return this.asked !== null && this.asked.ms > this.unflooredMs ? this.asked.why : this.wish;
  }

  /** Less is to be done than usual, by whatever reason. */
  get isStretched(): boolean {
    const { reason } = this;
    return reason !== 'normal' && reason !== 'panel';
  }

  /** What the load is told by, in whole percent; null when not known yet. */
  get cpuPercent(): number | null {
    return this.smoothed === null ? null : Math.round(this.smoothed);
  }

  private get wish(): IntervalReason {
    const { baseIntervalMs, panelIntervalMs, relaxWhenHidden } = this.settings;
    if (this.load === 'saturated') return 'saturated';
    if (relaxWhenHidden && !this.attention.isWatched) return 'hidden';
    const isQuick = this.attention.hasPanel && panelIntervalMs > 0 && panelIntervalMs < baseIntervalMs;
    return this.load === 'normal' && isQuick ? 'panel' : this.load;
  }

  private loadAt(percent: number): Load {
    const { busyPercent, saturatedPercent } = this.settings;
    const limit = (threshold: number, isThere: boolean): number =>
      isThere ? threshold - hysteresisPercent : threshold;
    if (percent >= limit(saturatedPercent, this.load === 'saturated')) return 'saturated';
    return percent >= limit(busyPercent, this.load !== 'normal') ? 'busy' : 'normal';
  }
}
