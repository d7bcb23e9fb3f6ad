import type { StoreFile, StoreFiles } from '../../../../../src/core/store/files.js';

/** Answers a whole number from 0 up to, and without, the limit. What it answers decides what a loss of power leaves. */
export type Pick = (limit: number) => number;

/** Nothing that was not synced is left, and everything that was written. Other picks are between the two. */
export const leastKept: Pick = () => 0;
export const mostKept: Pick = (limit) => limit - 1;

/** The same numbers for the same seed. */
export function picking(seed: number): Pick {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly length: number };
type Names = Map<string, Inode>;
type Renaming = (names: Names) => void;

/** The parts in which a disk writes: one of them is old or new, never a mixture. Small, so that tests meet the borders. */
const sectorBytes = 16;

class Inode {
  /** What a program sees. */
  content: Uint8Array = new Uint8Array(0);
  /** What the disk has for certain. */
  durable: Uint8Array = new Uint8Array(0);
  /** What may have reached the disk, in any order and in parts. */
  unsynced: Change[] = [];

  change(change: Change): void {
    this.content = changed(this.content, change);
    this.unsynced.push(change);
  }

  sync(): void {
    for (const change of this.unsynced) this.durable = changed(this.durable, change);
    this.unsynced = [];
  }

  /** As a loss of power leaves it: of each change nothing, everything, or some of its sectors. */
  afterPowerCut(pick: Pick): Uint8Array {
    let left = this.durable;
    for (const change of this.unsynced) {
      const fate = pick(4);
      if (fate === 0) continue;
      if (fate === 3 || 'length' in change) left = changed(left, change);
      else left = partly(left, change, pick, fate === 1);
    }
    return left;
  }
}

function changed(before: Uint8Array, change: Change): Uint8Array {
  if ('length' in change) {
    const cut = new Uint8Array(change.length);
    cut.set(before.subarray(0, change.length));
    return cut;
  }
  const after = new Uint8Array(Math.max(before.length, change.at + change.bytes.length));
  after.set(before);
  after.set(change.bytes, change.at);
  return after;
}

/** Either the first sectors, or some here and there; the file's length may be there before what is in it. */
function partly(
  before: Uint8Array,
  { at, bytes }: { at: number; bytes: Uint8Array },
  pick: Pick,
  inOrder: boolean,
): Uint8Array {
  const whole = changed(before, { at, bytes });
  const isLong = pick(2) === 1;
  const kept = inOrder ? at + pick(bytes.length + 1) : 0;
  const after = new Uint8Array(isLong ? whole.length : Math.max(before.length, kept));
  after.set(before);
  for (let sector = at - (at % sectorBytes); sector < at + bytes.length; sector += sectorBytes) {
    const from = Math.max(at, sector);
    const to = Math.min(at + bytes.length, sector + sectorBytes, inOrder ? kept : Infinity, after.length);
    if (to > from && (inOrder || pick(2) === 1)) after.set(whole.subarray(from, to), from);
  }
  return after;
}

/**
 * A folder in memory that knows what of it is on the disk, stricter than most real ones: what was written is safe after
 * `sync` of that file only, and names after `syncFolder` only. `afterPowerCut` gives the folder that is found then.
 */
export class MemoryFiles implements StoreFiles {
  private names: Names = new Map();
  private durableNames: Names = new Map();
  private renamings: Renaming[] = [];

  /** The names there are, as a program sees them. */
  list(): string[] {
    return [...this.names.keys()].sort();
  }

  /** Puts a file there that is safe at once. */
  put(name: string, bytes: Uint8Array): void {
    const inode = new Inode();
    inode.content = inode.durable = Uint8Array.from(bytes);
    this.names.set(name, inode);
    this.durableNames.set(name, inode);
  }

  /** What a loss of power leaves; this folder stays as it is. Of the changes of names the first ones are kept. */
  afterPowerCut(pick: Pick): MemoryFiles {
    const names = new Map(this.durableNames);
    for (const rename of this.renamings.slice(0, pick(this.renamings.length + 1))) rename(names);
    const left = new MemoryFiles();
    for (const [name, inode] of names) left.put(name, inode.afterPowerCut(pick));
    return left;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const inode = this.names.get(name);
    return inode && Uint8Array.from(inode.content);
  }

  async open(name: string, how: 'create' | 'existing'): Promise<MemoryFile> {
    const there = this.names.get(name);
    if (there) return new MemoryFile(there);
    if (how === 'existing') throw fileError('ENOENT', `open ${name}`);
    const inode = new Inode();
    this.changeNames((names) => names.set(name, inode));
    return new MemoryFile(inode);
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.names.get(from);
    if (!inode) throw fileError('ENOENT', `rename ${from}`);
    this.changeNames((names) => {
      names.delete(from);
      names.set(to, inode);
    });
  }

  async copy(from: string, to: string): Promise<void> {
    const source = this.names.get(from);
    if (!source) throw fileError('ENOENT', `copy ${from}`);
    if (this.names.has(to)) throw fileError('EEXIST', `copy to ${to}`);
    const inode = new Inode();
    inode.content = inode.durable = source.content;
    this.changeNames((names) => names.set(to, inode));
  }

  async remove(name: string): Promise<void> {
    if (this.names.has(name)) this.changeNames((names) => names.delete(name));
  }

  async syncFolder(): Promise<void> {
    this.durableNames = new Map(this.names);
    this.renamings = [];
  }

  private changeNames(renaming: Renaming): void {
    renaming(this.names);
    this.renamings.push(renaming);
  }
}

class MemoryFile implements StoreFile {
  private isOpen = true;

  constructor(private readonly inode: Inode) {}

  async write(bytes: Uint8Array, position: number): Promise<void> {
    this.mustBeOpen();
    this.inode.change({ at: position, bytes: Uint8Array.from(bytes) });
  }

  async sync(): Promise<void> {
    this.mustBeOpen();
    this.inode.sync();
  }

  async truncate(length: number): Promise<void> {
    this.mustBeOpen();
    this.inode.change({ length });
  }

  async close(): Promise<void> {
    this.mustBeOpen();
    this.isOpen = false;
  }

  /**
   * What Linux does when a sync has failed: what was not written counts as written, so that the next sync succeeds without
   * it. Programs go on seeing it, until the power is gone.
   */
  forgetUnsynced(): void {
    this.inode.unsynced = [];
  }

  private mustBeOpen(): void {
    if (!this.isOpen) throw fileError('EBADF', 'the file is closed');
  }
}

/** An error as the file system gives it. */
export function fileError(code: string, text: string): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code });
}
