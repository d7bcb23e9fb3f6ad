import type { IntervalSettings } from './interval.js';

/** Of every interval, also where an earlier version let it be shorter. */
const shortestMs = 2000;

/** A setting that cannot hold as it was set. */
export interface Correction {
  readonly key: keyof IntervalSettings;
  readonly set: number;
  readonly used: number;
}

/**
 * Intervals that make sense together: none below 2 s, the busier the host the longer, and thresholds in their order. With what
 * had to be corrected over that; a default that gives way to what was set is no correction.
 */
export function ordered(
  wished: IntervalSettings,
  isSet: (key: keyof IntervalSettings) => boolean,
): { readonly settings: IntervalSettings; readonly corrections: readonly Correction[] } {
  const baseIntervalMs = Math.max(shortestMs, wished.baseIntervalMs);
  const busyIntervalMs = Math.max(baseIntervalMs, wished.busyIntervalMs);
  const numbers = {
    ...{ baseIntervalMs, busyIntervalMs },
    saturatedIntervalMs: Math.max(busyIntervalMs, wished.saturatedIntervalMs),
    panelIntervalMs: wished.panelIntervalMs === 0 ? 0 : Math.max(shortestMs, wished.panelIntervalMs),
    busyPercent: wished.busyPercent,
    saturatedPercent: Math.max(wished.busyPercent, wished.saturatedPercent),
  };
  const corrections = (Object.keys(numbers) as (keyof typeof numbers)[])
    .filter((key) => numbers[key] !== wished[key] && isSet(key))
    .map((key) => ({ key, set: wished[key], used: numbers[key] }));
  return { settings: { ...wished, ...numbers }, corrections };
}
