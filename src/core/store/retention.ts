import type { Catalogue } from './catalogue.js';
import type { HistoryDatabase } from './sql/historyDatabase.js';
import { packSpanMs } from './tiers/sampleWriter.js';
import { groupOf, keptMs, tiers, type Retention } from './tiers/tiers.js';

/** No more rows of one source and tier than this go in one sweep: nothing ever waits for a long deletion. */
const rowsPerSweep = 500;
/** Pages that hold nothing are used again; where there are more than this part of all, some are given back each time. */
const sparePart = 0.2;
const pagesPerSweep = 250;
/** What a smaller leap would take away is too old within that time anyway. */
const jumpMs = 6 * 3_600_000;
/** A clock that was set wrong is usually set right within the hour. */
const patienceMs = 3_600_000;

/**
 * Says from when on the clock may be believed when old data is to go. A clock that leaps ahead by hours makes
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

/**
 * Takes away what is older than it is to be. Part of the caller's transaction. `part`: 0..1 of the time that is wished for.
 * False where more is too old than goes in one sweep.
 */
export function sweep(
  database: HistoryDatabase,
  catalogue: Catalogue,
  { now, retention, part }: { now: number; retention: Retention; part: number },
): boolean {
  let isDone = true;
  const drop = (table: string, which: string, key: readonly number[], horizon: number): void => {
    if (!dropOld(database, table, which, [...key, Math.floor(horizon)])) isDone = false;
  };
  for (const { number, kind } of catalogue.allSources()) {
    drop('samples', 's = ? AND t < ?', [number], (now - keptMs(retention, 'raw') * part - packSpanMs) / 1000);
    const slots = [...catalogue.metricsOf(kind).values()].map(({ slot }) => slot);
    for (const group of new Set([0, ...slots.map((slot) => groupOf(slot))])) {
      for (const tier of tiers) {
        const horizon = (now - keptMs(retention, tier.name) * part) / 1000 - tier.step;
        drop(tier.table, 's = ? AND g = ? AND t < ?', [number, group], horizon);
      }
    }
  }
  const oldEvents = 'SELECT at, n FROM event WHERE at < ? ORDER BY at, n LIMIT ?';
  database.run(`DELETE FROM event WHERE (at, n) IN (${oldEvents})`, [now - retention.eventsMs, rowsPerSweep]);
  if (database.freePart > sparePart) database.exec(`PRAGMA incremental_vacuum(${String(pagesPerSweep)})`);
  return isDone;
}

/** True when nothing is left of it. */
function dropOld(database: HistoryDatabase, table: string, which: string, key: readonly number[]): boolean {
  const next = `SELECT t FROM ${table} WHERE ${which} ORDER BY t LIMIT 1 OFFSET ${String(rowsPerSweep)}`;
  const firstToStay = database.value(next, [...key]);
  if (firstToStay === null) {
    database.run(`DELETE FROM ${table} WHERE ${which}`, [...key]);
    return true;
  }
  database.run(`DELETE FROM ${table} WHERE ${which}`, [...key.slice(0, -1), Number(firstToStay)]);
  return false;
}
