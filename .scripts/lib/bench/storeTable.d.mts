import type { Bar, Measure } from './report.mjs';

/** A window of flushes. */
export interface FlushWindow {
  readonly rows: number;
  readonly cpuSeconds: number;
  /** Of data. */
  readonly hours: number;
  /** Whole files that took the database's place. */
  readonly replacements: number;
  readonly replacedBytes: number;
  readonly deviceBytes?: number;
  readonly writtenBytes?: number;
  readonly highWater?: number;
  readonly resident: number;
  readonly residentAfterGc: number;
}
export interface StoreResult {
  readonly heading: string;
  readonly isProduct: boolean;
  readonly residentBefore: number;
  readonly fill: { readonly rows: number; readonly cpuSeconds: number };
  readonly steady: FlushWindow;
  readonly realTime?: FlushWindow;
  readonly queries: { readonly quarter: number; readonly week: number; readonly weekOfThree: number };
  readonly sizes: { readonly database: number; readonly others: number };
  readonly recovery: { readonly cpuMs: number; readonly wallMs: number; readonly found: number };
  readonly year?: { readonly database: number; readonly resident: number; readonly query: number };
}
export function realBytesPerHour(result: Pick<StoreResult, 'realTime' | 'steady'>): number | undefined;
export const storeMeasures: readonly Measure<StoreResult>[];
export const storeBars: readonly Bar<StoreResult>[];
