/** What the monitoring may cost: cpuPercent of one core in the mean over ten minutes, and memory with the launcher. */
export interface BudgetLimits {
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

const megabyte = 1024 * 1024;

/**
 * What is allowed where nothing else is set. Two processes of Node 24 have about 40 MB more than two of Node 20 before they
 * do anything (152 against 113 MB in all, with one server), and VS Code's own runtime is no smaller: their size is not ours.
 */
export function budgetOn(versions: Readonly<{ node: string; electron?: string }>): BudgetLimits {
  const isSmall = versions.electron === undefined && Number.parseInt(versions.node, 10) <= 20;
  return { cpuPercent: 1, memoryBytes: (isSmall ? 140 : 190) * megabyte };
}

export const defaultBudget: BudgetLimits = budgetOn(process.versions);

/** cpuPercent: the mean over the last ten minutes; what was not lived yet counts as idle. */
export interface BudgetReading {
  readonly cpuPercent: number;
  readonly memoryBytes: number;
}

export interface BudgetChange extends BudgetReading {
  readonly state: 'ok' | 'over';
  /** Between two measurements from now on. */
  readonly intervalMs: number;
}

/** What is slowed down, as the sampling's interval: never shorter than the floor. Milliseconds. */
export interface Slowed {
  readonly intervalMs: number;
  /** What it would be without a floor. */
  readonly unflooredMs: number;
  floor(ms: number | null, why: string): void;
}

export interface BudgetParts {
  limits(this: void): BudgetLimits;
  readonly slowed: Slowed;
  /** CPU time of this process since it began, milliseconds. */
  cpuMs(this: void): number;
  /** Resident bytes of this process and of the launcher. Called once a minute. */
  memoryBytes(this: void): number;
  /** It is over its budget, has been slowed down further over it, or is back in it. */
  changed(this: void, change: BudgetChange): void;
  /** Monotonic milliseconds. */
  now?(this: void): number;
}

const budgetWindowMs = 600_000;
const lookEveryMs = 60_000;
/** It is never slowed down further than this: numbers have to stay of use. */
const longestMs = 10_000;
/** Back only when it would cost clearly less than it may. */
const backShare = 0.9;

interface Mark {
  readonly at: number;
  readonly cpuMs: number;
}

/**
 * Watches what the monitoring costs, and makes it measure half as often when that is too much; half of that again, at most
 * every 10 s, when ten minutes later it still is. It goes back when, by the same measure, it would stay within its budget.
 */
export class Budget {
  private readonly now: () => number;
  private readonly marks: Mark[] = [];
  private lookedAt = -Infinity;
  private held: BudgetLimits;
  /** While it is over: since when it has been as slow as now. */
  private slow: { readonly since: number; readonly floorMs: number } | undefined;
  private memory = 0;
  private memoryBefore = 0;

  constructor(private readonly parts: BudgetParts) {
    this.now = parts.now ?? performance.now.bind(performance);
    this.held = parts.limits();
    // Counted from its beginning: what it took to start is a part of what it costs.
    this.marks.push({ at: this.now(), cpuMs: 0 });
  }

  get state(): 'ok' | 'over' {
    return this.slow === undefined ? 'ok' : 'over';
  }

  /** As of the last look. memoryBytes: the lower of the last two: what is needed for a moment is no matter. */
  get reading(): BudgetReading {
    return { cpuPercent: this.cpuPercent(), memoryBytes: Math.min(this.memory, this.memoryBefore) };
  }

  /** Call with every round: it looks once a minute, and at once where the limits are others. */
  note(): void {
    const now = this.now();
    const limits = this.parts.limits();
    const isOther = limits.cpuPercent !== this.held.cpuPercent || limits.memoryBytes !== this.held.memoryBytes;
    if (!isOther && now - this.lookedAt < lookEveryMs) return;
    this.held = limits;
    this.lookedAt = now;
    this.look(now, isOther);
  }

  private look(now: number, isOther: boolean): void {
    this.marks.push({ at: now, cpuMs: this.parts.cpuMs() });
    while (this.marks.length > 2 && (this.marks[1]?.at ?? now) <= now - budgetWindowMs) this.marks.shift();
    const before = this.memory;
    this.memory = this.parts.memoryBytes();
    // Whoever has set other limits wants to see what comes of it.
    this.memoryBefore = isOther ? this.memory : before;
    const { cpuPercent, memoryBytes } = this.reading;
    const isOver = cpuPercent > this.held.cpuPercent || memoryBytes > this.held.memoryBytes;
    if (this.slow === undefined) {
      if (isOver) this.slowDown(now);
    } else if (isOther || now - this.slow.since >= budgetWindowMs) {
      // Before, the mean tells of the time when it was not as slow as now.
      if (isOver) this.slowDown(now);
      else if (this.wouldStay(this.slow.floorMs)) this.goBack();
    }
  }

  private slowDown(now: number): void {
    const { slowed, changed } = this.parts;
    const floorMs = Math.max(this.slow?.floorMs ?? 0, Math.min(longestMs, 2 * slowed.intervalMs));
    if (floorMs === this.slow?.floorMs) return;
    this.slow = { since: now, floorMs };
    slowed.floor(floorMs, 'budget');
    changed({ ...this.reading, state: 'over', intervalMs: slowed.intervalMs });
  }

  private goBack(): void {
    const { slowed, changed } = this.parts;
    this.slow = undefined;
    slowed.floor(null, 'budget');
    changed({ ...this.reading, state: 'ok', intervalMs: slowed.intervalMs });
  }

  /** Taking all of its cost for measuring's: measured so much oftener, it would cost so much more. */
  private wouldStay(floorMs: number): boolean {
    const oftener = Math.max(1, floorMs / this.parts.slowed.unflooredMs);
    const { cpuPercent, memoryBytes } = this.held;
    return this.cpuPercent() * oftener < backShare * cpuPercent && this.memory < backShare * memoryBytes;
  }

  private cpuPercent(): number {
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    if (first === undefined || last === undefined) return 0;
    return (100 * (last.cpuMs - first.cpuMs)) / Math.max(budgetWindowMs, last.at - first.at);
  }
}
