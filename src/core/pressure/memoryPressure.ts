import { oldMs, type Caches } from './caches.js';
import { MemoryLevels, type MemoryLevel, type MemoryLimits, type MemoryReading } from './levels.js';

/** A level that has begun. usedPercent, stalls: as they were read; droppedBytes: of caches. */
export interface LevelChange {
  readonly level: MemoryLevel;
  readonly before: MemoryLevel;
  readonly by: 'use' | 'stalls';
  readonly usedPercent: number;
  readonly stalls: number | null;
  readonly droppedBytes: number;
}

export interface MemoryPressureParts {
  readonly caches: Caches;
  limits(): MemoryLimits & { readonly cacheBytes: number };
  /** Bytes that the history takes of what all may take together. */
  historyBytes(): number;
  /** Brings what is only in memory to the disk. Never rejects. */
  flush(): Promise<unknown>;
  /** The history gives back what it can. Never rejects. */
  giveBack(): Promise<void>;
  /** Never throws. */
  changed(change: LevelChange): void;
}

/** What has gone does not come back sooner. */
const dropEveryMs = 60_000;
/** Giving the history's memory back costs a moment's work: not again and again while the PC stays short of it. */
const giveBackEveryMs = 10 * 60_000;

/** Lets go of memory while the PC is short of it, so that the games have it. */
export class MemoryPressure {
  private readonly levels: MemoryLevels;
  private droppedAt = -Infinity;
  private givenBackAt = -Infinity;

  constructor(private readonly parts: MemoryPressureParts) {
    this.levels = new MemoryLevels(() => parts.limits());
  }

  get level(): MemoryLevel {
    return this.levels.level;
  }

  /** To be called with every round. now: milliseconds of a clock that nobody sets. */
  round(reading: MemoryReading, now: number = performance.now()): void {
    const { parts } = this;
    const before = this.level;
    const level = this.levels.observe(reading, now);
    const isDue = now - this.droppedAt >= dropEveryMs;
    const droppedBytes = level !== before || isDue ? this.drop(level, now) : 0;
    if (level === 'critical' && now - this.givenBackAt >= giveBackEveryMs) {
      this.givenBackAt = now;
      // What is on the disk first: where memory runs out this process may be the one that goes.
      void parts.flush().then(() => parts.giveBack());
    }
    if (level === before) return;
    const by = this.levels.isByStalls ? 'stalls' : 'use';
    parts.changed({ ...{ level, before, by, droppedBytes }, usedPercent: reading.usedPercent, stalls: reading.stalls });
  }

  private drop(level: MemoryLevel, now: number): number {
    const { parts } = this;
    const { caches } = parts;
    this.droppedAt = now;
    if (level === 'critical') return caches.dropAll();
    if (level === 'high') return caches.dropOlderThan(oldMs);
    caches.keepWithin(Math.max(0, parts.limits().cacheBytes - parts.historyBytes()));
    return 0;
  }
}
