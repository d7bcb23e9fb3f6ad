import type { Samples } from './packing.js';

/** A stored value: whole steps of a metric's unit, by its slot. */
export type SlotValues = ReadonlyMap<number, number>;

/** Samples as they come in, column by column. */
export class Columns implements Samples {
  readonly at: number[] = [];
  readonly columns = new Map<number, (number | null)[]>();

  push(at: number, values: SlotValues): void {
    for (const slot of values.keys()) {
      // A metric that has not been there before had no value until now.
      if (!this.columns.has(slot)) this.columns.set(slot, Array<null>(this.at.length).fill(null));
    }
    for (const [slot, column] of this.columns) column.push(values.get(slot) ?? null);
    this.at.push(at);
  }
}

/** One after the other, as they came in. */
export function* samplesOf({ at, columns }: Samples): Generator<{ at: number; values: SlotValues }> {
  for (const [index, time] of at.entries()) {
    const values = new Map<number, number>();
    for (const [slot, column] of columns) {
      const value = column[index];
      if (value !== null && value !== undefined) values.set(slot, value);
    }
    yield { at: time, values };
  }
}
