import type { Rows, Samples } from './packing.js';

/** Stored values: whole steps of a metric's unit, by its slot; NaN where nothing was measured. */
export type SlotValues = ArrayLike<number>;

/** What it takes to say where a pack begins, and of each metric which it is. */
const headBytes = 12;
const columnBytes = 3;
/** More than come between two writes to the disk, usually. */
const firstRows = 8;

/**
 * Samples as they come in, in one block of memory, row by row: a list for each metric of each server would keep the
 * collector of garbage busy.
 */
export class Columns implements Rows {
  width = 0;
  private count = 0;
  private times = new Float64Array(firstRows);
  private rows = new Float64Array(0);
  /** The latest value of each slot; NaN where there was none. */
  private last = new Float64Array(0);
  private packed = headBytes;

  get length(): number {
    return this.count;
  }

  /** Unix milliseconds of a sample; undefined where there is none. */
  timeOf(index: number): number | undefined {
    return index < this.count ? this.times[index] : undefined;
  }

  valueAt(index: number, slot: number): number {
    return this.rows[index * this.width + slot] ?? NaN;
  }

  has(slot: number): boolean {
    return !Number.isNaN(this.last[slot] ?? NaN);
  }

  /** About how many bytes all of it takes when it is packed; rather too many. */
  get packedBytes(): number {
    return this.packed;
  }

  push(at: number, values: SlotValues): void {
    if (values.length > this.width) this.widen(values.length);
    if (this.count === this.times.length) this.lengthen(this.count * 2);
    const { rows, width } = this;
    const from = this.count * width;
    for (let slot = 0; slot < width; slot++) {
      const value = slot < values.length ? (values[slot] ?? NaN) : NaN;
      rows[from + slot] = value;
      if (!Number.isNaN(value)) this.weigh(slot, value);
    }
    this.times[this.count++] = at;
    this.packed++;
  }

  /** Goes on with samples that were packed before; there are none of its own yet. */
  continue({ at, columns }: Samples): void {
    const slots = [...columns.keys()];
    const values = new Float64Array(Math.max(-1, ...slots) + 1);
    for (const [index, time] of at.entries()) {
      values.fill(NaN);
      for (const [slot, column] of columns) values[slot] = column[index] ?? NaN;
      this.push(time, values);
    }
  }

  /** There are none any more; the memory is kept for the next ones. */
  clear(): void {
    this.count = 0;
    this.last.fill(NaN);
    this.packed = headBytes;
  }

  /** A metric that has not been there before had no value until now. */
  private widen(width: number): void {
    const rows = new Float64Array(this.times.length * width).fill(NaN);
    for (let row = 0; row < this.count; row++) {
      rows.set(this.rows.subarray(row * this.width, (row + 1) * this.width), row * width);
    }
    const last = new Float64Array(width).fill(NaN);
    last.set(this.last);
    this.rows = rows;
    this.last = last;
    this.width = width;
  }

  private lengthen(length: number): void {
    const [times, rows] = [new Float64Array(length), new Float64Array(length * this.width)];
    times.set(this.times);
    rows.set(this.rows);
    this.times = times;
    this.rows = rows;
  }

  private weigh(slot: number, value: number): void {
    const last = this.last[slot] ?? NaN;
    const isFirst = Number.isNaN(last);
    if (isFirst) this.packed += columnBytes;
    const difference = Math.abs(isFirst ? value : value - last);
    this.last[slot] = value;
    if (difference < 64) this.packed += 1;
    else if (difference < 8192) this.packed += 2;
    else this.packed += difference < 1_048_576 ? 3 : 8;
  }
}
