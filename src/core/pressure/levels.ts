/** How short of memory the PC is. */
export type MemoryLevel = 'none' | 'high' | 'critical';

/** Percent of the PC's memory in use, from which on each begins. */
export interface MemoryLimits {
  readonly highPercent: number;
  readonly criticalPercent: number;
}

export interface MemoryReading {
  /** Percent; NaN where it is not known. */
  readonly usedPercent: number;
  /** Percent of the last ten seconds in which something waited for memory; null where nobody tells. */
  readonly stalls: number | null;
}

/** So far below a limit it has to be until it counts as over, and for so long. */
const marginPercent = 5;
const dwellMs = 60_000;
/** What waits so long for memory is short of it, whatever is still free: one level earlier. */
const stallsPercent = 10;
const stallsOverPercent = 5;

const ranks: readonly MemoryLevel[] = ['none', 'high', 'critical'];
const rankOf = (level: MemoryLevel): number => ranks.indexOf(level);

/** Rises at once, since memory that runs out does not wait; falls only when it is clearly over, so that nothing flaps. */
export class MemoryLevels {
  private current: MemoryLevel = 'none';
  private judgedBy: MemoryLimits | undefined;
  private isStalled = false;
  /** Since when it has been lower than it is said to be; NaN while it is not. */
  private lowerSince = NaN;

  constructor(private readonly limits: () => MemoryLimits) {}

  get level(): MemoryLevel {
    return this.current;
  }

  /** The level was reached by what waits for memory, and not by what is in use. */
  get isByStalls(): boolean {
    return this.isStalled;
  }

  /** now: milliseconds of a clock that nobody sets. Returns the level. A reading without a number changes nothing. */
  observe({ usedPercent, stalls }: MemoryReading, now: number): MemoryLevel {
    if (!Number.isFinite(usedPercent)) return this.current;
    this.beginAnewWhereLimitsChanged();
    const wanted = this.levelOf(usedPercent, stalls ?? 0);
    if (rankOf(wanted) > rankOf(this.current)) {
      this.current = wanted;
      this.isStalled = this.byUse(usedPercent, 0) !== wanted;
      this.lowerSince = NaN;
      return wanted;
    }
    const rest = this.restOf(usedPercent, stalls ?? 0);
    if (rankOf(rest) >= rankOf(this.current)) {
      this.lowerSince = NaN;
      return this.current;
    }
    if (Number.isNaN(this.lowerSince)) this.lowerSince = now;
    if (now - this.lowerSince < dwellMs) return this.current;
    this.current = rest;
    this.isStalled = this.byUse(usedPercent, marginPercent) !== rest;
    this.lowerSince = NaN;
    return rest;
  }

  /** Whoever sets other limits wants to be judged by them, and not to wait for what was by the old ones. */
  private beginAnewWhereLimitsChanged(): void {
    const { highPercent, criticalPercent } = this.limits();
    const before = this.judgedBy;
    if (before?.highPercent === highPercent && before.criticalPercent === criticalPercent) return;
    this.judgedBy = { highPercent, criticalPercent };
    this.current = 'none';
    this.lowerSince = NaN;
  }

  private levelOf(usedPercent: number, stalls: number): MemoryLevel {
    return raised(this.byUse(usedPercent, 0), stalls >= stallsPercent);
  }

  /** What it may fall to. */
  private restOf(usedPercent: number, stalls: number): MemoryLevel {
    return raised(this.byUse(usedPercent, marginPercent), stalls >= stallsOverPercent && this.isStalled);
  }

  private byUse(usedPercent: number, margin: number): MemoryLevel {
    const { highPercent, criticalPercent } = this.limits();
    if (usedPercent >= criticalPercent - margin) return 'critical';
    return usedPercent >= Math.min(highPercent, criticalPercent) - margin ? 'high' : 'none';
  }
}

function raised(level: MemoryLevel, isHigher: boolean): MemoryLevel {
  return isHigher ? (ranks[rankOf(level) + 1] ?? level) : level;
}
