import type { Bar, Measure } from './report.mjs';

export interface GamesResult {
  readonly heading: string;
  readonly isProduct: boolean;
  /** Of each of the two windows. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** CPU seconds without polling. */
  readonly ground?: number;
  readonly byHttp: number;
  readonly byRcon: number;
  readonly resident: number;
}
export function costOfPolling(result: Pick<GamesResult, 'cpuSeconds' | 'ground' | 'seconds'>): number | undefined;
export const gamesMeasures: readonly Measure<GamesResult>[];
export const gamesBars: readonly Bar<GamesResult>[];
