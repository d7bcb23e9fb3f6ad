import type { Samples } from './packing.js';

/** Stored values: whole steps of a metric's unit, by its slot; NaN where nothing was measured. */
export type SlotValues = ArrayLike<number>;

type Column = (number | null)[];

/** Samples as they come in, column by column. */
export class Columns implements Samples {
  readonly at: number[] = [];
  private readonly bySlot: (Column | undefined)[] = [];

  get columns(): Map<number, Column> {
    const found = new Map<number, Column>();
    for (const [slot, column] of this.bySlot.entries()) if (column !== undefined) found.set(slot, column);
    return found;
  }

  /** How many metrics there are. */
  get width(): number {
    return this.bySlot.reduce((width, column) => width + (column === undefined ? 0 : 1), 0);
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
      }
      column.push(isKnown ? value : null);
    }
    this.at.push(at);
  }

  /** Goes on with samples that were packed before; there are none of its own yet. */
  continue({ at, columns }: Samples): void {
    for (const [slot, column] of columns) {
      while (this.bySlot.length < slot) this.bySlot.push(undefined);
      this.bySlot[slot] = column;
    }
    this.at.push(...at);
  }
}
