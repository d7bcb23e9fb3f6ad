import { metrics } from '../../shared/metrics.js';
import type { Catalogue } from './catalogue.js';

/** What was measured, by metric id, in the metrics' units; null or absent where nothing was. */
export type MeasuredValues = Readonly<Record<string, number | null | undefined>>;

/** Beyond this no whole number is exact once packed; nothing that is measured comes near. */
const largest = 2 ** 50;

interface Field {
  readonly name: string;
  /** Negative until it was measured for the first time. */
  slot: number;
  perUnit: number;
}

/** Turns what was measured of sources of one kind into whole steps. In every round it is used for each, and allocates nothing. */
export class Scale {
  /** By slot, as `take` has left it: NaN where nothing was measured. */
  values = new Float64Array(0);
  private readonly fields: readonly Field[];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly kind: string,
  ) {
    const rows: Record<string, object> = metrics;
    this.fields = Object.keys(rows[kind] ?? {}).map((name) => ({ name, slot: -1, perUnit: 1 }));
  }

  /** False where nothing was measured. What is no number, or absurd, is left out; `more` where `measured` has nothing. */
  take(measured: MeasuredValues, more: MeasuredValues): boolean {
    let isAny = false;
    this.values.fill(NaN);
    for (const field of this.fields) {
      const value = measured[field.name] ?? more[field.name];
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      if (field.slot < 0) this.learn(field);
      const steps = Math.round(value * field.perUnit);
      if (Math.abs(steps) > largest) continue;
      this.values[field.slot] = steps;
      isAny = true;
    }
    return isAny;
  }

  private learn(field: Field): void {
    const { slot, perUnit } = this.catalogue.metric(this.kind, field.name);
    field.slot = slot;
    field.perUnit = perUnit;
    if (slot < this.values.length) return;
    const wider = new Float64Array(slot + 1).fill(NaN);
    wider.set(this.values);
    this.values = wider;
  }
}
