import type { MainMeasure } from './publishing.mjs';
import type { Bar, Measure } from './report.mjs';

/** Milliseconds. */
interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
export interface ImpactResult {
  readonly heading: string;
  readonly isProduct: boolean;
  readonly blocks: readonly {
    readonly ticks: number;
    readonly lost: number;
    readonly started: Spread;
    readonly done: Spread;
  }[];
  readonly nothing?: ImpactResult;
}
export const impactMeasures: readonly Measure<ImpactResult>[];
export function beyondNothing(series: 'started' | 'done'): (result: ImpactResult) => number | undefined;
export const impactBars: readonly Bar<ImpactResult>[];
export const impactMain: readonly MainMeasure<ImpactResult>[];
