/** What is kept only because making it again costs something: whoever keeps it answers the same without it. */
export interface Cache {
  /** About how much it holds. */
  bytes(): number;
  /** Lets go of what nobody has asked for in so many milliseconds. */
  dropOlderThan(ms: number): void;
  dropAll(): void;
}

/** All caches together, within one limit. */
export class Caches {
  constructor(private readonly caches: readonly Cache[]) {}

  bytes(): number {
    return this.caches.reduce((sum, cache) => sum + cache.bytes(), 0);
  }

  /** Returns how many bytes went. */
  dropOlderThan(ms: number): number {
    return this.dropped((cache) => {
      cache.dropOlderThan(ms);
    });
  }

  /** Returns how many bytes went. */
  dropAll(): number {
    return this.dropped((cache) => {
      cache.dropAll();
    });
  }

  /** Where they hold more than that, what has not been asked for lately goes, and all of it where that is not enough. */
  keepWithin(bytes: number): void {
    if (this.bytes() > bytes) this.dropOlderThan(oldMs);
    if (this.bytes() > bytes) this.dropAll();
  }

  private dropped(drop: (cache: Cache) => void): number {
    const before = this.bytes();
    for (const cache of this.caches) drop(cache);
    return before - this.bytes();
  }
}

/** What nobody has asked for in that time is the first to go. */
export const oldMs = 60_000;
