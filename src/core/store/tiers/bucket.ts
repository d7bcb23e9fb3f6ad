import type { SqlValue } from 'sql.js';
import type { SlotValues } from './columns.js';
import { groupOf, slotsPerRow } from './tiers.js';

interface Total {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** Of a slot's four numbers: where each is. */
const [count, sum, min, max, perTotal] = [0, 1, 2, 3, 4];

/** One row of a tier, as the query reads it and the bucket writes it: s, g, t, n, then m, d, u of each slot, then c. */
export type TierRow = SqlValue[];

const before = 4;
const perSlot = 3;
export const countsColumn = before + perSlot * slotsPerRow;

/** What one source's samples of one stretch of time come to. */
export class Bucket {
  private samples = 0;
  /** Four numbers of each slot, one slot after the other: every sample is added to several of these. */
  private totals = new Float64Array(perTotal * slotsPerRow);

  /** Unix seconds; the end is no more in it. */
  constructor(
    public start: number,
    public end: number,
  ) {}

  /** Is another one from now on, with nothing in it. */
  become(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.clear();
  }

  clear(): void {
    this.samples = 0;
    this.totals.fill(0);
  }

  get isEmpty(): boolean {
    return this.samples === 0;
  }

  covers(second: number): boolean {
    return second >= this.start && second < this.end;
  }

  /** What another one has, of a part of this one's time. */
  addAll(other: Bucket): void {
    this.samples += other.samples;
    this.makeRoom(other.totals.length / perTotal);
    const { totals } = other;
    for (let at = 0; at < totals.length; at += perTotal) {
      const times = totals[at + count] ?? 0;
      if (times === 0) continue;
      merge(this.totals, at, totals[at + sum] ?? 0, times, totals[at + min] ?? 0, totals[at + max] ?? 0);
    }
  }

  add(values: SlotValues): void {
    this.samples++;
    this.makeRoom(values.length);
    const { totals } = this;
    for (let slot = 0, at = 0; slot < values.length; slot++, at += perTotal) {
      const value = values[slot] ?? NaN;
      if (!Number.isNaN(value)) merge(totals, at, value, 1, value, value);
    }
  }

  /** What a row has that was written before: a program that began anew, or a clock that was set back. */
  addRow(row: TierRow): void {
    const group = Number(row[1]);
    if (group === 0) this.samples += Number(row[3]);
    for (let column = 0; column < slotsPerRow; column++) {
      const total = totalOf(row, column);
      if (total === null) continue;
      const slot = group * slotsPerRow + column;
      this.makeRoom(slot + 1);
      merge(this.totals, slot * perTotal, total.sum, total.count, total.min, total.max);
    }
  }

  /** The rows of the tier's table, one per group of metrics. */
  rows(source: number): TierRow[] {
    // The first is always there: it carries the number of samples.
    const groups = new Set([0]);
    const { totals } = this;
    for (let at = 0; at < totals.length; at += perTotal)
      if ((totals[at + count] ?? 0) > 0) groups.add(groupOf(at / perTotal));
    return [...groups].map((group) => this.row(source, group));
  }

  private row(source: number, group: number): TierRow {
    const row: TierRow = [source, group, this.start, this.samples];
    const counts: number[] = [];
    const { totals } = this;
    for (let column = 0; column < slotsPerRow; column++) {
      const at = (group * slotsPerRow + column) * perTotal;
      const known = totals[at + count] ?? 0;
      counts.push(known);
      if (known === 0) row.push(null, null, null);
      else {
        const mean = Math.round((totals[at + sum] ?? 0) / known);
        row.push(mean, mean - (totals[at + min] ?? 0), (totals[at + max] ?? 0) - mean);
      }
    }
    const isWhole = counts.every((known) => known === 0 || known === this.samples);
    row.push(isWhole ? null : JSON.stringify(counts));
    return row;
  }

  private makeRoom(slots: number): void {
    const { totals } = this;
    if (slots * perTotal <= totals.length) return;
    this.totals = new Float64Array(Math.ceil(slots / slotsPerRow) * slotsPerRow * perTotal);
    this.totals.set(totals);
  }
}

function merge(totals: Float64Array, at: number, added: number, times: number, low: number, high: number): void {
  const known = totals[at + count] ?? 0;
  totals[at + count] = known + times;
  totals[at + sum] = (totals[at + sum] ?? 0) + added;
  if (known === 0 || low < (totals[at + min] ?? 0)) totals[at + min] = low;
  if (known === 0 || high > (totals[at + max] ?? 0)) totals[at + max] = high;
}

function totalOf(row: TierRow, column: number): Total | null {
  const at = before + column * perSlot;
  const mean = row[at];
  if (typeof mean !== 'number') return null;
  const times = countOf(row[3], row[countsColumn], column);
  return { sum: mean * times, count: times, min: mean - Number(row[at + 1]), max: mean + Number(row[at + 2]) };
}

/** How many samples of the row had a value of that metric. */
export function countOf(samples: SqlValue | undefined, counts: SqlValue | undefined, column: number): number {
  if (typeof counts !== 'string') return Number(samples);
  const parsed: unknown = JSON.parse(counts);
  return Array.isArray(parsed) ? Number(parsed[column]) || 1 : Number(samples);
}
