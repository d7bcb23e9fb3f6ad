import type { Log } from '../ports.js';
import type { History } from './history.js';
import { BelievedClock, sweep } from './retention.js';
import type { Retention } from './tiers/tiers.js';

/** How often it is looked whether all of it fits, and whether there is more to take away. */
const everyMs = 60_000;
/** Where nothing was left to do, so little gets too old within a minute that it can wait. */
const restMs = 10 * 60_000;

export interface SweepMoment {
  /** Unix milliseconds. */
  readonly now: number;
  /** Milliseconds that nobody sets. */
  readonly monotonic: number;
  readonly retention: Retention;
  /** Of the database in memory. */
  readonly maxBytes: number;
}

/** Takes away what is too old, and more of it where there is no room. */
export class Sweeper {
  private readonly clock: BelievedClock;
  private lookedAt = -Infinity;
  private sweptAt = -Infinity;
  /** 0..1 of the time that is wished for. */
  private part = 1;
  private isDone = true;

  constructor(
    private readonly history: History,
    private readonly log: Log,
  ) {
    const newest = Number(history.database.value('SELECT max(t) FROM hours') ?? 0) * 1000;
    this.clock = new BelievedClock(newest);
  }

  /** When it was last due, in milliseconds that nobody sets. */
  get lastAt(): number {
    return this.lookedAt;
  }

  /** To be called often. */
  review({ now, monotonic, retention, maxBytes }: SweepMoment): void {
    if (monotonic - this.lookedAt < everyMs) return;
    this.lookedAt = monotonic;
    if (!this.clock.isBelieved(now, monotonic)) return;
    const { database, catalogue } = this.history;
    // Not before the last step has had its effect: more would go than has to.
    if (this.isDone) this.fit(database.bytes * (1 - database.freePart), maxBytes);
    if (this.isDone && this.part === 1 && monotonic - this.sweptAt < restMs) return;
    this.sweptAt = monotonic;
    this.history.write(() => {
      this.isDone = sweep(database, catalogue, { now, retention, part: this.part });
    });
  }

  /** Shortens what is kept, step by step, until it fits; and lengthens it again when there is room. */
  private fit(used: number, maxBytes: number): void {
    const before = this.part;
    if (used > maxBytes * 0.95) this.part = Math.max(0.05, this.part * 0.9);
    else if (used < maxBytes * 0.7) this.part = Math.min(1, this.part / 0.95);
    if (before === 1 && this.part < 1) {
      this.log.write('warn', 'store', 'less is kept, to stay within the memory allowed', { used, maxBytes });
    }
  }
}
