import type { Samples } from './packing.js';

/** Stored values: whole steps of a metric's unit, by its slot; NaN where nothing was measured. */
export type SlotValues = ArrayLike<number>;

/** Samples as they come in, column by column. */
export class Columns implements Samples {
  readonly at: number[] = [];
  readonly columns = new Map<number, (number | null)[]>();

  push(at: number, values: SlotValues): void {
    for (let slot = 0; slot < values.length; slot++) {
      // A metric that has not been there before had no value until now.
      if (!Number.isNaN(values[slot]) && !this.columns.has(slot))
        this.columns.set(
          slot,
          this.at.map(() => null),
        );
    }
    for (const [slot, column] of this.columns) {
      const value = values[slot] ?? NaN;
      column.push(Number.isNaN(value) ? null : value);
    }
    this.at.push(at);
  }
}
