import type { ProcessRef, TreeReader, TreeSample } from '../../ports.js';
import type { ProcessTime } from '../busiestThread.js';
import type { ProcessFigures, ProcessTable } from './processTable.js';

/** A job is asked for its processes at most this often. */
const askEveryMs = 4000;

/** One reading of all processes. newcomers: places of those that were not in the one before; all of them at first. */
export interface Reading {
  readonly table: ProcessTable;
  readonly newcomers: readonly number[];
  /** Milliseconds of a clock that only goes on. */
  readonly at: number;
}

/** Undefined where the system did not tell. */
export interface Readings {
  /** Of this round, or made now. */
  recent(): Reading | undefined;
  fresh(): Reading | undefined;
}

interface Member {
  readonly startTime: string;
  figures: ProcessFigures;
}

type Amounts = Pick<ProcessFigures, 'cpuMs' | 'readBytes' | 'writeBytes'>;
const nothing: Amounts = { cpuMs: 0, readBytes: 0, writeBytes: 0 };

/**
 * One server's process tree. Whoever is in it stays until it has ended, also when its parent has. Newcomers are told by
 * their parents and, where a parent came and went between two readings, by the job of the start.
 *
 * CPU time is exact over the interval for all that live at its end; a child that came and went within it is not seen, as
 * Windows gives a parent nothing of its children's. Memory is the sum of the working sets, so that what two processes
 * share counts twice. Bytes are all transfers, not only the disk's.
 */
export class WindowsTree implements TreeReader {
  private readonly members = new Map<number, Member>();
  private spent = { ...nothing };
  /** A first reading has been taken: differences mean something. */
  private known = false;
  private isSuspended = false;
  private askedAt = -Infinity;
  private isToBeAsked = true;
  /** Came while the job was not asked: all that they have spent counts when they turn out to be of this tree. */
  private readonly strays = new Map<number, string>();

  /** jobPids: of this start's job; empty where there is none. */
  constructor(
    readonly root: ProcessRef,
    private readonly readings: Readings,
    private readonly jobPids: () => readonly number[],
  ) {
    // It may have begun since the last one.
    if (!this.begin(readings.recent())) this.begin(readings.fresh());
  }

  /** There is a newer reading. */
  update({ table, newcomers, at }: Reading): void {
    if (!this.members.has(this.root.pid)) return;
    const ended = this.readMembers(table);
    const place = this.placeOf(table, this.root.pid);
    if (place < 0) return this.members.clear();
    this.isSuspended = table.isSuspendedAt(place);
    this.admitChildren(table, newcomers, () => true, ended);
    for (const newcomer of newcomers) this.consider(table, newcomer);
    if (this.isToBeAsked && at - this.askedAt >= askEveryMs) this.askJob({ table, at });
    // Nobody's child waits for the job's word.
    if (!this.isToBeAsked) this.strays.clear();
  }

  /** As of the last reading; null where there is none. */
  handles(): number | null {
    const table = this.readings.recent()?.table;
    if (table === undefined || !this.members.has(this.root.pid)) return null;
    let count = 0;
    for (const pid of this.members.keys()) {
      const place = this.placeOf(table, pid);
      if (place >= 0) count += table.handlesAt(place);
    }
    return count;
  }

  read(): TreeSample | undefined {
    const isRead = this.readings.recent() !== undefined;
    if (!isRead || !this.members.has(this.root.pid)) return undefined;
    let rssBytes = 0;
    let threads = 0;
    for (const { figures } of this.members.values()) {
      rssBytes += figures.workingSetBytes;
      threads += figures.threads;
    }
    const { known, spent, isSuspended } = this;
    this.known = true;
    this.spent = { ...nothing };
    const counted = (amount: number): number | null => (known ? amount : null);
    return {
      cpuMs: counted(spent.cpuMs),
      rssBytes,
      threads,
      readBytes: counted(spent.readBytes),
      writeBytes: counted(spent.writeBytes),
      isSuspended,
    };
  }

  processTimes(): ProcessTime[] {
    return Array.from(this.members, ([pid, { startTime, figures }]) => ({ pid, startTime, cpuMs: figures.cpuMs }));
  }

