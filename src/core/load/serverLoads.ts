import type { GameLoad, Sample, ServerLoad } from '../../shared/contract.js';
import type { ProcessReaderPort, ProcessRef } from '../ports.js';
import { LoadWindow, type LoadFigures } from './loadWindow.js';
import { LoopWatch } from './loopWatch.js';

/** Between two measurements there is never more, however rarely it is measured: the machine slept, or the clock was set. */
const longestStepMs = 150_000;
const minuteMs = 60_000;
/** With less than this of a core, no thread of it can be near the limit. Percent. */
const worthALook = 70;
const newsEveryMs = 30_000;

/** A server as far as its load goes. */
export interface Loaded {
  readonly id: string;
  /** nonce: another with every start. */
  readonly process: (ProcessRef & { readonly nonce: string }) | null;
  readonly sample: Pick<Sample, 'at' | 'cpu' | 'tickRate' | 'frameTime'> | null;
}

interface Followed {
  readonly nonce: string;
  readonly cpu: LoadWindow;
  /** Where the game tells. Of the rate its negative: there the low is the bad. */
  slowness: LoadWindow | null;
  frameTime: LoadWindow | null;
  readonly loop: LoopWatch;
  /** Of the last measurement, Unix milliseconds. */
  at: number;
  /** When its threads were last thought of. */
  threadsAt: number;
  /** As it is shown, until there is a newer measurement. */
  shown: ServerLoad | undefined;
}

/** How each running server was loaded over the last quarter of an hour. A new start begins anew. */
export class ServerLoads {
  private readonly followed = new Map<string, Followed>();
  private newsAt = -Infinity;

  constructor(private readonly processes: Pick<ProcessReaderPort, 'busiestThread'>) {}

  /**
   * To be called with every round of samples. The threads of at most one server are read in each, and of each server once a
   * minute, where its tree uses more than 70 % of a core.
   */
  review(servers: readonly Loaded[], now: number): void {
    let due: Followed | undefined;
    let dueProcess: ProcessRef | undefined;
    for (const { id, process, sample } of servers) {
      if (process === null || sample === null) continue;
      const followed = this.of(id, process.nonce, sample.at, now);
      take(followed, sample);
      // A clock that was set back must not make anybody wait for it.
      if (Math.abs(now - followed.threadsAt) < minuteMs || !isWorthALook(followed, now)) continue;
      if (due !== undefined && due.threadsAt <= followed.threadsAt) continue;
      due = followed;
      dueProcess = process;
    }
    if (due === undefined || dueProcess === undefined) return;
    due.threadsAt = now;
    due.loop.take(this.processes.busiestThread?.(dueProcess) ?? null);
  }

  /** Undefined where nothing of it has been measured. */
  view(id: string): ServerLoad | undefined {
    const followed = this.followed.get(id);
    if (followed === undefined) return undefined;
    followed.shown ??= shownOf(followed);
    return followed.shown;
  }

  /** Percent of a core that its busiest thread has used of late; null: not known. */
  busiestThread(id: string): number | null {
    return this.followed.get(id)?.loop.busiest ?? null;
  }

  /** For those who look on: every 30 s, all that is known; else undefined. at: as of the samples, Unix milliseconds. */
  news(at: number): Record<string, ServerLoad> | undefined {
    if (Math.abs(at - this.newsAt) < newsEveryMs) return undefined;
    this.newsAt = at;
    const loads: Record<string, ServerLoad> = {};
    for (const [id, followed] of this.followed) loads[id] = followed.shown ??= shownOf(followed);
    return loads;
  }

  /** It has ended, or is gone. */
  forget(id: string): void {
    this.followed.delete(id);
  }

  private of(id: string, nonce: string, at: number, now: number): Followed {
    const known = this.followed.get(id);
    if (known?.nonce === nonce) return known;
    const begun: Followed = {
      ...{ nonce, cpu: new LoadWindow(), slowness: null, frameTime: null, loop: new LoopWatch() },
      ...{ at, threadsAt: now, shown: undefined },
    };
    this.followed.set(id, begun);
    return begun;
  }
}

function take(followed: Followed, { at, cpu, tickRate, frameTime }: NonNullable<Loaded['sample']>): void {
  const step = at - followed.at;
  if (step === 0) return;
  followed.at = at;
  // Of a clock that was set back nobody knows for how long it was so: a time below 0 is not taken.
  const isKnown = step <= longestStepMs;
  const known = (value: number | null): number | null => (isKnown ? value : null);
  followed.cpu.add(known(cpu), step);
  if (tickRate !== null) followed.slowness ??= new LoadWindow();
  followed.slowness?.add(known(tickRate === null ? null : -tickRate), step);
  if (frameTime !== null) followed.frameTime ??= new LoadWindow();
  followed.frameTime?.add(known(frameTime), step);
  followed.shown = undefined;
}

/** False where no thread can be at its limit: then it is none. */
function isWorthALook(followed: Followed, now: number): boolean {
  const { cpu, loop } = followed;
  if ((cpu.mean(minuteMs) ?? 0) > worthALook) return true;
  loop.take(null);
  followed.threadsAt = now;
  return false;
}

function shownOf({ cpu, slowness, frameTime, loop }: Followed): ServerLoad {
  const { m1, m5, m15, p95, peak } = cpu.figures();
  const slow = slowness?.figures();
  const frames = frameTime?.figures();
  return {
    ...{ cpu1: rounded(m1), cpu5: rounded(m5), cpu15: rounded(m15), cpuP95: rounded(p95), cpuPeak: rounded(peak) },
    ...{ busiestThread: rounded(loop.busiest), isBoundToOneCore: loop.isBound },
    tickRate: slow === undefined ? null : gameLoad(slow, -1),
    frameTime: frames === undefined ? null : gameLoad(frames, 1),
  };
}

function gameLoad({ m1, m5, m15, p95, peak }: LoadFigures, sign: 1 | -1): GameLoad {
  const told = (value: number | null): number | null => (value === null ? null : rounded(sign * value));
  return { m1: told(m1), m5: told(m5), m15: told(m15), p95: told(p95), worst: told(peak) };
}

/** A hundredth is finer than anything is measured. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
