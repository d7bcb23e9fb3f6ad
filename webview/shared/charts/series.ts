/**
 * One metric over time, oldest first: mean, lowest and highest of each point, which are the same for a single sample. A row
 * of nulls ends a line: nothing is drawn across it.
 */
export interface Trace {
  readonly at: number[];
  readonly mean: (number | null)[];
  readonly min: (number | null)[];
  readonly max: (number | null)[];
}

/** One line of a chart. name: '' where the chart's heading says it; isDotted: of another kind than those beside it. */
export interface Line {
  readonly name: string;
  readonly tone: 'blue' | 'purple' | 'green' | 'orange' | 'yellow';
  readonly isDotted: boolean;
  readonly trace: Trace;
}

/** Points as they were measured; NaN where nothing was. */
export interface Points {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** Points as the history has them: `at` is when each bucket of `bucketMs` begins, `rowMs` what one row in it stands for. */
export interface Buckets {
  readonly at: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  readonly bucketMs: number;
  readonly rowMs: number;
}

export interface Extent {
  readonly lowest: number;
  readonly highest: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
const spans = [1, 2, 5, 10, 15].map((minutes) => minutes * minuteMs);
/** Longer than the longest monitoring interval by default: a busy PC is not a gap. */
const shortestGapMs = 12_000;

/**
 * The time axis: ends with the newest point and starts as late as the data allows, in steps up to the longest, so that the
 * panel of a server that has just started is not an empty box with a line at its right edge.
 */
export function timeWindow(first: number, to: number, longestMs: number): Span {
  const span = spans.find((step) => step >= to - first) ?? longestMs;
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

/** A silence longer than this is a gap: three times the usual one, which follows the load of the PC. */
export function gapAfterMs(silences: readonly number[]): number {
  const sorted = silences.toSorted((a, b) => a - b);
  return Math.max(shortestGapMs, 3 * (sorted[sorted.length >> 1] ?? 0));
}

/**
 * The history's points, followed by the live ones that are newer. Buckets may be shorter than the time between samples, so
 * an empty one is not yet a gap, but a silence of some length is.
 */
export function traceOf(history: Buckets | undefined, live: Points): Trace {
  const trace: Trace = { at: [], mean: [], min: [], max: [] };
  const coveredTo = history === undefined ? -Infinity : addHistory(trace, history);
  addLive(trace, live, coveredTo);
  return trace;
}

/** Returns up to when the history knows something. A point stands in the middle of its bucket. */
function addHistory(trace: Trace, { at, mean, min, max, bucketMs, rowMs }: Buckets): number {
  const known = Array.from(at, (_, i) => i).filter((i) => !Number.isNaN(mean[i]));
  const start = (index: number) => at[known[index] ?? 0] ?? 0;
  const silences = known.slice(1).map((_, index) => start(index + 1) - start(index) - bucketMs - rowMs);
  const gapMs = gapAfterMs(silences);
  for (const [index, i] of known.entries()) {
    if (index > 0 && (silences[index - 1] ?? 0) > gapMs)
      addGap(trace, (start(index) + start(index - 1) + bucketMs) / 2);
    add(trace, start(index) + bucketMs / 2, mean[i] ?? NaN, min[i] ?? NaN, max[i] ?? NaN);
  }
  return known.length === 0 ? -Infinity : start(known.length - 1) + bucketMs;
}

function addLive(trace: Trace, { at, values }: Points, coveredTo: number): void {
  const recent = at.slice(-60);
  const gapMs = gapAfterMs(recent.slice(1).map((time, i) => time - (recent[i] ?? time)));
  let last = coveredTo;
  for (let i = firstFrom(at, coveredTo); i < at.length; i++) {
    const [time = 0, value = NaN] = [at[i], values[i]];
    if (Number.isNaN(value)) {
      addGap(trace, time);
    } else {
      if (time - last > gapMs) addGap(trace, (time + last) / 2);
      add(trace, time, value, value, value);
      last = time;
    }
  }
}

function add(
  { at, mean, min, max }: Trace,
  time: number,
  ...values: [number | null, number | null, number | null]
): void {
  at.push(time);
  mean.push(values[0]);
  min.push(values[1]);
  max.push(values[2]);
}

/** None before the first point, and one is enough. */
function addGap(trace: Trace, time: number): void {
  if (trace.mean.length > 0 && trace.mean.at(-1) !== null) add(trace, time, null, null, null);
}

/** Lowest and highest from a time on; undefined if nothing was measured. */
export function extent({ at, min, max }: Trace, from: number): Extent | undefined {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = firstFrom(at, from); i < at.length; i++) {
    lowest = Math.min(lowest, min[i] ?? Infinity);
    highest = Math.max(highest, max[i] ?? -Infinity);
  }
  return lowest === Infinity ? undefined : { lowest, highest };
}

/** Every time at which one of the lines has a point or a gap, oldest first. */
export function timesOf(lines: readonly Line[]): readonly number[] {
  const [first, ...others] = lines;
  if (others.length === 0) return first?.trace.at ?? [];
  return [...new Set(lines.flatMap(({ trace }) => trace.at))].sort((a, b) => a - b);
}

/** The points without a neighbour, which no line shows; undefined is no point of this line at all. */
export function lonePoints(mean: ArrayLike<number | null | undefined>): number[] {
  const points = Array.from(mean, (_, i) => i).filter((i) => mean[i] !== undefined);
  const isKnown = (i: number | undefined) => i !== undefined && mean[i] !== null;
  return points.filter((i, n) => isKnown(i) && !isKnown(points[n - 1]) && !isKnown(points[n + 1]));
}

/** Index of the point nearest to a time within the window, for a pointer. */
export function nearest(at: readonly number[], from: number, time: number): number | undefined {
  const start = firstFrom(at, from);
  if (start >= at.length) return undefined;
  const after = Math.max(start, Math.min(firstFrom(at, time), at.length - 1));
  const before = Math.max(start, after - 1);
  return time - (at[before] ?? 0) < (at[after] ?? 0) - time ? before : after;
}
