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

/** Two samples further apart than so many usual pauses have a gap between them. */
const gapPauses = 2.5;

/** The coarsest tier that still fills every bucket, of those that reach back far enough; else the one that reaches furthest. */
export function tierFor(from: number, bucketMs: number, now: number, retention: Retention): TierName {
  const fitting = [...tiers].reverse().find(({ step }) => step * 1000 <= bucketMs)?.name ?? 'raw';
  const names: TierName[] = ['raw', '1m', '15m', '1h'];
  const candidates = names.slice(names.indexOf(fitting));
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
    const name = tierFor(from, bucketMs, now, retention);
    const source = this.catalogue.find(id);
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

  /** The packs that may hold samples of that time, oldest first. */
  packs(source: number, from: number, to: number): Samples[] {
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
    for (const { slot, perUnit, series } of wanted) {
      const times: number[] = [];
      const values: number[] = [];
      for (const { at, columns } of this.packs(source, from, to)) {
        const column = columns.get(slot);
        for (const [index, time] of at.entries()) {
          const value = column?.[index];
          if (value === null || value === undefined) continue;
          times.push(time);
          values.push(value / perUnit);
        }
      }
      const gapMs = gapPauses * usualPause(times);
      for (const [index, at] of times.entries()) {
        const value = values[index] ?? NaN;
        const pause = at - (times[index - 1] ?? -Infinity);
        // A sample is about the time since the one before it.
        series.add(pause > 0 && pause <= gapMs ? at - pause : at, at, value, value, value, 1);
      }
    }
  }
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

function usualPause(times: readonly number[]): number {
  const pauses: number[] = [];
  for (let index = 1; index < times.length; index++) pauses.push((times[index] ?? 0) - (times[index - 1] ?? 0));
  return pauses.sort((a, b) => a - b)[pauses.length >> 1] ?? 0;
}
