import type { SqlValue } from 'sql.js';
import type { Catalogue } from './catalogue.js';
import type { HistoryDatabase } from './sql/historyDatabase.js';
import { Series, type SeriesColumns } from './series.js';
import { countOf } from './tiers/bucket.js';
import { unpack, type Samples } from './tiers/packing.js';
import { packSpanMs } from './tiers/sampleWriter.js';
import { groupOf, keptMs, slotsPerRow, tiers, type Retention, type Tier, type TierName } from './tiers/tiers.js';

export interface RangeQuery {
  readonly id: string;
  readonly metrics: readonly string[];
  /** Unix milliseconds; `to` is not included. */
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

/** at: bucket starts; columns as long as it, NaN where nothing is known. */
export interface RangeResult {
  readonly tier: TierName;
  readonly at: Float64Array;
  readonly metrics: Record<string, SeriesColumns>;
}

/** Two samples further apart than so many usual pauses have a gap between them. Usual is what the pauses around are. */
const gapPauses = 2.5;
const pausesAround = 5;
/** Shorter than this it is no gap: under load, samples are taken more seldom. Longer than that it always is one. */
const shortestGapMs = 15_000;
const longestPauseMs = 5 * 60_000;

const tierNames: readonly TierName[] = ['raw', '1m', '15m', '1h'];

/** A sample and where in its pack it is. */
export interface PlacedSample {
  readonly at: number;
  readonly index: number;
  readonly columns: Samples['columns'];
}

/** The coarsest tier that still fills every bucket, of those that reach back far enough; else the one that reaches furthest. */
export function tierFor(from: number, bucketMs: number, now: number, retention: Retention): TierName {
  const fitting = [...tiers].reverse().find(({ step }) => step * 1000 <= bucketMs)?.name ?? 'raw';
  const candidates = tierNames.slice(tierNames.indexOf(fitting));
  return candidates.find((name) => from >= now - keptMs(retention, name)) ?? '1h';
}

/** What is in the database; what is not over yet has to be written before. */
export class Query {
  constructor(
    private readonly database: HistoryDatabase,
    private readonly catalogue: Catalogue,
  ) {}

  range(query: RangeQuery, now: number, retention: Retention): RangeResult {
    const { id, from, to, buckets } = query;
    const bucketMs = (to - from) / buckets;
    const source = this.catalogue.find(id);
    const fitting = tierFor(from, bucketMs, now, retention);
    const name = source === undefined ? fitting : this.withoutLoss(fitting, source.number, from, to);
    const known = this.catalogue.metricsOf(source?.kind ?? 'server');
    const series = new Map(query.metrics.map((metric) => [metric, new Series(from, bucketMs, buckets)]));
    const wanted = [...series].flatMap(([metric, one]) => {
      const row = known.get(metric);
      return row === undefined ? [] : [{ slot: row.slot, perUnit: row.perUnit, series: one }];
    });
    if (source !== undefined && wanted.length > 0) {
      const tier = tiers.find((one) => one.name === name);
      if (tier === undefined) this.raw(source.number, wanted, from, to);
      else this.rows(tier, source.number, wanted, from, to);
    }
    const at = Float64Array.from({ length: buckets }, (_, index) => Math.round(from + index * bucketMs));
    return { tier: name, at, metrics: Object.fromEntries([...series].map(([metric, one]) => [metric, one.columns()])) };
  }

  /** The single samples of that time that are there, oldest first. `to` is not included. */
  samples(source: number, from: number, to: number): PlacedSample[] {
    return this.packs(source, from, to)
      .flatMap(({ at, columns }) => at.map((time, index) => ({ at: time, index, columns })))
      .filter(({ at }) => at >= from && at < to)
      .sort((a, b) => a.at - b.at);
  }

  /**
   * Unix milliseconds before which a tier has nothing of that time though a coarser one has: it was kept for a shorter
   * time than it should be, or lost. undefined where there is no such thing.
   */
  lostUntil(name: TierName, source: number, from: number, to: number): number | undefined {
    const { table, where } = placeOf(name);
    const oldest = this.database.value(`SELECT min(t) FROM ${table} WHERE ${where}`, [source]);
    const begin = oldest === null ? Infinity : Number(oldest) * 1000;
    const end = Math.min(begin, to) / 1000;
    const hasMore = tiers.slice(tierNames.indexOf(name)).some((coarser) => {
      const sql = `SELECT t FROM ${coarser.table} WHERE s = ? AND g = 0 AND t >= ? AND t <= ? LIMIT 1`;
      return this.database.value(sql, [source, from / 1000, end - coarser.step]) !== null;
    });
    return hasMore ? begin : undefined;
  }

