import { afterName, closeKept, lastRead, numberAt, openKept, readFields, readLength } from './procFile.js';

/** Kernel ticks per second as shown in /proc; 100 on every Linux that Node runs on (USER_HZ, a fixed interface). */
const msPerTick = 10;

/** What stat tells of one process. CPU in milliseconds. */
export interface StatReading {
  parent: number;
  startTime: number;
  ownCpuMs: number;
  /** CPU of children that have ended and were waited for, with theirs. */
  childrenCpuMs: number;
  threads: number;
  rssPages: number;
  isZombie: boolean;
  /** Stopped by a signal; a debugger's stop does not count. */
  isSuspended: boolean;
}

export interface IoReading {
  /** Handed to any file, pipe or socket. */
  writtenBytes: number;
  /** From and to storage. */
  readBytes: number;
  writeBytes: number;
}

const emptyIo = (): IoReading => ({ writtenBytes: NaN, readBytes: NaN, writeBytes: NaN });

const emptyStat = (): StatReading => ({
  ...{ parent: NaN, startTime: NaN, ownCpuMs: NaN, childrenCpuMs: NaN, threads: NaN, rssPages: NaN },
  ...{ isZombie: false, isSuspended: false },
});

const letterZ = 90;
const letterX = 88;
const letterT = 84;

/** Fields as numbered in proc(5), minus 3: state 0, ppid 1, utime 11, stime 12, cutime 13, cstime 14, threads 17, start 19, rss 21. */
const fields = new Float64Array(22);
const wanted = Uint8Array.from(fields, (_, field) => Number([1, 11, 12, 13, 14, 17, 19, 21].includes(field)));

/** to: is filled and given back; whoever reads again and again has one of its own. */
export function parseStat(stat: Buffer, length = stat.length, to = emptyStat()): StatReading {
  const start = afterName(stat, length);
  const state = stat[start];
  // All in one pass: this is the one thing that is done for every process in every round.
  readFields(stat, start, length, fields, wanted);
  to.parent = fields[1] ?? NaN;
  to.startTime = fields[19] ?? NaN;
  to.ownCpuMs = ((fields[11] ?? NaN) + (fields[12] ?? NaN)) * msPerTick;
  to.childrenCpuMs = ((fields[13] ?? NaN) + (fields[14] ?? NaN)) * msPerTick;
  to.threads = fields[17] ?? NaN;
  to.rssPages = fields[21] ?? NaN;
  to.isZombie = state === letterZ || state === letterX;
  to.isSuspended = state === letterT;
  return to;
}

const newline = 10;
const writtenKey = Buffer.from('\nwchar: ');
const readKey = Buffer.from('\nread_bytes: ');
const writeKey = Buffer.from('\nwrite_bytes: ');
/** Lines from the one that says what was written at all to the one that says what was read from storage. */
const linesBetween = 3;

/** Undefined when the text is not what proc(5) describes. to: as of `parseStat`. */
export function parseIo(io: Buffer, length = io.length, to = emptyIo()): IoReading | undefined {
  const written = keyAt(io, length, afterLines(io, length, 0, 1), writtenKey);
  if (written < 0) return undefined;
  const read = keyAt(io, length, afterLines(io, length, written, linesBetween), readKey);
  if (read < 0) return undefined;
  const write = keyAt(io, length, afterLines(io, length, read, 1), writeKey);
  if (write < 0) return undefined;
  to.writtenBytes = numberAt(io, written, 0);
  to.readBytes = numberAt(io, read, 0);
  to.writeBytes = numberAt(io, write, 0);
  return to;
}

/** Where the last of so many lines ends. */
function afterLines(io: Buffer, length: number, from: number, lines: number): number {
  let at = from;
  for (let passed = 0; at < length; at++) if (io[at] === newline && ++passed === lines) break;
  return at;
}

/** Where the number behind this key begins; negative where another text is at that place. */
function keyAt(io: Buffer, length: number, at: number, key: Buffer): number {
  if (at + key.length >= length) return -1;
  for (let index = 0; index < key.length; index++) if (io[at + index] !== key[index]) return -1;
  return at + key.length;
}

/** One tracked process: two descriptors that stay open, so that a reused pid can never be misread. */
export class ProcessEntry {
  private readonly statFd: number | undefined;
  private ioFd: number | undefined;
  private readonly statReading = emptyStat();
  private readonly ioReading = emptyIo();

  constructor(readonly pid: number) {
    this.statFd = openKept(`/proc/${pid}/stat`);
    this.ioFd = openKept(`/proc/${pid}/io`);
  }

  /** Undefined once it is gone. Valid until the next reading of it. */
  stat(): StatReading | undefined {
    const length = this.statFd === undefined ? 0 : readLength(this.statFd);
    return length === 0 ? undefined : parseStat(lastRead, length, this.statReading);
  }

  /** Undefined where it may not be read: another user's process. Valid until the next reading of it. */
  io(): IoReading | undefined {
    if (this.ioFd === undefined) return undefined;
    const length = readLength(this.ioFd);
    if (length > 0) return parseIo(lastRead, length, this.ioReading);
    closeKept(this.ioFd);
    this.ioFd = undefined;
    return undefined;
  }

  close(): void {
    closeKept(this.statFd);
    closeKept(this.ioFd);
    this.ioFd = undefined;
  }
}
