/** One process as the kernel counts it since it began. Bytes; CPU in milliseconds. */
export interface ProcessFigures {
  readonly cpuMs: number;
  readonly threads: number;
  /** What of it is in memory, shared parts included. */
  readonly workingSetBytes: number;
  /** What it may write to, in memory or in the page file. */
  readonly commitBytes: number;
  /** What nobody shares with it. 0 in Wine. */
  readonly privateBytes: number;
  /** All transfers: files, pipes, devices. */
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** SYSTEM_PROCESS_INFORMATION of 64-bit Windows: places in bytes. Its threads follow, one after the other. */
const layout = {
  next: 0,
  threads: 4,
  created: 32,
  user: 40,
  kernel: 48,
  nameBytes: 56,
  name: 64,
  pid: 80,
  parent: 88,
  handles: 96,
  workingSet: 144,
  commit: 184,
  private: 200,
  readBytes: 232,
  writeBytes: 240,
  bytes: 256,
} as const;

/** SYSTEM_THREAD_INFORMATION. */
export const threadBytes = 80;
const thread = { state: 68, waitReason: 72, bytes: threadBytes } as const;

const waiting = 5;
const suspended = 5;
const twoTo32 = 0x1_0000_0000;
const msPerUnit = 1 / 10_000;
const idleProcess = 0;

/**
 * All processes of one reading. Who is who is read at once, into arrays that are kept; the figures of a process only when
 * they are asked for: of hundreds a few are followed. Processes are named by their place, 0..count-1.
 */
export class ProcessTable {
  count = 0;
  private buffer: Buffer = Buffer.alloc(0);
  private base = 0;
  private end = 0;
  private at = new Uint32Array(0);
  private pids = new Uint32Array(0);
  private parents = new Uint32Array(0);
  private createdHigh = new Uint32Array(0);
  private createdLow = new Uint32Array(0);
  /** Places by pid, plus 1: open addressing. */
  private slots = new Uint32Array(0);

  /**
   * buffer: of the call, `length` bytes of it filled, lying at `base` in memory. It is read again later: what overwrites it
   * makes this table useless. False where it is not whole: nothing of it is to be believed.
   */
  load(buffer: Buffer, length: number, base: number): boolean {
    this.buffer = buffer;
    this.base = base;
    this.end = Math.min(length, buffer.length);
    this.count = 0;
    const isWhole = this.scan();
    if (!isWhole) this.count = 0;
    this.index();
    return isWhole;
  }

  /** -1: there is none. */
  find(pid: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(pid) & mask; ; slot = (slot + 1) & mask) {
      const place = this.slots[slot] ?? 0;
      if (place === 0) return -1;
      if (this.pids[place - 1] === pid) return place - 1;
    }
  }

  pidAt(place: number): number {
    return this.pids[place] ?? 0;
  }

  parentPidAt(place: number): number {
    return this.parents[place] ?? 0;
  }

  /** The place of its parent; -1 where that is gone. A parent is older than its child: pids are used again. */
  parentAt(place: number): number {
    const parent = this.find(this.parentPidAt(place));
    return parent >= 0 && parent !== place && !this.isYounger(parent, place) ? parent : -1;
  }

  /** 16 hexadecimal digits, which sort as the times do. */
  startTimeAt(place: number): string {
    const half = (of: Uint32Array): string => (of[place] ?? 0).toString(16).padStart(8, '0');
    return half(this.createdHigh) + half(this.createdLow);
  }

  /** The same process is in another table. */
  isIn(other: ProcessTable, place: number): boolean {
    const there = other.find(this.pidAt(place));
    return (
      there >= 0 &&
      this.createdLow[place] === other.createdLow[there] &&
      this.createdHigh[place] === other.createdHigh[there]
    );
  }

  /** Files, pipes, events and whatever else it holds open. */
  handlesAt(place: number): number {
    return this.buffer.readUInt32LE((this.at[place] ?? 0) + layout.handles);
  }

  figuresAt(place: number): ProcessFigures {
    const at = this.at[place] ?? 0;
    return {
      cpuMs: (this.long(at + layout.user) + this.long(at + layout.kernel)) * msPerUnit,
      threads: this.buffer.readUInt32LE(at + layout.threads),
      workingSetBytes: this.long(at + layout.workingSet),
      commitBytes: this.long(at + layout.commit),
      privateBytes: this.long(at + layout.private),
      readBytes: this.long(at + layout.readBytes),
      writeBytes: this.long(at + layout.writeBytes),
    };
  }

