import { cellCount, type Points } from './pointRing.js';
import { furthest, quantileOf, spreadOf, toDeviation } from './statistics.js';

/** Of minutes' means. */
export interface Distribution {
  readonly mean: number;
  readonly sd: number;
  readonly median: number;
  readonly mad: number;
  /** At 1, 5, 25, 50, 75, 95 and 99 percent. */
  readonly quantiles: readonly number[];
}

const sorting = new Float64Array(cellCount);

export function distributionOf(points: Points): Distribution {
  const { count } = points;
  let minutes = 0;
  let sum = 0;
  for (let place = 0; place < count; place++) {
    minutes += points.minutes[place] ?? 0;
    sum += (points.minutes[place] ?? 0) * (points.mean[place] ?? 0);
  }
  const mean = sum / minutes;
  let squares = 0;
  for (let place = 0; place < count; place++)
    squares += (points.minutes[place] ?? 0) * ((points.sd[place] ?? 0) ** 2 + ((points.mean[place] ?? 0) - mean) ** 2);
  const mids = copied(points.mid, count).sort();
  const [q05, q25, median, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantileOf(mids, share));
  const mad = spreadOf(points.mid.subarray(0, count), median ?? 0) / toDeviation;
  const lowest = furthest(copied(points.low, count), 0.05);
  const highest = furthest(copied(points.high, count), 0.95);
  const quantiles = [
    Math.min(lowest, q05 ?? 0),
    ...[q05, q25, median, q75, q95].map((one) => one ?? 0),
    Math.max(highest, q95 ?? 0),
  ];
  return { mean, sd: Math.sqrt(squares / minutes), median: median ?? 0, mad, quantiles };
}

function copied(values: Float64Array, count: number): Float64Array {
  const part = sorting.subarray(0, count);
  part.set(values.subarray(0, count));
  return part;
}
