import type { Bar, Measure } from './report.mjs';

interface KindScore {
  readonly injected: number;
  readonly found: number;
  readonly wrong: number;
  /** Minutes. */
  readonly delays: readonly number[];
}

interface Score {
  readonly kinds: Readonly<Record<string, KindScore>>;
  readonly weeks: number;
  readonly firstWeeks: number;
  readonly falseAlarms: number;
  readonly firstFalseAlarms: number;
  readonly weeksWithFalseLeak: number;
  readonly surges: number;
  readonly surgesCalledBug: number;
  readonly savesCalled: number;
  readonly micros: number;
  readonly samples: number;
}

export interface InsightSimResult {
  readonly heading: string;
  readonly isProduct: boolean;
  readonly score: Score;
  /** Of servers that are unlike the others. */
  readonly worlds?: Readonly<Record<string, Score>>;
  readonly fine?: { readonly micros: number; readonly samples: number };
}
export function leaksWithin(result: Pick<InsightSimResult, 'score'>, hours: number): number | undefined;
export function falseAlarmsPerWeek(result: Pick<InsightSimResult, 'score'>): number | undefined;
export function falseLeaks(result: Pick<InsightSimResult, 'score'>): number | undefined;
export const insightSimMeasures: readonly Measure<InsightSimResult>[];
export const insightSimBars: readonly Bar<InsightSimResult>[];
