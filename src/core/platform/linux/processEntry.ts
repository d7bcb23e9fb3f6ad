import { afterName, closeKept, numberAt, openKept, readFields, readKept } from './procFile.js';

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
  readBytes: number;
  writeBytes: number;
}

const letterZ = 90;
const letterX = 88;
const letterT = 84;

/** Fields as numbered in proc(5), minus 3: state 0, ppid 1, utime 11, stime 12, cutime 13, cstime 14, threads 17, start 19, rss 21. */
const fields = new Float64Array(22);

export function parseStat(stat: Buffer): StatReading {
  const start = afterName(stat);
  const state = stat[start];
  // All in one pass: this is the one thing that is done for every process in every round.
  readFields(stat, start, fields);
  const at = (field: number): number => fields[field] ?? NaN;
  return {
    parent: at(1),
    startTime: at(19),
    ownCpuMs: (at(11) + at(12)) * msPerTick,
    childrenCpuMs: (at(13) + at(14)) * msPerTick,
    threads: at(17),
    rssPages: at(21),
    isZombie: state === letterZ || state === letterX,
    isSuspended: state === letterT,
  };
}

const readKey = Buffer.from('\nread_bytes: ');
const writeKey = Buffer.from('\nwrite_bytes: ');

/** Undefined when the text is not what proc(5) describes. */
export function parseIo(io: Buffer): IoReading | undefined {
  const read = io.indexOf(readKey);
  const write = io.indexOf(writeKey);
  if (read < 0 || write < 0) return undefined;
  return {
    readBytes: numberAt(io, read + readKey.length, 0),
    writeBytes: numberAt(io, write + writeKey.length, 0),
  };
}

/** One tracked process: two descriptors that stay open, so that a reused pid can never be misread. */
export class ProcessEntry {
  private readonly statFd: number | undefined;
  private ioFd: number | undefined;

  constructor(readonly pid: number) {
    this.statFd = openKept(`/proc/${pid}/stat`);
    this.ioFd = openKept(`/proc/${pid}/io`);
  }

  stat(): StatReading | undefined {
    const bytes = this.statFd === undefined ? undefined : readKept(this.statFd);
    return bytes === undefined || bytes.length === 0 ? undefined : parseStat(bytes);
  }

  /** Undefined where it may not be read: another user's process. */
  io(): IoReading | undefined {
    if (this.ioFd === undefined) return undefined;
    const bytes = readKept(this.ioFd);
    if (bytes !== undefined && bytes.length > 0) return parseIo(bytes);
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
