import type { Catalogue } from './catalogue.js';
import type { HistoryDatabase } from './sql/historyDatabase.js';
import { packSpanMs } from './tiers/sampleWriter.js';
import { groupOf, keptMs, tiers, type Retention } from './tiers/tiers.js';

/** No more buckets of one source and tier than this go in one sweep: nothing ever waits for a long deletion. */
const bucketsPerSweep = 500;
const jumpMs = 86_400_000;
/** A clock that was set wrong is usually set right within the hour. */
const patienceMs = 3_600_000;

/**
 * Says from when on the clock may be believed when old data is to go. A clock that leaps ahead by more than a day makes
 * everything look old; where it leaps back again soon, nothing has been lost.
 */
export class BelievedClock {
  private last: { wall: number; monotonic: number } | undefined;
  private leapt = -Infinity;

  /** newest: the time of the newest thing in the history, 0 where there is none. */
  constructor(private readonly newest: number) {}

  /** wall: Unix milliseconds; monotonic: milliseconds that nobody sets. */
  isBelieved(wall: number, monotonic: number): boolean {
    const { last, newest } = this;
    this.last = { wall, monotonic };
    const expected = last === undefined ? newest || wall : last.wall + monotonic - last.monotonic;
    if (wall - expected > jumpMs) this.leapt = monotonic;
    return monotonic - this.leapt >= patienceMs;
  }
}

/** Takes away what is older than it is to be. Part of the caller's transaction. `part`: 0..1 of the time that is wished for. */
export function sweep(
  database: HistoryDatabase,
  catalogue: Catalogue,
  { now, retention, part }: { now: number; retention: Retention; part: number },
): void {
  for (const { number, kind } of catalogue.allSources()) {
    const packs = (now - keptMs(retention, 'raw') * part - packSpanMs) / 1000;
    drop(database, 'samples', 's = ?', [number], packs, packSpanMs / 1000);
    const slots = [...catalogue.metricsOf(kind).values()].map(({ slot }) => slot);
    for (const group of new Set([0, ...slots.map((slot) => groupOf(slot))])) {
      for (const tier of tiers) {
        const horizon = (now - keptMs(retention, tier.name) * part) / 1000 - tier.step;
        drop(database, tier.table, 's = ? AND g = ?', [number, group], horizon, tier.step);
      }
    }
  }
  const events = now - retention.eventsMs;
  const oldest = database.value('SELECT min(at) FROM event');
  if (oldest !== null && Number(oldest) < events) {
    const limit = 'SELECT at, n FROM event WHERE at < ? ORDER BY at, n LIMIT ?';
    database.run(`DELETE FROM event WHERE (at, n) IN (${limit})`, [events, bucketsPerSweep]);
  }
}

function drop(
  database: HistoryDatabase,
  table: string,
  which: string,
  key: readonly number[],
  horizon: number,
  step: number,
): void {
  const oldest = database.value(`SELECT min(t) FROM ${table} WHERE ${which}`, [...key]);
  if (oldest === null || Number(oldest) >= horizon) return;
  const end = Math.min(horizon, Number(oldest) + bucketsPerSweep * step);
  database.run(`DELETE FROM ${table} WHERE ${which} AND t < ?`, [...key, Math.floor(end)]);
}
