import type { ProcessRef, TreeReader, TreeSample } from '../../ports.js';
import { ProcessEntry } from './processEntry.js';
import type { ProcessIndex } from './processIndex.js';

/** getconf PAGESIZE of x86-64 and of arm64 as shipped by the distributions that VS Code supports. */
export const pageBytes = 4096;

interface Member {
  readonly entry: ProcessEntry;
  parent: number;
  ownCpuMs: number;
  childrenCpuMs: number;
  readBytes: number;
  writeBytes: number;
}

/**
 * One server's process tree. CPU is exact over the interval, also of children that came and went between two readings:
 * when a child is waited for, the kernel adds its total to its parent's, so the sum over the tree only moves on.
 */
export class LinuxTree implements TreeReader {
  private readonly members = new Map<number, Member>();
  private readonly root: Member | undefined;
  /** A first reading has been taken: differences mean something. */
  private known = false;
  private ioReadable = true;

  constructor(
    private readonly rootRef: ProcessRef,
    private readonly index: ProcessIndex,
  ) {
    this.root = this.admit(rootRef.pid, true);
    const started = this.root?.entry.stat()?.startTime;
    if (this.root !== undefined && rootRef.startTime !== null && String(started) !== rootRef.startTime) {
      // Another process has the pid by now.
      this.dismiss(rootRef.pid);
      this.root = undefined;
    }
  }

  /** The index has changed: take in what is new. */
  update(): void {
    if (this.root === undefined) return;
    for (const pid of this.index.descendants(this.rootRef.pid)) if (!this.members.has(pid)) this.admit(pid, false);
  }

  read(): TreeSample | undefined {
    if (this.root === undefined) return undefined;
    let ownMs = 0;
    let rssPages = 0;
    let threads = 0;
    let readBytes = 0;
    let writeBytes = 0;
    const credited = new Map<number, number>();
    const lost = new Map<number, Member>();
    for (const [pid, member] of this.members) {
      const stat = member.entry.stat();
      if (stat === undefined || (stat.isZombie && member === this.root)) {
        if (member === this.root) return undefined;
        lost.set(pid, member);
        this.dismiss(pid);
        continue;
      }
      ownMs += stat.ownCpuMs - member.ownCpuMs;
      const credit = stat.childrenCpuMs - member.childrenCpuMs;
      if (credit > 0) credited.set(pid, credit);
      member.ownCpuMs = stat.ownCpuMs;
      member.childrenCpuMs = stat.childrenCpuMs;
      member.parent = stat.parent;
      if (stat.isZombie) continue;
      rssPages += stat.rssPages;
      threads += stat.threads;
      const io = member.entry.io();
      if (io === undefined) {
        if (member === this.root) this.ioReadable = false;
        continue;
      }
      readBytes += Math.max(0, io.readBytes - member.readBytes);
      writeBytes += Math.max(0, io.writeBytes - member.writeBytes);
      member.readBytes = io.readBytes;
      member.writeBytes = io.writeBytes;
    }
    const known = this.known;
    this.known = true;
    const ioKnown = known && this.ioReadable;
    return {
      cpuMs: known ? Math.max(0, ownMs + newlyCredited(credited, lost)) : null,
      rssBytes: rssPages * pageBytes,
      threads,
      readBytes: ioKnown ? readBytes : null,
      writeBytes: ioKnown ? writeBytes : null,
    };
  }

  dispose(): void {
    for (const pid of [...this.members.keys()]) this.dismiss(pid);
  }

  private admit(pid: number, isRoot: boolean): Member | undefined {
    const entry = new ProcessEntry(pid);
    const stat = entry.stat();
    if (stat === undefined) {
      entry.close();
      return undefined;
    }
    const io = entry.io();
    // A child's use before it was noticed is not counted: it would look like a spike in this interval.
    const member: Member = {
      entry,
      parent: stat.parent,
      ownCpuMs: stat.ownCpuMs,
      childrenCpuMs: stat.childrenCpuMs,
      readBytes: io?.readBytes ?? 0,
      writeBytes: io?.writeBytes ?? 0,
    };
    if (isRoot || !stat.isZombie) this.members.set(pid, member);
    return member;
  }

  private dismiss(pid: number): void {
    this.members.get(pid)?.entry.close();
    this.members.delete(pid);
  }
}

/**
 * What ended children had used that was not counted while they lived. A waited-for child's whole total goes to its
 * parent; the part that earlier readings saw is taken off again, unless the parent was not credited at all (a child that
 * nobody waits for, or whose parent is outside the tree).
 */
function newlyCredited(credited: ReadonlyMap<number, number>, lost: ReadonlyMap<number, Member>): number {
  const counted = new Map<number, number>();
  for (const member of lost.values()) {
    let heir = member.parent;
    for (let above = lost.get(heir); above !== undefined; above = lost.get(heir)) heir = above.parent;
    counted.set(heir, (counted.get(heir) ?? 0) + member.ownCpuMs + member.childrenCpuMs);
  }
  let sum = 0;
  for (const [pid, credit] of credited) {
    const before = counted.get(pid) ?? 0;
    sum += credit >= before ? credit - before : credit;
  }
  return sum;
}
