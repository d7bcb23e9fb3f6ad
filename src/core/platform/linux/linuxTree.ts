import fs from 'node:fs';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { errorCode } from '../../../node/files.js';
import type { ProcessRef, TreeReader, TreeSample } from '../../ports.js';
import type { ProcessTime } from '../busiestThread.js';
import { ChildAccounts, nothing, plus, type Amounts, type Growth } from './childAccounts.js';
import { ProcessEntry, type StatReading } from './processEntry.js';
import type { ProcessIndex } from './processIndex.js';

/** getconf PAGESIZE of x86-64 and of arm64 as shipped by the distributions that VS Code supports. */
export const pageBytes = 4096;
const ticksPerSecond = 100;

/** Clock ticks since boot. */
export const ticksNow = (): number => Math.floor(os.uptime() * ticksPerSecond);

/** Who has not even used a hundredth of a second of CPU has hardly read or written anything: it is looked at so often. */
const stillMs = 4500;

const nobody: ReadonlyMap<number, Amounts> = new Map();

/** Totals are those of the last reading, ended children's included. */
interface Member {
  readonly entry: ProcessEntry;
  parent: number;
  cpuMs: number;
  readBytes: number;
  writeBytes: number;
  /** Handed to any file, pipe or socket. */
  writtenBytes: number;
  childrenCpuMs: number;
}

/**
 * One server's process tree. CPU is exact over the interval, also of children that came and went between two readings; storage,
 * too, but of a single process that uses no CPU what it read and wrote may be told some seconds late.
 */
export class LinuxTree implements TreeReader {
  private readonly members = new Map<number, Member>();
  private readonly root: Member | undefined;
  private readonly accounts = new ChildAccounts();
  /** A first reading has been taken: differences mean something. */
  private known = false;
  private ioReadable = true;
  /** When that of a single process was last read; milliseconds that never go back. */
  private storageAt = -Infinity;
  /** None of its processes has since the last reading. */
  private wroteNothing = false;
  /** When it was last looked for new processes, clock ticks since boot. */
  private searchedAt: number;

  constructor(
    readonly rootRef: ProcessRef,
    private readonly index: ProcessIndex,
    private readonly ticksSinceBoot = ticksNow,
    private readonly now = (): number => performance.now(),
  ) {
    this.searchedAt = ticksSinceBoot();
    this.root = this.admit(rootRef.pid, false);
    const started = this.root?.entry.stat()?.startTime;
    if (this.root !== undefined && rootRef.startTime !== null && String(started) !== rootRef.startTime) {
      // Another process has the pid by now.
      this.dismiss(rootRef.pid);
      this.root = undefined;
    }
  }

  /** The index has changed: take in what is new. now: when the index was read, clock ticks since boot. */
  update(now = this.ticksSinceBoot()): void {
    if (this.root === undefined) return;
    for (const pid of this.index.descendants(this.rootRef.pid)) if (!this.members.has(pid)) this.admit(pid, true);
    this.searchedAt = now;
  }

  read(): TreeSample | undefined {
    const { root } = this;
    if (root === undefined) return undefined;
    // Most are one process, and this is done for every server in every round.
    return this.members.size === 1 && this.accounts.isSettled ? this.readAlone(root) : this.readAll(root);
  }

  private readAlone(root: Member): TreeSample | undefined {
    const stat = root.entry.stat();
    if (stat === undefined || stat.isZombie) return undefined;
    const { cpuMs, readBytes, writeBytes, writtenBytes } = root;
    const now = this.now();
    if (this.known && stat.ownCpuMs + stat.childrenCpuMs === cpuMs && now - this.storageAt < stillMs) {
      this.wroteNothing = true;
      return this.sample(stat, 0, 0, 0);
    }
    this.storageAt = now;
    this.note(root, stat);
    this.wroteNothing = root.writtenBytes === writtenBytes;
    return this.sample(stat, root.cpuMs - cpuMs, root.readBytes - readBytes, root.writeBytes - writeBytes);
  }

