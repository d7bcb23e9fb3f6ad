import { performance } from 'node:perf_hooks';
import type { KillKind, OomPort, ProcessRef } from '../../ports.js';
import { closeKept, openKept, readKept } from './procFile.js';

/** Reads a whole small file; undefined where it is not there or may not be read. */
type ReadText = (file: string) => string | undefined;

const everyMs = 60_000;
/** A process is hardly ever moved to another group, and where it is says one file for each of them: once in so many looks. */
const looksPerGroup = 5;

/**
 * The kernel's counters of processes that it ended for want of memory: of the whole machine, and of the control group that
 * a process is in. They are compared with their values of one to two minutes ago: an older kill explains nothing.
 */
export class LinuxOom implements OomPort {
  private readonly machine: KillCount;
  private readonly groups = new Map<string, GroupCount>();
  private lookedAt: number;
  /** What the counters' files say, for the time of one look. */
  private known: Map<string, string | undefined> | undefined;

  constructor(
    private readonly readFresh: ReadText = readText,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.machine = new KillCount(() => numberOf(this.read('/proc/vmstat')));
    this.lookedAt = this.now();
  }

  watch(process: ProcessRef): void {
    // What was counted while nothing was watched is of no concern.
    if (this.groups.size === 0) this.machine.begin();
    this.groups.set(keyOf(process), new GroupCount(process.pid, this.read));
  }

  look(): void {
    if (this.groups.size === 0) return;
    for (const group of this.groups.values()) group.settle();
    if (this.now() - this.lookedAt < everyMs) return;
    this.lookedAt = this.now();
    this.machine.look();
    // Mostly all of them are in the same group.
    this.known = new Map();
    for (const group of this.groups.values()) group.look();
    this.known = undefined;
  }

  private readonly read: ReadText = (file) => {
    if (this.known === undefined || file.startsWith('/proc/')) return this.readFresh(file);
    if (!this.known.has(file)) this.known.set(file, this.readFresh(file));
    return this.known.get(file);
  };

  ended(process: ProcessRef, how: KillKind): boolean {
    const group = this.groups.get(keyOf(process));
    this.groups.delete(keyOf(process));
    if (how === 'otherwise') return false;
    const inGroup = group?.grew() ?? null;
    // A kill in its own group is one of the machine's as well, and must not explain another end.
    if (inGroup === true) this.machine.claim();
    // The group knows better than the machine, but not where the game itself was in another one, as in a container.
    if (how === 'killed' && inGroup !== null && group?.isSettled === true) return inGroup;
    return inGroup === true || this.machine.claim();
  }
}

function keyOf({ pid, startTime }: ProcessRef): string {
  return `${pid} ${startTime ?? ''}`;
}

/** One counter with its values at the last two looks; null where it cannot be read. */
class KillCount {
  private before: number | null;
  private last: number | null;

  constructor(private readonly count: () => number | null) {
    this.last = this.before = count();
  }

  begin(): void {
    this.last = this.before = this.count();
  }

  look(): void {
    this.before = this.last;
    this.last = this.count();
  }

  /** Null where that cannot be told, as of a group that is gone. */
  grew(): boolean | null {
    const now = this.count();
    return now === null || this.before === null ? null : now > this.before;
  }

  /** As `grew`, but each kill explains one end only. */
  claim(): boolean {
    if (this.grew() !== true || this.before === null) return false;
    this.before++;
    if (this.last !== null && this.last < this.before) this.last = this.before;
    return true;
  }
}

/** The counter of the control group that a process is in; it may be moved to another one after its start. */
class GroupCount {
  private files: readonly string[];
  private counted: KillCount;
  private settled = false;
  private looks = 0;

  constructor(
    private readonly pid: number,
    private readonly read: ReadText,
  ) {
    this.files = this.filesNow() ?? [];
    this.counted = this.counter();
  }

  look(): void {
    if (++this.looks % looksPerGroup !== 0 || !this.follow()) this.counted.look();
  }

  /** It was seen in its group after a start that may have moved it to another one. */
  get isSettled(): boolean {
    return this.settled;
  }

  settle(): void {
    if (this.settled) return;
    this.settled = true;
    this.follow();
  }

  grew(): boolean | null {
    return this.counted.grew();
  }

  /** True when it is in another group than before: what was counted there began before it. */
  private follow(): boolean {
    const files = this.filesNow();
    if (files === undefined || files.join() === this.files.join()) return false;
    this.files = files;
    this.counted = this.counter();
    return true;
  }

  private counter(): KillCount {
    const { files } = this;
    return new KillCount(() => {
      for (const file of files) {
        const count = numberOf(this.read(file));
        if (count !== null) return count;
      }
      return null;
    });
  }

  private filesNow(): string[] | undefined {
    const text = this.read(`/proc/${this.pid}/cgroup`);
    return text === undefined ? undefined : counterFiles(text);
  }
}

/** Where the kills of a group are counted, from a process's cgroup file: "0::/path" is version 2, "4:memory:/path" version 1. */
export function counterFiles(cgroup: string): string[] {
  const files: string[] = [];
  for (const line of cgroup.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const below = path === '/' ? '' : path;
    if (controllers === '') {
      files.push(`/sys/fs/cgroup${below}/memory.events`, `/sys/fs/cgroup/unified${below}/memory.events`);
    } else if (controllers.split(',').includes('memory')) {
      files.push(`/sys/fs/cgroup/memory${below}/memory.oom_control`);
    }
  }
  return files;
}

/** The line "oom_kill N", which all of these files have. */
function numberOf(text: string | undefined): number | null {
  const digits = /^oom_kill (\d+)$/m.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

function readText(file: string): string | undefined {
  const fd = openKept(file);
  const bytes = fd === undefined ? undefined : readKept(fd);
  closeKept(fd);
  return bytes?.toString('latin1');
}
