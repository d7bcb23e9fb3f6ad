import { ageAt } from '../baseline/ages.js';
import type { MetricModel } from '../baseline/metricModel.js';
import { lineAt, playersOf } from '../baseline/playersLine.js';
import { cellCount, type Points } from '../baseline/pointRing.js';
import { middleOfThree } from '../baseline/statistics.js';

/** In points of ten minutes: 2 to 6 hours. */
export const windows = [11, 15, 22, 36] as const;
/** The place in `lagsMs` of those by whom it is said how busy it is. */
export const calmLag = 6;
/** What is newer says nothing about what is usual: it may be the leak itself. 12 hours. */
const guard = 72;
/** A server fills its caches at first; until then it is compared with how it grew at that age before. 8 hours. */
export const youngCells = 48;
/** Of windows: about a day's. */
const fewestMature = 100;
/** Between the classes of how busy it is; of the most that ever played. */
const shares = [0.08, 0.2, 0.45] as const;

/**
 * How much memory has grown within each window at most, beside what players explain and at all, where nothing was wrong: what is
 * not given back when players leave does not grow. Bytes, NaN: not known.
 */
export interface UsualGrowth {
  /** By window, and class of how many played at most: the most of this class and all below. */
  readonly most: readonly (readonly number[])[];
  /** What three days have reached, whatever was said of them. */
  readonly third: readonly number[];
  /** By window, and age in points at the window's end. */
  readonly young: readonly Float64Array[];
  /** Of so many lives that began. */
  readonly lives: number;
  /** More never played. */
  readonly players: number;
}

const floors = new Float64Array(cellCount);
/** Of twenty minutes: garbage may be collected as seldom as that. */
const lowest = new Float64Array(cellCount);
const middles = new Float64Array(cellCount);
/** The same of what was measured. */
const raw = new Float64Array(cellCount);
const rawMiddles = new Float64Array(cellCount);
const cells = new Float64Array(cellCount);
const ages = new Float64Array(cellCount);
const slow = new Float64Array(cellCount);
const perDay = 144;

/**
 * What players explain of it, as many as count on for the line's time (NaN where they are not known), and that it is young. age:
 * in points.
 */
export function explained({ line, ages }: MetricModel, players: number, age: number): number {
  return (line === null ? 0 : lineAt(line, players) - lineAt(line, 0)) + ageAt(ages, age);
}

/** The rise over a window that ends at `last`: between the middles of its first and its last three values. */
export function riseOf(values: ArrayLike<number>, last: number, width: number): number {
  const three = (place: number): number =>
    middleOfThree(values[place] ?? NaN, values[place - 1] ?? NaN, values[place - 2] ?? NaN);
  return three(last) - three(last - width + 3);
}

/**
 * How busy a window was: by the most that played in it, beside the most that ever did. The more play, the more memory comes and
 * goes. Where nobody knows who plays it may have been anything.
 */
export function busynessOf(slowPlayers: ArrayLike<number>, first: number, last: number, most: number): number {
  let high = 0;
  for (let place = first; place <= last; place++) {
    const players = slowPlayers[place] ?? NaN;
    if (!(players >= 0)) return shares.length;
    high = Math.max(high, players);
  }
  let busyness = 0;
  while (busyness < shares.length && high > (shares[busyness] ?? 0) * most) busyness++;
  return busyness;
}

export function usualGrowth(points: Points, model: MetricModel, newest: number, lifeBegan: number): UsualGrowth {
  let count = 0;
  let most = 0;
  const calm = points.players[calmLag] ?? floors;
  const add = (place: number): void => {
    if ((points.cell[place] ?? 0) > newest - guard) return;
    cells[count] = points.cell[place] ?? 0;
    ages[count] = points.uptime[place] ?? 0;
    slow[count] = calm[place] ?? NaN;
    raw[count] = points.low[place] ?? NaN;
    floors[count] =
      (points.low[place] ?? NaN) -
      explained(model, playersOf(model.line, points.players, place), points.uptime[place] ?? 0);
    if ((slow[count] ?? 0) > most) most = slow[count] ?? 0;
    count++;
  };
  for (let place = 0; place < points.count; place++) add(place);
  const known = growthIn(count, most, lifeBegan);
  // What anomalies cover counts, too, where it comes on several days: the ring is in the order of time again.
  const lives = livesIn(count, lifeBegan);
  if (points.covered === 0) return { ...known, lives, players: most };
  count = 0;
  let plain = 0;
  for (let covered = 1; plain < points.count || covered <= points.covered;) {
    const hasPlain = plain < points.count;
    const isCovered =
      covered <= points.covered && !(hasPlain && (points.cell[plain] ?? 0) < (points.cell[cellCount - covered] ?? 0));
    add(isCovered ? cellCount - covered++ : plain++);
  }
  const all = growthIn(count, most, lifeBegan);
  return {
    most: known.most.map((classes, place) =>
      classes.map((one) => (Number.isNaN(one) ? NaN : Math.max(one, all.third[place] ?? 0))),
    ),
    ...{ third: all.third, young: all.young, lives, players: most },
  };
}