  private readAll(root: Member): TreeSample | undefined {
    const grown: Growth[] = [];
    let ended: Map<number, Member> | undefined;
    const all = { rssPages: 0, threads: 0, isSuspended: false };
    this.wroteNothing = true;
    for (const [pid, member] of this.members) {
      const stat = member.entry.stat();
      if (stat === undefined || (stat.isZombie && member === root)) {
        if (member === root) return undefined;
        (ended ??= new Map()).set(pid, member);
        this.wroteNothing = false;
        this.dismiss(pid);
        continue;
      }
      const { cpuMs, readBytes, writeBytes, writtenBytes, childrenCpuMs } = member;
      this.note(member, stat);
      if (member.writtenBytes !== writtenBytes) this.wroteNothing = false;
      const amounts = [member.cpuMs - cpuMs, member.readBytes - readBytes, member.writeBytes - writeBytes] as const;
      grown.push({ pid, amounts, creditMs: member.childrenCpuMs - childrenCpuMs });
      if (stat.isZombie) continue;
      if (member === root) all.isSuspended = stat.isSuspended;
      all.rssPages += stat.rssPages;
      all.threads += stat.threads;
    }
    return this.sample(all, ...this.accounts.settle(grown, ended === undefined ? nobody : byHeir(ended)));
  }

  private sample(
    { rssPages, threads, isSuspended }: Pick<StatReading, 'rssPages' | 'threads' | 'isSuspended'>,
    ...[cpuMs, readBytes, writeBytes]: Amounts
  ): TreeSample {
    const known = this.known;
    this.known = true;
    const ioKnown = known && this.ioReadable;
    return {
      cpuMs: known ? Math.max(0, cpuMs) : null,
      rssBytes: rssPages * pageBytes,
      threads,
      readBytes: ioKnown ? Math.max(0, readBytes) : null,
      writeBytes: ioKnown ? Math.max(0, writeBytes) : null,
      isSuspended,
      wroteNothing: this.wroteNothing,
    };
  }

  /** Of each process by itself, without the children it had. */
  processTimes(): ProcessTime[] {
    const times: ProcessTime[] = [];
    for (const [pid, { entry }] of this.members) {
      const stat = entry.stat();
      if (stat !== undefined) times.push({ pid, startTime: String(stat.startTime), cpuMs: stat.ownCpuMs });
    }
    return times;
  }

  /** null where it may not be looked at: another user's process. */
  openFiles(): number | null {
    let count = 0;
    for (const pid of this.members.keys()) {
      try {
        count += fs.readdirSync(`/proc/${pid}/fd`).length;
      } catch (error) {
        // One that has ended meanwhile holds nothing.
        if (errorCode(error) !== 'ENOENT') return null;
      }
    }
    return this.root === undefined ? null : count;
  }

  dispose(): void {
    for (const pid of [...this.members.keys()]) this.dismiss(pid);
  }

  private admit(pid: number, isChild: boolean): Member | undefined {
    const entry = new ProcessEntry(pid);
    const stat = entry.stat();
    if (stat === undefined || (isChild && stat.isZombie)) {
      entry.close();
      return undefined;
    }
    const member: Member = {
      entry,
      parent: stat.parent,
      cpuMs: 0,
      readBytes: 0,
      writeBytes: 0,
      writtenBytes: NaN,
      childrenCpuMs: 0,
    };
    // One born since the last search has spent all of it since then, and it counts; an older one's past would look like
    // a spike in this interval.
    if (!isChild || stat.startTime < this.searchedAt) this.note(member, stat);
    this.members.set(pid, member);
    return member;
  }

  private note(member: Member, stat: StatReading): void {
    const io = member.entry.io();
    if (io === undefined && member.entry.pid === this.rootRef.pid) this.ioReadable = false;
    member.parent = stat.parent;
    member.cpuMs = stat.ownCpuMs + stat.childrenCpuMs;
    member.childrenCpuMs = stat.childrenCpuMs;
    // Not known is not nothing.
    member.writtenBytes = io?.writtenBytes ?? NaN;
    // A process that is ending has no numbers of its storage any more: those of the last reading stand.
    if (io === undefined) return;
    member.readBytes = io.readBytes;
    member.writeBytes = io.writeBytes;
  }

  private dismiss(pid: number): void {
    this.members.get(pid)?.entry.close();
    this.members.delete(pid);
  }
}

/** What was counted of the ended, by the living process that their totals go to. */
function byHeir(ended: ReadonlyMap<number, Member>): Map<number, Amounts> {
  const counted = new Map<number, Amounts>();
  for (const member of ended.values()) {
    let heir = member.parent;
    for (let above = ended.get(heir); above !== undefined; above = ended.get(heir)) heir = above.parent;
    const totals = [member.cpuMs, member.readBytes, member.writeBytes] as const;
    counted.set(heir, plus(counted.get(heir) ?? nothing, totals));
  }
  return counted;
}
