import { performance } from 'node:perf_hooks';

/** CPU time since it began, milliseconds. startTime tells it from an earlier one with the same number. */
export interface ProcessTime {
  readonly pid: number;
  readonly startTime: string;
  readonly cpuMs: number;
}

export interface ThreadTime {
  readonly id: number;
  readonly startTime: string;
  readonly cpuMs: number;
}

/** Another process has to be heavier than the one that is followed by this much: of two alike one stays. */
const clearly = 1.2;

/** How much of a core the busiest thread of one process tree has had between two looks, minutes apart. */
export class BusiestThread {
  private processes: readonly ProcessTime[] = [];
  private followed: ProcessTime | undefined;
  private threads = new Map<number, ThreadTime>();
  private at = 0;

  /** threadsOf: all of a process; undefined where they are not told. */
  constructor(
    private readonly threadsOf: (process: ProcessTime) => readonly ThreadTime[] | undefined,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Percent of a core, 0..100; null at the first look, and where the heaviest process is another than before. */
  look(processes: readonly ProcessTime[]): number | null {
    const before = this.followed;
    const heaviest = this.heaviestOf(processes);
    const threads = heaviest === undefined ? undefined : this.threadsOf(heaviest);
    const now = this.clock();
    const elapsed = now - this.at;
    const known = before !== undefined && isSame(before, heaviest) ? this.threads : undefined;
    const grown = known === undefined || threads === undefined ? null : mostGrown(threads, known);
    this.at = now;
    this.processes = processes;
    this.followed = threads === undefined ? undefined : heaviest;
    this.threads = new Map(threads?.map((thread) => [thread.id, thread]));
    return grown === null || elapsed <= 0 ? null : Math.min(100, (100 * grown) / elapsed);
  }

  /** By what each has used since the last look; at first by all that it has ever used. */
  private heaviestOf(processes: readonly ProcessTime[]): ProcessTime | undefined {
    const grown = (one: ProcessTime): number =>
      one.cpuMs - (this.processes.find((before) => isSame(before, one))?.cpuMs ?? 0);
    let heaviest: ProcessTime | undefined;
    let most = -1;
    for (const one of processes) {
      const weight = grown(one) * (isSame(one, this.followed) ? clearly : 1);
      if (weight <= most) continue;
      heaviest = one;
      most = weight;
    }
    return heaviest;
  }
}

/** One that was not there has begun since. Null where no thread has a time: they are not counted here. */
function mostGrown(now: readonly ThreadTime[], before: ReadonlyMap<number, ThreadTime>): number | null {
  let most = 0;
  let isCounted = false;
  for (const { id, startTime, cpuMs } of now) {
    const earlier = before.get(id);
    most = Math.max(most, cpuMs - (earlier?.startTime === startTime ? earlier.cpuMs : 0));
    if (cpuMs > 0) isCounted = true;
  }
  return isCounted ? most : null;
}

function isSame(one: ProcessTime, other: ProcessTime | undefined): boolean {
  return one.pid === other?.pid && one.startTime === other.startTime;
}
