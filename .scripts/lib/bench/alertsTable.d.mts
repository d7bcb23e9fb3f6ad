import type { Bar, Measure } from './report.mjs';

interface Window {
  readonly lateMs: number;
  readonly cpuSeconds: number;
  readonly resident: number;
}

export interface AlertsResult {
  readonly heading: string;
  readonly isProduct: boolean;
  readonly seconds: number;
  readonly raised: number;
  readonly calm: Window;
  readonly burst: Window & { readonly tookMs: number };
  readonly alerts: number;
  readonly told: number;
  readonly left: number;
  readonly lost: number;
}
export function laterMs(result: Pick<AlertsResult, 'calm' | 'burst'>): number;
export function missing(result: Pick<AlertsResult, 'raised' | 'told' | 'alerts' | 'lost'>): number;
export const alertsMeasures: readonly Measure<AlertsResult>[];
export const alertsBars: readonly Bar<AlertsResult>[];