  /** What is told of its threads, each in `threadBytes`; overwritten by the next reading. Undefined where it is not whole. */
  threadsAt(place: number): Buffer | undefined {
    const from = (this.at[place] ?? 0) + layout.bytes;
    const to = from + this.figuresAt(place).threads * thread.bytes;
    return to > this.end ? undefined : this.buffer.subarray(from, to);
  }

  /** Its program without the folder; empty where it has none. */
  nameAt(place: number): string {
    const at = this.at[place] ?? 0;
    const bytes = this.buffer.readUInt16LE(at + layout.nameBytes);
    const from = this.long(at + layout.name) - this.base;
    if (bytes === 0 || from < 0 || from + bytes > this.end) return '';
    const name = this.buffer.toString('utf16le', from, from + bytes);
    return name.slice(name.lastIndexOf('\\') + 1);
  }

  /** Somebody has stopped it: every thread of it waits to be let go on. */
  isSuspendedAt(place: number): boolean {
    const at = this.at[place] ?? 0;
    const threads = this.buffer.readUInt32LE(at + layout.threads);
    if (threads === 0 || at + layout.bytes + threads * thread.bytes > this.end) return false;
    for (let n = 0, one = at + layout.bytes; n < threads; n++, one += thread.bytes) {
      if (this.buffer.readUInt32LE(one + thread.state) !== waiting) return false;
      if (this.buffer.readUInt32LE(one + thread.waitReason) !== suspended) return false;
    }
    return true;
  }

  /** True when the chain of entries is whole, from the first to the one that says that it is the last. */
  private scan(): boolean {
    const { buffer, end } = this;
    for (let at = 0; at + layout.bytes <= end;) {
      const next = buffer.readUInt32LE(at + layout.next);
      const pid = buffer.readUInt32LE(at + layout.pid);
      // One without threads has ended: somebody holds a handle to it, as we do.
      if (pid === idleProcess || buffer.readUInt32LE(at + layout.threads) > 0) this.add(at, pid);
      if (next === 0) return true;
      // Windows has them on places that 8 divides, Wine on even ones.
      if (next < layout.bytes || next % 2 !== 0) return false;
      at += next;
    }
    return false;
  }

  private isYounger(one: number, other: number): boolean {
    const high = (this.createdHigh[one] ?? 0) - (this.createdHigh[other] ?? 0);
    return high > 0 || (high === 0 && (this.createdLow[one] ?? 0) > (this.createdLow[other] ?? 0));
  }

  private add(at: number, pid: number): void {
    if (this.count === this.at.length) this.grow();
    this.at[this.count] = at;
    this.pids[this.count] = pid;
    this.parents[this.count] = this.buffer.readUInt32LE(at + layout.parent);
    this.createdLow[this.count] = this.buffer.readUInt32LE(at + layout.created);
    this.createdHigh[this.count] = this.buffer.readUInt32LE(at + layout.created + 4);
    this.count++;
  }

  private grow(): void {
    const room = Math.max(512, 2 * this.at.length);
    const larger = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const made = new Uint32Array(room);
      made.set(old);
      return made;
    };
    this.at = larger(this.at);
    this.pids = larger(this.pids);
    this.parents = larger(this.parents);
    this.createdHigh = larger(this.createdHigh);
    this.createdLow = larger(this.createdLow);
  }

  private index(): void {
    const least = 2 * this.at.length;
    if (this.slots.length < least || this.slots.length === 0) this.slots = new Uint32Array(Math.max(1024, least));
    else this.slots.fill(0);
    const mask = this.slots.length - 1;
    for (let place = 0; place < this.count; place++) {
      let slot = hashOf(this.pids[place] ?? 0) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = place + 1;
    }
  }

  private long(at: number): number {
    return this.buffer.readUInt32LE(at) + this.buffer.readUInt32LE(at + 4) * twoTo32;
  }
}

/** Pids are multiples of 4. */
function hashOf(pid: number): number {
  return (Math.imul(pid >>> 2, 0x9e37_79b1) >>> 8) >>> 0;
}
