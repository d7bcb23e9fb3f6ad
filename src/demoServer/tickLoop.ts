import { performance } from 'node:perf_hooks';

export const tickMs = 50;
const behindMs = 2_000;
const warnEveryMs = 15_000;
const windowMs = 60_000;

export interface Due {
  readonly index: number;
  readonly late: number;
  readonly warning: { readonly ms: number; readonly ticks: number } | null;
}

/** When ticks are due: tick n at start + n * 50 ms, whatever the timers do. Knows no clock of its own. */
export class TickSchedule {
  private next = 0;
  private warnedAt = -Infinity;
  private skipped = { ms: 0, ticks: 0 };

  constructor(private readonly start: number) {}

  get dueAt(): number {
    return this.start + this.next * tickMs;
  }

  /** The tick to run now, or null when it is too early. Ticks that are hopelessly late are left out. */
  take(now: number): Due | null {
    const late = now - this.dueAt;
    if (late < 0) return null;
    let warning: Due['warning'] = null;
    if (late > behindMs) {
      const ticks = Math.floor(late / tickMs);
      this.next += ticks;
      this.skipped = { ms: this.skipped.ms + late, ticks: this.skipped.ticks + ticks };
      if (now - this.warnedAt >= warnEveryMs) {
        warning = { ms: Math.round(this.skipped.ms), ticks: this.skipped.ticks };
        this.skipped = { ms: 0, ticks: 0 };
        this.warnedAt = now;
      }
    }
    return { index: this.next++, late, warning };
  }
}

/** The last minute of ticks: how long they took and how late they began. */
export class TickStats {
  private ticks: { at: number; took: number; late: number }[] = [];
  /** Where the minute begins in `ticks`; moved on instead of shifting the array at each tick. */
  private from = 0;

  constructor(private readonly start: number) {}

  add(at: number, took: number, late: number): void {
    this.ticks.push({ at, took, late });
    this.forget(at);
  }

  summary(now: number): { tps: number; tick: Spread; late: Spread } {
    this.forget(now);
    const ticks = this.ticks.slice(this.from);
    const span = Math.min(windowMs, Math.max(tickMs, now - this.start));
    return {
      tps: Math.min(1000 / tickMs, (ticks.length * 1000) / span),
      tick: spread(ticks.map((t) => t.took)),
      late: spread(ticks.map((t) => t.late)),
    };
  }

  private forget(now: number): void {
    let first = this.ticks[this.from];
    while (first !== undefined && first.at <= now - windowMs) first = this.ticks[++this.from];
    if (this.from > 1_200) {
      this.ticks = this.ticks.slice(this.from);
      this.from = 0;
    }
  }
}

export interface Spread {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  if (values.length === 0) return { mean: 0, p99: 0, max: 0 };
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { mean: values.reduce((sum, v) => sum + v, 0) / values.length, p99: at(0.99), max: at(1) };
}

export interface TickLoop {
  readonly stats: TickStats;
  stop(): void;
}

/** Runs one tick per turn of the event loop, so that commands and signals get through while it catches up. */
export function startTicks(tick: (index: number) => void, behind: (warning: { ms: number; ticks: number }) => void) {
  const start = performance.now();
  const schedule = new TickSchedule(start);
  const stats = new TickStats(start);
  let stopped = false;

  const turn = (): void => {
    if (stopped) return;
    const begin = performance.now();
    const due = schedule.take(begin);
    if (due !== null) {
      if (due.warning !== null) behind(due.warning);
      tick(due.index);
      const end = performance.now();
      stats.add(end, end - begin, due.late);
    }
    arm();
  };
  const arm = (): void => {
    const wait = schedule.dueAt - performance.now();
    // A timer of 0 ms takes 1 ms.
    if (wait <= 0) setImmediate(turn);
    else setTimeout(turn, Math.ceil(wait));
  };
  arm();
  return { stats, stop: () => void (stopped = true) } satisfies TickLoop;
}
