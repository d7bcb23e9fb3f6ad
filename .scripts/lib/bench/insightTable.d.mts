import type { Bar, Measure } from './report.mjs';

interface Score {
  readonly score: number;
  readonly falsePositives: number;
  readonly windows?: number;
  readonly hits?: number;
}

interface InsightRun {
  readonly heading: string;
  readonly isProduct: boolean;
  readonly samples: number;
  readonly cpuMicroseconds: number;
}

export interface InsightResult extends InsightRun {
  readonly threshold: number | undefined;
  readonly scores: Readonly<Record<string, Score>>;
}
export function withScores(
  result: InsightRun,
  report?: { readonly threshold: number; readonly categories: Readonly<Record<string, Score>> },
): InsightResult;
export const insightMeasures: readonly Measure<InsightResult>[];
export const insightBars: readonly Bar<InsightResult>[];
export function categoriesOf(results: readonly InsightResult[]):
  | {
      readonly heading: string;
      readonly about: string;
      readonly cells: readonly (readonly string[])[];
    }
  | undefined;
export function complaintOf(text: string): string;
