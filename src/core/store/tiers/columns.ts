import type { Samples } from './packing.js';

/** Stored values: whole steps of a metric's unit, by its slot; NaN where nothing was measured. */
export type SlotValues = ArrayLike<number>;

type Column = (number | null)[];

/** What it takes to say where a pack begins, and of each metric which it is. */
const headBytes = 12;
const columnBytes = 3;

/** Samples as they come in, column by column. */
export class Columns implements Samples {
  readonly at: number[] = [];
  private readonly bySlot: (Column | undefined)[] = [];
  private readonly last: number[] = [];
  private packed = headBytes;

  get columns(): Map<number, Column> {
    const found = new Map<number, Column>();
    for (const [slot, column] of this.bySlot.entries()) if (column !== undefined) found.set(slot, column);
    return found;
  }

  /** About how many bytes all of it takes when it is packed; rather too many. */
  get packedBytes(): number {
    return this.packed;
  }

  push(at: number, values: SlotValues): void {
    const { bySlot } = this;
    while (bySlot.length < values.length) bySlot.push(undefined);
    for (let slot = 0; slot < bySlot.length; slot++) {
      const value = values[slot] ?? NaN;
      const isKnown = !Number.isNaN(value);
      let column = bySlot[slot];
      if (column === undefined) {
        if (!isKnown) continue;
        // A metric that has not been there before had no value until now.
        column = this.at.map(() => null);
        bySlot[slot] = column;
        this.packed += columnBytes;
      }
      column.push(isKnown ? value : null);
      if (isKnown) this.count(slot, value);
    }
    this.at.push(at);
    this.packed++;
  }

  /** Goes on with samples that were packed before; there are none of its own yet. */
  continue({ at, columns }: Samples): void {
    for (const [slot, column] of columns) {
      while (this.bySlot.length < slot) this.bySlot.push(undefined);
      this.bySlot[slot] = column;
      for (const value of column) if (value !== null) this.count(slot, value);
    }
    this.at.push(...at);
    this.packed += at.length;
  }

  private count(slot: number, value: number): void {
    const difference = Math.abs(value - (this.last[slot] ?? 0));
    this.last[slot] = value;
    if (difference < 64) this.packed += 1;
    else if (difference < 8192) this.packed += 2;
    else this.packed += difference < 1_048_576 ? 3 : 8;
  }
}
