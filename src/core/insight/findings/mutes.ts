import type { FindingMetric } from './finding.js';

/** Of which metrics nothing is told, and until when: Unix milliseconds; null: for good. */
export class Mutes {
  private until = new Map<string, number>();

  set(metric: FindingMetric, until: number | null): void {
    this.until.set(metric, until ?? Infinity);
  }

  has(metric: FindingMetric, at: number): boolean {
    return (this.until.get(metric) ?? 0) > at;
  }

  /** Those that are not over by then. */
  list(at: number): Record<string, number | null> {
    const open = [...this.until].filter(([, until]) => until > at);
    return Object.fromEntries(open.map(([metric, until]) => [metric, until === Infinity ? null : until]));
  }

  restore(list: Readonly<Record<string, number | null>>): void {
    this.until = new Map(Object.entries(list).map(([metric, until]) => [metric, until ?? Infinity]));
  }
}
