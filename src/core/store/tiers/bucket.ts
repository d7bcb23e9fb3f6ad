import type { SqlValue } from 'sql.js';
import type { SlotValues } from './columns.js';
import { groupOf, slotsPerRow } from './tiers.js';

interface Total {
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** One row of a tier, as the query reads it and the bucket writes it: s, g, t, n, then m, d, u of each slot, then c. */
export type TierRow = SqlValue[];

const before = 4;
const perSlot = 3;
export const countsColumn = before + perSlot * slotsPerRow;

/** What one source's samples of one stretch of time come to. */
export class Bucket {
  private samples = 0;
  private readonly totals: (Total | undefined)[] = [];

  /** start: Unix seconds. */
  constructor(readonly start: number) {}

  add(values: SlotValues): void {
    this.samples++;
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot] ?? NaN;
      if (!Number.isNaN(value)) this.merge(slot, value, 1, value, value);
    }
  }

  /** What a row has that was written before: a program that began anew, or a clock that was set back. */
  addRow(row: TierRow): void {
    const group = Number(row[1]);
    if (group === 0) this.samples += Number(row[3]);
    for (let column = 0; column < slotsPerRow; column++) {
      const total = totalOf(row, column);
      if (total === null) continue;
      const { sum, count, min, max } = total;
      this.merge(group * slotsPerRow + column, sum, count, min, max);
    }
  }

  /** The rows of the tier's table, one per group of metrics. */
  rows(source: number): TierRow[] {
    // The first is always there: it carries the number of samples.
    const groups = new Set([0, ...this.totals.flatMap((total, slot) => (total === undefined ? [] : groupOf(slot)))]);
    return [...groups].map((group) => this.row(source, group));
  }

  private row(source: number, group: number): TierRow {
    const row: TierRow = [source, group, this.start, this.samples];
    const counts: number[] = [];
    for (let column = 0; column < slotsPerRow; column++) {
      const total = this.totals[group * slotsPerRow + column];
      counts.push(total?.count ?? 0);
      if (total === undefined) row.push(null, null, null);
      else {
        const mean = Math.round(total.sum / total.count);
        row.push(mean, mean - total.min, total.max - mean);
      }
    }
    const isWhole = counts.every((count) => count === 0 || count === this.samples);
    row.push(isWhole ? null : JSON.stringify(counts));
    return row;
  }

  private merge(slot: number, sum: number, count: number, min: number, max: number): void {
    const total = this.totals[slot];
    if (total === undefined) {
      // Without holes, which would make every look at it slow.
      while (this.totals.length < slot) this.totals.push(undefined);
      this.totals[slot] = { sum, count, min, max };
      return;
    }
    total.sum += sum;
    total.count += count;
    if (min < total.min) total.min = min;
    if (max > total.max) total.max = max;
  }
}

function totalOf(row: TierRow, column: number): Total | null {
  const at = before + column * perSlot;
  const mean = row[at];
  if (typeof mean !== 'number') return null;
  const count = countOf(row[3], row[countsColumn], column);
  return { sum: mean * count, count, min: mean - Number(row[at + 1]), max: mean + Number(row[at + 2]) };
}

/** How many samples of the row had a value of that metric. */
export function countOf(samples: SqlValue | undefined, counts: SqlValue | undefined, column: number): number {
  if (typeof counts !== 'string') return Number(samples);
  const parsed: unknown = JSON.parse(counts);
  return Array.isArray(parsed) ? Number(parsed[column]) || 1 : Number(samples);
}