  dispose(): void {
    this.members.clear();
  }

  /** False where the root is not in this reading. */
  private begin(reading: Reading | undefined): boolean {
    const { pid, startTime } = this.root;
    const place = reading?.table.find(pid) ?? -1;
    if (reading === undefined || place < 0) return false;
    const { table } = reading;
    if (startTime !== null && table.startTimeAt(place) !== startTime) return false;
    this.admit(table, place, false);
    this.admitChildren(table, everyPlace(table), () => false);
    this.askJob(reading);
    this.isSuspended = table.isSuspendedAt(place);
    return true;
  }

  /** Takes in what the members have spent. Answers the pids of those that have ended. */
  private readMembers(table: ProcessTable): Set<number> {
    const ended = new Set<number>();
    for (const [pid, member] of this.members) {
      const place = this.placeOf(table, pid);
      if (place < 0) {
        this.members.delete(pid);
        ended.add(pid);
        continue;
      }
      const figures = table.figuresAt(place);
      this.spend(figures, member.figures);
      member.figures = figures;
    }
    return ended;
  }

  /** Of these places, those whose parent is a member, and theirs. ended: members at the reading before this one. */
  private admitChildren(
    table: ProcessTable,
    places: readonly number[],
    isNewborn: (place: number) => boolean,
    ended: ReadonlySet<number> = new Set(),
  ): void {
    // Mostly a parent comes before its child, so that one or two rounds find all.
    for (let hasGrown = true; hasGrown;) {
      hasGrown = false;
      for (const place of places) {
        if (this.isMember(table, place) || !this.isChild(table, place, ended)) continue;
        this.admit(table, place, isNewborn(place));
        hasGrown = true;
      }
    }
  }

  private isChild(table: ProcessTable, place: number, ended: ReadonlySet<number>): boolean {
    const parent = table.parentAt(place);
    if (parent >= 0) return this.isMember(table, parent);
    return ended.has(table.parentPidAt(place));
  }

  /** A newcomer that nobody here has started: where its parent is gone, only the job knows whose it is. */
  private consider(table: ProcessTable, place: number): void {
    if (this.isMember(table, place)) return;
    if (table.parentAt(place) < 0) this.isToBeAsked = true;
    this.strays.set(table.pidAt(place), table.startTimeAt(place));
  }

  private askJob({ table, at }: Pick<Reading, 'table' | 'at'>): void {
    this.askedAt = at;
    this.isToBeAsked = false;
    const isStray = (place: number): boolean => this.strays.get(table.pidAt(place)) === table.startTimeAt(place);
    let hasGrown = false;
    for (const pid of this.jobPids()) {
      const place = table.find(pid);
      // One that is not there yet will be a newcomer.
      if (place < 0 || this.isMember(table, place)) continue;
      this.admit(table, place, isStray(place));
      hasGrown = true;
    }
    // What is in a job starts into it, unless it was let out.
    if (hasGrown) this.admitChildren(table, everyPlace(table), isStray);
    this.strays.clear();
  }

  private admit(table: ProcessTable, place: number, isNewborn: boolean): void {
    const figures = table.figuresAt(place);
    this.members.set(table.pidAt(place), { startTime: table.startTimeAt(place), figures });
    // One born since the last reading has spent all of it since then; an older one's past would look like a spike.
    if (isNewborn) this.spend(figures, nothing);
  }

  private spend(now: Amounts, before: Amounts): void {
    this.spent.cpuMs += now.cpuMs - before.cpuMs;
    this.spent.readBytes += now.readBytes - before.readBytes;
    this.spent.writeBytes += now.writeBytes - before.writeBytes;
  }

  private isMember(table: ProcessTable, place: number): boolean {
    return this.members.get(table.pidAt(place))?.startTime === table.startTimeAt(place);
  }

  /** Where a member is; -1 when it has ended. */
  private placeOf(table: ProcessTable, pid: number): number {
    const place = table.find(pid);
    return place >= 0 && this.isMember(table, place) ? place : -1;
  }
}

function everyPlace({ count }: ProcessTable): number[] {
  return Array.from({ length: count }, (_, place) => place);
}
