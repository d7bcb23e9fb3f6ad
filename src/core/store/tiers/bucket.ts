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
  private readonly totals = new Map<number, Total>();

  /** start: Unix seconds. */
  constructor(readonly start: number) {}

  add(values: SlotValues): void {
    this.samples++;
    for (const [slot, value] of values) this.merge(slot, { sum: value, count: 1, min: value, max: value });
  }

  /** What a row has that was written before: a program that began anew, or a clock that was set back. */
  addRow(row: TierRow): void {
    const group = Number(row[1]);
    if (group === 0) this.samples += Number(row[3]);
    for (let column = 0; column < slotsPerRow; column++) {
      const total = totalOf(row, column);
      if (total !== null) this.merge(group * slotsPerRow + column, total);
    }
  }

  /** The rows of the tier's table, one per group of metrics. */
  rows(source: number): TierRow[] {
    // The first is always there: it carries the number of samples.
    const groups = new Set([0, ...[...this.totals.keys()].map((slot) => groupOf(slot))]);
    return [...groups].map((group) => this.row(source, group));
  }

  private row(source: number, group: number): TierRow {
    const row: TierRow = [source, group, this.start, this.samples];
    const counts: number[] = [];
    for (let column = 0; column < slotsPerRow; column++) {
      const total = this.totals.get(group * slotsPerRow + column);
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

  private merge(slot: number, { sum, count, min, max }: Total): void {
    const total = this.totals.get(slot);
    if (total === undefined) this.totals.set(slot, { sum, count, min, max });
    else {
      total.sum += sum;
      total.count += count;
      total.min = Math.min(total.min, min);
      total.max = Math.max(total.max, max);
    }
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
