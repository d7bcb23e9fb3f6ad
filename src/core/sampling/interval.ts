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

  get intervalMs(): number {
    const { baseIntervalMs, busyIntervalMs, saturatedIntervalMs, panelIntervalMs } = this.settings;
    const wished = {
      normal: baseIntervalMs,
      busy: busyIntervalMs,
      saturated: saturatedIntervalMs,
      panel: panelIntervalMs,
      hidden: saturatedIntervalMs,
    }[this.reason];
    return Math.max(this.leastMs, wished);
  }

  get reason(): IntervalReason {
    const { baseIntervalMs, panelIntervalMs, relaxWhenHidden } = this.settings;
    if (this.load === 'saturated') return 'saturated';
    if (relaxWhenHidden && !this.attention.isWatched) return 'hidden';
    const isQuick = this.attention.hasPanel && panelIntervalMs > 0 && panelIntervalMs < baseIntervalMs;
    return this.load === 'normal' && isQuick ? 'panel' : this.load;
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

  private loadAt(percent: number): Load {
    const { busyPercent, saturatedPercent } = this.settings;
    const limit = (threshold: number, isThere: boolean): number =>
      isThere ? threshold - hysteresisPercent : threshold;
    if (percent >= limit(saturatedPercent, this.load === 'saturated')) return 'saturated';
    return percent >= limit(busyPercent, this.load !== 'normal') ? 'busy' : 'normal';
  }
}