  /** From the oldest to the newest thing that is there of a source, Unix milliseconds; undefined where nothing is. */
  span(source: number): { from: number; to: number } | undefined {
    const ends = tierNames.flatMap((name) => {
      const { table, where, spanMs } = placeOf(name);
      const [oldest, newest] = ['min', 'max'].map((end) =>
        this.database.value(`SELECT ${end}(t) FROM ${table} WHERE ${where}`, [source]),
      );
      return typeof oldest !== 'number' || typeof newest !== 'number' ? [] : [oldest * 1000, newest * 1000 + spanMs];
    });
    return ends.length === 0 ? undefined : { from: Math.min(...ends), to: Math.max(...ends) };
  }

  private withoutLoss(fitting: TierName, source: number, from: number, to: number): TierName {
    const candidates = tierNames.slice(tierNames.indexOf(fitting));
    return candidates.find((name) => this.lostUntil(name, source, from, to) === undefined) ?? '1h';
  }

  /** The packs that may hold samples of that time. */
  private packs(source: number, from: number, to: number): Samples[] {
    const found: Samples[] = [];
    const params = [source, Math.floor((from - packSpanMs) / 1000) - 1, Math.ceil(to / 1000)];
    const sql = 'SELECT packed FROM samples WHERE s = ? AND t >= ? AND t < ?';
    for (const [packed] of this.database.all(sql, params)) {
      try {
        if (packed instanceof Uint8Array) found.push(unpack(packed));
      } catch {
        // A damaged pack is a gap.
      }
    }
    return found;
  }

  private rows(tier: Tier, source: number, wanted: readonly Wanted[], from: number, to: number): void {
    const stepMs = tier.step * 1000;
    const groups = new Set(wanted.map(({ slot }) => groupOf(slot)));
    for (const group of groups) {
      const ofGroup = wanted
        .filter(({ slot }) => groupOf(slot) === group)
        .map((one) => ({ ...one, column: one.slot % slotsPerRow }));
      const columns = ofGroup.map(({ column }) => `m${String(column)}, d${String(column)}, u${String(column)}`);
      const sql = `SELECT t, n, c, ${columns.join(', ')} FROM ${tier.table} WHERE s = ? AND g = ? AND t > ? AND t < ?`;
      this.database.each(sql, [source, group, (from - stepMs) / 1000, to / 1000], (row) => {
        const start = Number(row[0]) * 1000;
        for (let index = 0; index < ofGroup.length; index++) {
          const one = ofGroup[index];
          if (one !== undefined) addRow(one, row, 3 + index * 3, start, stepMs);
        }
      });
    }
  }

  private raw(source: number, wanted: readonly Wanted[], from: number, to: number): void {
    // The first one needs to know how far away the one before it is.
    const samples = this.samples(source, from - longestPauseMs, to);
    for (const { slot, perUnit, series } of wanted) {
      const times: number[] = [];
      const values: number[] = [];
      for (const { at, index, columns } of samples) {
        const value = columns.get(slot)?.[index];
        if (value === null || value === undefined) continue;
        times.push(at);
        values.push(value / perUnit);
      }
      const pauses = joiningPauses(times);
      for (const [index, at] of times.entries()) {
        if (at < from) continue;
        const value = values[index] ?? NaN;
        // A sample is about the time since the one before it.
        series.add(at - (pauses[index] ?? 0), at, value, value, value, 1);
      }
    }
  }
}

/** Where a tier is, and the time that one of its rows is of. */
function placeOf(name: TierName): { table: string; where: string; spanMs: number } {
  const tier = tiers.find((one) => one.name === name);
  if (tier === undefined) return { table: 'samples', where: 's = ?', spanMs: packSpanMs };
  return { table: tier.table, where: 's = ? AND g = 0', spanMs: tier.step * 1000 };
}

interface Wanted {
  readonly slot: number;
  readonly perUnit: number;
  readonly series: Series;
}

function addRow(wanted: Wanted & { column: number }, row: SqlValue[], at: number, start: number, stepMs: number): void {
  const mean = row[at];
  if (typeof mean !== 'number') return;
  const { perUnit, series, column } = wanted;
  const low = (mean - Number(row[at + 1])) / perUnit;
  const high = (mean + Number(row[at + 2])) / perUnit;
  series.add(start, start + stepMs, mean / perUnit, low, high, countOf(row[1], row[2], column));
}

/** Of each time how far the one before it is, 0 where there is a gap between the two. */
function joiningPauses(times: readonly number[]): number[] {
  const pauses = times.map((time, index) => time - (times[index - 1] ?? -Infinity));
  let joined = 0;
  return pauses.map((pause, index) => {
    if (pause > longestPauseMs) return 0;
    if (pause > Math.max(shortestGapMs, gapPauses * joined) && pause > gapPauses * usualPause(pauses, index)) return 0;
    return (joined = pause);
  });
}

function usualPause(pauses: readonly number[], index: number): number {
  const around = pauses.slice(Math.max(1, index - pausesAround), index + pausesAround + 1).sort((a, b) => a - b);
  return around[around.length >> 1] ?? 0;
}
