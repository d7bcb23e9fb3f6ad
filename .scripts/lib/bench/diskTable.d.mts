import type { MainMeasure } from './publishing.mjs';
import type { Bar, Measure } from './report.mjs';

export interface DiskResult {
  readonly heading: string;
  readonly isProduct: boolean;
  /** Milliseconds of a save. */
  readonly pairs: readonly { readonly with: number; readonly without: number }[];
}
export function ratiosOf(result: Pick<DiskResult, 'pairs'>): number[];
export const diskMeasures: readonly Measure<DiskResult>[];
export const diskBars: readonly Bar<DiskResult>[];
export const diskMain: readonly MainMeasure<DiskResult>[];
