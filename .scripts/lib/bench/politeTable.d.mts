import type { MainMeasure } from './publishing.mjs';
import type { Bar, Measure } from './report.mjs';

/** One subject in one run. */
export interface Window {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly writtenBytes: number;
  readonly switches: number;
  /** Undefined where nobody can say. */
  readonly rounds?: number;
  readonly processes: readonly {
    readonly pid: number;
    readonly role?: string;
    readonly cpuMs: number;
    readonly rss: number;
    readonly pss: number;
  }[];
}
interface Part {
  readonly cpuMs?: number;
  readonly rss?: number;
}
export interface Summary extends Part {
  readonly kilobytes?: number;
  readonly switches?: number;
  readonly rounds?: number;
  readonly pss?: number;
  readonly times?: number;
  readonly lowest: number;
  readonly highest: number;
  /** CPU milliseconds a minute of the product's beginning. */
  readonly early?: number;
  readonly core: Part;
  readonly launcher: Part;
}
export interface PoliteResult {
  readonly heading: string;
  readonly isProduct: boolean;
  /** By the number of servers. */
  readonly by: Readonly<Record<number, Summary | undefined>>;
}
export const counts: readonly number[];
export function summarize(
  runs: readonly Readonly<Record<string, Window>>[],
  name: string,
  early?: Window,
): Summary | undefined;
export const politeMeasures: readonly Measure<PoliteResult>[];
export const politeBars: readonly Bar<PoliteResult>[];
export const politeMain: readonly MainMeasure<PoliteResult>[];