/** Lives before this one of which the youth is known, from `cells` and `ages`. */
function livesIn(count: number, lifeBegan: number): number {
  let lives = 0;
  let life = -1;
  for (let place = 0; place < count; place++) {
    const began = (cells[place] ?? 0) - (ages[place] ?? 0);
    if (Math.abs(began - life) <= 1 || (ages[place] ?? 0) >= youngCells || began >= lifeBegan - 1) continue;
    lives++;
    life = began;
  }
  return lives;
}

type Grown = Omit<UsualGrowth, 'players' | 'lives'>;

function growthIn(count: number, most: number, lifeBegan: number): Grown {
  calmed(floors, count, middles);
  calmed(raw, count, rawMiddles);
  const found = windows.map((width) => growthWithin({ count, width, most, lifeBegan }));
  // What grows in a short time may in a longer one: of the long ones there are few that say anything new.
  for (const [place, wide] of found.entries()) {
    const narrow = found[place - 1];
    if (narrow === undefined) continue;
    for (const [kind, one] of narrow.most.entries()) if (one > (wide.most[kind] ?? NaN)) wide.most[kind] = one;
    for (const [age, one] of narrow.young.entries()) if (one > (wide.young[age] ?? NaN)) wide.young[age] = one;
    wide.third = Math.max(wide.third, narrow.third);
  }
  return {
    most: found.map((one) => one.most),
    third: found.map((one) => one.third),
    young: found.map((one) => one.young),
  };
}

function calmed(values: Float64Array, count: number, into: Float64Array): void {
  for (let place = count - 1; place > 0; place--)
    lowest[place] = Math.min(values[place] ?? NaN, values[place - 1] ?? NaN);
  lowest[0] = values[0] ?? NaN;
  for (let place = 2; place < count; place++)
    into[place] = middleOfThree(lowest[place] ?? NaN, lowest[place - 1] ?? NaN, lowest[place - 2] ?? NaN);
}

/** From `middles`, `rawMiddles`, `cells`, `ages` and `slow`. */
function growthWithin({
  count,
  width,
  most,
  lifeBegan,
}: {
  count: number;
  width: number;
  most: number;
  lifeBegan: number;
}): {
  most: number[];
  third: number;
  young: Float64Array;
} {
  const young = new Float64Array(youngCells).fill(NaN);
  const highest = new Float64Array(shares.length + 1).fill(-Infinity);
  const windowsOf = new Float64Array(shares.length + 1);
  const ofDays = new Float64Array(8).fill(-Infinity);
  for (let last = width - 1; last < count; last++) {
    const first = last - width + 1;
    const age = ages[last] ?? 0;
    if ((cells[last] ?? 0) - (cells[first] ?? 0) !== width - 1) continue;
    if (age - (ages[first] ?? 0) !== width - 1 || (ages[first] ?? 0) < 2) continue;
    const beside = (middles[last] ?? NaN) - (middles[first + 2] ?? NaN);
    const rise = Math.min(beside, (rawMiddles[last] ?? NaN) - (rawMiddles[first + 2] ?? NaN));
    if (Number.isNaN(rise)) continue;
    if (age < youngCells) {
      if ((cells[first] ?? 0) < lifeBegan && !((young[age] ?? NaN) > rise)) young[age] = rise;
      continue;
    }
    const kind = busynessOf(slow, first, last, most);
    windowsOf[kind] = (windowsOf[kind] ?? 0) + 1;
    highest[kind] = Math.max(highest[kind] ?? 0, rise);
    const day = Math.floor((cells[last] ?? 0) / perDay) % 8;
    ofDays[day] = Math.max(ofDays[day] ?? 0, rise);
  }
  let all = 0;
  let high = -Infinity;
  const byClass = Array.from(highest, (one, kind) => {
    all += windowsOf[kind] ?? 0;
    high = Math.max(high, one);
    return all < fewestMature ? NaN : high;
  });
  // Of too few the next class tells.
  for (let kind = byClass.length - 2; kind >= 0; kind--)
    if (Number.isNaN(byClass[kind] ?? NaN)) byClass[kind] = byClass[kind + 1] ?? NaN;
  const third = ofDays.sort()[5] ?? NaN;
  return { most: byClass, third, young };
}
