import { cellCount, type Points } from './pointRing.js';
import { medianOf } from './statistics.js';

const cellsPerBin = 3;
const bins = 24;
const fewestInBin = 4;
const fewestLives = 2;
/** So many points of an age count as much as those of servers that have long been up. */
const binWeight = 4;
/** Up for so long, it has filled its caches: 12 hours, in points. */
export const settled = bins * cellsPerBin;

const some = new Float64Array(cellCount);

/**
 * What a server has less of while it is young, by half hours since its start: it fills its caches at first. values: what players
 * leave over, by point. Null where no start was seen twice.
 */
export function agesOf({ count, cell, uptime }: Points, values: Float64Array): Float64Array | null {
  let old = 0;
  for (let place = 0; place < count; place++) if ((uptime[place] ?? 0) >= settled) some[old++] = values[place] ?? 0;
  if (old < settled) return youngOnly({ count, cell, uptime }, values);
  return levels({ count, cell, uptime }, values, medianOf(some.subarray(0, old)));
}

type Lives = Pick<Points, 'count' | 'cell' | 'uptime'>;

/** One that is started anew too often to ever settle: beside the last hours of its lives. */
function youngOnly(points: Lives, values: Float64Array): Float64Array | null {
  let oldest = 0;
  for (let place = 0; place < points.count; place++) oldest = Math.max(oldest, points.uptime[place] ?? 0);
  let late = 0;
  for (let place = 0; place < points.count; place++)
    if ((points.uptime[place] ?? 0) >= 0.7 * oldest) some[late++] = values[place] ?? 0;
  return late < fewestInBin ? null : levels(points, values, medianOf(some.subarray(0, late)));
}

function levels({ count, cell, uptime }: Lives, values: Float64Array, reference: number): Float64Array | null {
  const found = new Float64Array(bins);
  let known = 0;
  for (let bin = 0; bin < bins; bin++) {
    let inBin = 0;
    let lives = 0;
    let life = -1;
    for (let place = 0; place < count; place++) {
      const age = uptime[place] ?? 0;
      if (Math.floor(age / cellsPerBin) !== bin) continue;
      some[inBin++] = (values[place] ?? 0) - reference;
      const began = (cell[place] ?? 0) - age;
      if (Math.abs(began - life) > 1) lives++;
      life = began;
    }
    if (inBin < fewestInBin || lives < fewestLives) continue;
    known++;
    found[bin] = (medianOf(some.subarray(0, inBin)) * inBin) / (inBin + binWeight);
  }
  return known === 0 ? null : found;
}

/** age: in points since the start. Between the middles of two bins by the straight line. */
export function ageAt(ages: Float64Array | null, age: number): number {
  if (ages === null || age >= settled) return 0;
  const place = (age + 0.5) / cellsPerBin - 0.5;
  const below = Math.max(0, Math.floor(place));
  const share = Math.max(0, place - below);
  const here = ages[below] ?? 0;
  return here + ((ages[below + 1] ?? 0) - here) * share;
}
