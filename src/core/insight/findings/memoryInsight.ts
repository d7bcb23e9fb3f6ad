import type { Baseline } from '../baseline/baseline.js';
import { placeOf } from '../baseline/insightMetrics.js';
import { cellMs } from '../baseline/pointRing.js';
import type { Finding, Leak } from './finding.js';
import type { FindingBook } from './findingBook.js';
import { LeakWatch, type Growth } from './leakWatch.js';

/** It goes on no faster than this part of what it was: it has stopped. */
const stopped = 0.2;
const stoppedCells = 12;

/** Leaks as findings. */
export class MemoryInsight {
  private readonly watch: LeakWatch;
  private begin = 0;
  private slowCells = 0;
  private perHour = 0;
  isOpen = false;

  constructor(
    private readonly baseline: Baseline,
    private readonly book: FindingBook,
  ) {
    this.watch = new LeakWatch(baseline);
  }

  get allowedPerHour(): number {
    return this.watch.allowedPerHour;
  }

  started(at: number): void {
    this.watch.started(at);
  }

  /** The same life goes on, as it is known from before; and so does its leak where one was told. */
  goOn(leak: Finding | undefined): void {
    this.watch.goOn(this.baseline.points('memory'));
    if (leak?.leak == null) return;
    this.isOpen = true;
    this.begin = leak.begin;
    this.perHour = leak.leak.bytesPerHour;
  }

  reset(): void {
    this.isOpen = false;
    this.slowCells = 0;
  }

  /** As somebody has said before. */
  restore(allowedPerHour: number): void {
    this.watch.allowedPerHour = allowedPerHour;
  }

  /** So fast a growth is normal, somebody says. */
  allow(bytesPerHour: number): void {
    this.watch.allowedPerHour = Math.max(this.watch.allowedPerHour, bytesPerHour * 1.15);
    this.reset();
  }

  /** A point has been finished. players: NaN where not known. isMuted: nothing new is to be told now. */
  sealed(at: number, players: number, { freeBytes, isMuted }: { freeBytes: number; isMuted: boolean }): void {
    const memory = this.baseline.sealed[placeOf.memory];
    const { sealedCell } = this.baseline;
    const growth = this.watch.seal(sealedCell, memory?.low ?? NaN, players);
    if (this.isOpen) this.goesOn(at, freeBytes);
    else if (growth !== null && !isMuted && memory !== undefined)
      this.found(growth, at, { freeBytes, bytes: memory.mean, players });
  }

  private found(growth: Growth, at: number, now: { freeBytes: number; bytes: number; players: number }): void {
    this.isOpen = true;
    this.slowCells = 0;
    this.begin = growth.begin;
    this.perHour = growth.bytesPerHour;
    this.baseline.flag('memory', growth.begin, at, true);
    this.baseline.cover('memory', true);
    const { bytes, freeBytes, players } = now;
    const mid = bytes - growth.riseBytes;
    this.book.begin({
      ...{ kind: 'leak', metric: 'memory', cause: 'bug', begin: growth.begin },
      standing: { at, ms: cellMs, value: bytes, excess: growth.excess, low: mid, mid, high: mid, players },
      ...{ by: this.baseline.method, confidence: this.baseline.confidence('memory').value },
      leak: leakOf(growth, freeBytes),
    });
  }

  private goesOn(at: number, freeBytes: number): void {
    const now = this.watch.since(this.begin);
    if (now !== undefined) {
      this.perHour = Math.max(this.perHour, now.bytesPerHour);
      this.book.leak(leakOf(now, freeBytes), at);
    }
    this.slowCells = this.watch.recent() < stopped * this.perHour ? this.slowCells + 1 : 0;
    if (this.slowCells < stoppedCells) return;
    this.reset();
    this.baseline.cover('memory', false);
    this.book.over('memory', at);
  }
}

function leakOf({ bytesPerHour, low, high }: Pick<Growth, 'bytesPerHour' | 'low' | 'high'>, freeBytes: number): Leak {
  const hoursLeft = bytesPerHour > 0 && Number.isFinite(freeBytes) ? freeBytes / bytesPerHour : null;
  return { bytesPerHour, low, high, hoursLeft };
}
