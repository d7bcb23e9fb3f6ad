import os from 'node:os';
import { ioPriority, ownIoPriority, setOwnIoPriority } from '../../../node/windows/ioPriority.js';
import { messageOf } from '../../../shared/failure.js';
import type { PriorityPort, Standing } from '../../ports.js';

/** What Node makes BELOW_NORMAL_PRIORITY_CLASS of: 10 to 18. */
const niceness = 10;

/**
 * The class counts for every thread, and nothing like Linux's groups stands between it and the other programs. Not the
 * background mode, which does all this in one call: it also cuts the working set to 32 MB, less than this process needs.
 * docs/decisions/windows-priority.md
 */
export class WindowsPriority implements PriorityPort {
  private shortfalls: string[] = [];

  lower(): Standing {
    this.shortfalls = [];
    try {
      os.setPriority(niceness);
    } catch (error) {
      this.shortfalls.push(`nice: ${messageOf(error)}`);
    }
    this.lowerIo();
    return this.current();
  }

  current(): Standing {
    const { shortfalls } = this;
    return { nice: os.getPriority(), ioClass: ioClassOf(ownIoPriority()), oomScoreAdj: null, shortfalls };
  }

  private lowerIo(): void {
    const status = setOwnIoPriority(ioPriority.veryLow);
    if (status !== 0) this.shortfalls.push(`io: refused (0x${status.toString(16)})`);
    else if (ownIoPriority() !== ioPriority.veryLow) this.shortfalls.push('io: not taken');
  }
}

/**
 * Starts a program that must not wait behind the games: what starts it hands down its own standing, so that is normal for as
 * long as a start takes. `start` has begun it when it returns.
 */
export function startAtNormal<T>(start: () => T): T {
  const nice = os.getPriority();
  const io = ownIoPriority();
  if (nice > 0) os.setPriority(0);
  if (io !== null) setOwnIoPriority(ioPriority.normal);
  try {
    return start();
  } finally {
    if (nice > 0) os.setPriority(nice);
    if (io !== null) setOwnIoPriority(io);
  }
}

/** In the words that Linux has for it. */
function ioClassOf(level: number | null): string {
  if (level === ioPriority.veryLow) return 'idle';
  return level === ioPriority.low ? 'low' : 'none';
}
