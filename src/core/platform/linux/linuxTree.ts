import fs from 'node:fs';
import os from 'node:os';
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

const nobody: ReadonlyMap<number, Amounts> = new Map();

interface Member {
  readonly entry: ProcessEntry;
  parent: number;
  /** Totals, ended children's included, as of the last reading. */
  totals: Amounts;
  childrenCpuMs: number;
}

/**
 * One server's process tree. CPU and storage are exact over the interval, also of children that came and went between two
 * readings.
 */
export class LinuxTree implements TreeReader {
  private readonly members = new Map<number, Member>();
  private readonly root: Member | undefined;
  private readonly accounts = new ChildAccounts();
  /** A first reading has been taken: differences mean something. */
  private known = false;
  private ioReadable = true;
  /** When it was last looked for new processes, clock ticks since boot. */
  private searchedAt: number;

  constructor(
    readonly rootRef: ProcessRef,
    private readonly index: ProcessIndex,
    private readonly ticksSinceBoot = ticksNow,
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
    if (this.root === undefined) return undefined;
    const grown: Growth[] = [];
    let ended: Map<number, Member> | undefined;
    let rssPages = 0;
    let threads = 0;
    let isSuspended = false;
    for (const [pid, member] of this.members) {
      const stat = member.entry.stat();
      if (stat === undefined || (stat.isZombie && member === this.root)) {
        if (member === this.root) return undefined;
        (ended ??= new Map()).set(pid, member);
        this.dismiss(pid);
        continue;
      }
      const totals = this.totalsOf(member.entry, stat, member.totals);
      grown.push({ pid, amounts: minus(totals, member.totals), creditMs: stat.childrenCpuMs - member.childrenCpuMs });
      member.childrenCpuMs = stat.childrenCpuMs;
      member.totals = totals;
      member.parent = stat.parent;
      if (stat.isZombie) continue;
      if (member === this.root) isSuspended = stat.isSuspended;
      rssPages += stat.rssPages;
      threads += stat.threads;
    }
    const [cpuMs, readBytes, writeBytes] = this.accounts.settle(grown, ended === undefined ? nobody : byHeir(ended));
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
    const totals = this.totalsOf(entry, stat, nothing);
    // One born since the last search has spent all of it since then, and it counts; an older one's past would look like
    // a spike in this interval.
    const isNewborn = isChild && stat.startTime >= this.searchedAt;
    const member: Member = {
      entry,
      parent: stat.parent,
      totals: isNewborn ? nothing : totals,
      childrenCpuMs: isNewborn ? 0 : stat.childrenCpuMs,
    };
    this.members.set(pid, member);
    return member;
  }

  private totalsOf(entry: ProcessEntry, stat: StatReading, last: Amounts): Amounts {
    const io = entry.io();
    if (io === undefined && entry.pid === this.rootRef.pid) this.ioReadable = false;
    // A process that is ending has no numbers of its storage any more: those of the last reading stand.
    return [stat.ownCpuMs + stat.childrenCpuMs, io?.readBytes ?? last[1], io?.writeBytes ?? last[2]];
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
    counted.set(heir, plus(counted.get(heir) ?? nothing, member.totals));
  }
  return counted;
}

function minus(a: Amounts, b: Amounts): Amounts {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}
