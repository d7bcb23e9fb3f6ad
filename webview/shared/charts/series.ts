/** One metric over time, oldest first; NaN where nothing was measured. */
export interface Points {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

export interface Extent {
  readonly now: number | null;
  readonly lowest: number;
  readonly highest: number;
}

const minuteMs = 60_000;
const spans = [1, 2, 5, 10, 15].map((minutes) => minutes * minuteMs);
/** Longer than the longest monitoring interval by default: a busy PC is not a gap. */
const shortestGapMs = 12_000;

/**
 * The time axis: ends with the newest point and starts as late as the data allows, in steps up to the chosen range, so
 * that a panel just opened is not an empty box with a line at its right edge.
 */
export function timeWindow(at: readonly number[], longestMs: number): { from: number; to: number } {
  const to = at.at(-1) ?? 0;
  const covered = to - (at[firstFrom(at, to - longestMs)] ?? to);
  const span = spans.find((step) => step >= covered) ?? longestMs;
  return { from: to - Math.min(span, longestMs), to };
}

/** Index of the first point at or after a time; at.length if there is none. */
export function firstFrom(at: readonly number[], from: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A silence longer than this is a gap: three times the usual interval, which follows the load of the PC. */
export function gapAfterMs(at: readonly number[]): number {
  const recent = at.slice(-60);
  const steps = recent.slice(1).map((time, i) => time - (recent[i] ?? time));
  steps.sort((a, b) => a - b);
  return Math.max(shortestGapMs, 3 * (steps[steps.length >> 1] ?? 0));
}

/** The unbroken runs of points from a time on, each [first index, last index]; a run of one is a lone point. */
export function runs({ at, values }: Points, from: number): [first: number, last: number][] {
  const found: [number, number][] = [];
  const gapMs = gapAfterMs(at);
  for (let i = firstFrom(at, from); i < at.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const open = found.at(-1);
    const isNext = open?.[1] === i - 1 && (at[i] ?? 0) - (at[i - 1] ?? 0) <= gapMs;
    if (open !== undefined && isNext) open[1] = i;
    else found.push([i, i]);
  }
  return found;
}

/** Newest, lowest and highest from a time on; undefined if nothing was measured. now is null when the newest is a gap. */
export function extent({ at, values }: Points, from: number): Extent | undefined {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = firstFrom(at, from); i < at.length; i++) {
    const value = values[i] ?? NaN;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (lowest === Infinity) return undefined;
  const now = values.at(-1) ?? NaN;
  return { now: Number.isNaN(now) ? null : now, lowest, highest };
}

/** Index of the point nearest to a time within the window, for a pointer. */
export function nearest(at: readonly number[], from: number, time: number): number | undefined {
  const start = firstFrom(at, from);
  if (start >= at.length) return undefined;
  const after = Math.max(start, Math.min(firstFrom(at, time), at.length - 1));
  const before = Math.max(start, after - 1);
  return time - (at[before] ?? 0) < (at[after] ?? 0) - time ? before : after;
}
