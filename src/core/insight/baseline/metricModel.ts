import { ageAt, agesOf } from './ages.js';
import { distributionOf, type Distribution } from './distribution.js';
import type { Habit } from './insightMetrics.js';
import { hourOf, hoursOf, reachOf, type Hours } from './hours.js';
import { lineAt, playersAt, playersLineOf, playersOf, type Lag, type PlayersLine } from './playersLine.js';
import { cellCount, cellMs, type Points } from './pointRing.js';
import { furthest, medianOf, spreadOf } from './statistics.js';

/**
 * What is expected at a moment: the middle, the range in which a minute usually lies, and the limits beyond which it is out of
 * the ordinary.
 */
export interface Band {
  mid: number;
  low: number;
  high: number;
  limitLow: number;
  limitHigh: number;
}

/** What has been learned of one metric. Points: how many, ten minutes each. */
export interface MetricModel {
  readonly points: number;
  readonly days: number;
  readonly all: Distribution;
  readonly line: PlayersLine | null;
  /** What it has less while it is young. */
  readonly ages: Float64Array | null;
  readonly hours: Hours;
  /** Robust standard deviation of a minute around what is expected, at the level `at`. */
  readonly scale: number;
  /** By which power deviations grow with the level, and by which the furthest do: what bursts add need not grow. */
  readonly at: number;
  readonly power: number;
  readonly farPower: number;
  /** In deviations: nearer is nothing out of the ordinary even where nothing like it was ever seen. */
  readonly near: number;
  /** In deviations that grow as the furthest do: the usual range of a minute, and the limits. */
  readonly usual: Sides;
  readonly limits: Sides;
  /** In deviations: beyond that the mean of an hour has hardly ever been. */
  readonly hourly: Sides;
  /** Players would explain it, but nobody tells how many there are. */
  readonly isBlind: boolean;
  /** So much further than just before it has hardly ever been, where that was below or above the median. */
  readonly jumps: Sides;
}

interface Sides {
  readonly low: number;
  readonly high: number;
}

type Following = 'no' | 'now' | 'slow' | Lag;

const perDay = 144;
/** Three hours of a day say what it is like. */
const eveningCells = 18;
/** Two hours: from less nothing can be said. */
const fewestPoints = 12;
/** What nobody would call unusual is at least so many deviations. */
const unitsInLeast = 8;
/** So many robust deviations are out of the ordinary even where nothing like it was ever seen. */
const farOff = 4;
const tiny = 1e-6;
/** So many around what is expected are usual. */
const usualUnits = 2;
/** How much further than the furthest half percent that was seen. */
const beyond = 1.2;
/** The same of jumps, which are looked at only where nobody knows who plays: of ten minutes, while faults last for longer. */
const jumpBeyond = 1.1;
/** In the first days not everything has been seen that is normal: limits are so much wider at the very beginning. */
const wideAtFirst = 0.6;
const wideDays = 5;
/** Where nobody knows who plays, an evening may be so much busier than all before. */
const blindness = 1.15;

const fitted = new Float64Array(cellCount);
const units = new Float64Array(cellCount);
const above = new Float64Array(cellCount);
const below = new Float64Array(cellCount);
const sorting = new Float64Array(cellCount);

/**
 * Null where there is too little to say. players: whether, and how slowly, they may explain it; or how slowly they do, as was
 * found before. zoneMinutes: local time is so far ahead of UTC.
 */
export function modelOf(points: Points, habit: Habit, players: Following, zoneMinutes: number): MetricModel | null {
  const { count } = points;
  if (count < fewestPoints) return null;
  const all = distributionOf(points);
  const { line, ages } = explanationOf(points, all.median, players);
  const known = (place: number): number => playersOf(line, points.players, place);
  for (let place = 0; place < count; place++) {
    fitted[place] = centre(line, all.median, known(place)) + ageAt(ages, points.uptime[place] ?? 0);
    units[place] = (points.mid[place] ?? 0) - (fitted[place] ?? 0);
  }
  const growing = powerOf(count, all.median);
  for (let place = 0; place < count; place++) units[place] = (units[place] ?? 0) / growth(fitted[place] ?? 0, growing);
  const hours = hoursOf(points, units, zoneMinutes);
  const scale = scaleOf(points, growing);
  for (let place = 0; place < count; place++) {
    const level = fitted[place] ?? 0;
    const distance = (units[place] ?? 0) * growth(level, growing);
    units[place] = distance / unitOf(level, scale, growing, habit);
    extremes(points, place, distance);
  }
  const far = { at: growing.at, power: farPowerOf(count, growing.power) };
  for (let place = 0; place < count; place++) inUnits(place, unitOf(fitted[place] ?? 0, scale, far, habit));
  // Beside nothing else than what is known by now.
  for (let one = 1; one <= points.covered; one++) {
    const place = cellCount - one;
    const base = centre(line, all.median, known(place)) + ageAt(ages, points.uptime[place] ?? 0);
    const level = (hours.level[hourOf((points.cell[place] ?? 0) * cellMs, zoneMinutes)] ?? 0) * growth(base, growing);
    extremes(points, place, (points.mid[place] ?? 0) - base - level);
    inUnits(place, unitOf(base, scale, far, habit));
  }
  const reach = reachOf(points, hours, { above, below }, zoneMinutes);
  for (let hour = 0; hour < 24; hour++) hours.level[hour] = (hours.level[hour] ?? 0) / scale;
  const days = daysOf(points);
  const isBlind = isUnknown(points, players);
  const wide = (1 + wideAtFirst * Math.max(0, 1 - days / wideDays)) * (isBlind ? blindness : 1);
  const upper = besides(points, above, reach.special, zoneMinutes);
  const high = Math.max(beyond * furthest(upper, 0.995) * wide, beyond * reach.high || 0);
  const usualHigh = furthest(upper, 0.9);
  const lower = besides(points, below, reach.special, zoneMinutes);
  const low = Math.min(beyond * furthest(lower, 0.005) * wide, beyond * reach.low || 0);
  const usualLow = furthest(lower, 0.1);
  return {
    ...{ points: count, days, all, line, ages, hours, scale, at: far.at, power: growing.power, farPower: far.power },
    near: farOff * wide,
    usual: { low: usualLow, high: usualHigh },
    limits: { low, high },
    hourly: hourlyOf(points, wide),
    isBlind,
    jumps: jumpsOf(points, habit, { median: all.median, wide: jumpBeyond * wide }),
  };
}

/** One that is up in the evenings only is known after as many of them: the last may have just begun. */
function daysOf({ count, cell }: Points): number {
  let evenings = 0;
  let day = -1;
  let inDay = 0;
  for (let place = 0; place < count; place++) {
    const here = Math.floor((cell[place] ?? 0) / perDay);
    if (here !== day) inDay = 0;
    day = here;
    if (++inDay === eveningCells) evenings++;
  }
  return Math.max(count / perDay, evenings - 1);
}

/** How far above what was just before (a mean that forgets so fast) three days have reached, or the most of fewer. */
function jumpsOf(
  { count, cell, mid }: Points,
  { sudden }: Habit,
  { median, wide }: { median: number; wide: number },
): Sides {
  if (sudden === undefined) return { low: 0, high: 0 };
  const [low, upper] = [new Float64Array(8), new Float64Array(8)];
  let before = NaN;
  let last = 0;
  const share = 1 - Math.exp(-cellMs / sudden.ms);
  for (let place = 0; place < count; place++) {
    const here = cell[place] ?? 0;
    if (here - last !== 1) before = NaN;
    last = here;
    const day = Math.floor(here / perDay) % 8;
    const days = before > median ? upper : low;
    if (!Number.isNaN(before)) days[day] = Math.max(days[day] ?? 0, (mid[place] ?? 0) - before);
    before = Number.isNaN(before) ? (mid[place] ?? 0) : before + ((mid[place] ?? 0) - before) * share;
  }
  const third = (days: Float64Array): number =>
    wide * (days.sort().findLast((_, day) => day < 6 && (days[day] ?? 0) > 0) ?? days[7] ?? 0);
  return { low: third(low), high: third(upper) };
}

/** Where it may be slow, also by the age; each beside the other. */
function explanationOf(
  points: Points,
  median: number,
  players: Following,
): { line: PlayersLine | null; ages: Float64Array | null } {
  if (players === 'no') return { line: null, ages: null };
  if (players === 'now') return { line: playersLineOf(points, points.mid, false), ages: null };
  // By what is left when the garbage is collected: that is what players need.
  const { count, low, mid } = points;
  const lag = players === 'slow' ? true : players;
  let line = playersLineOf(points, low, lag);
  let ages: Float64Array | null = null;
  for (let round = 0; round < 2; round++) {
    for (let place = 0; place < count; place++)
      units[place] = (low[place] ?? 0) - centre(line, median, playersOf(line, points.players, place));
    ages = agesOf(points, units);
    if (ages === null || round > 0) break;
    for (let place = 0; place < count; place++)
      fitted[place] = (low[place] ?? 0) - ageAt(ages, points.uptime[place] ?? 0);
    line = playersLineOf(points, fitted, lag);
  }
  if (line === null) return { line, ages };
  // Garbage is part of what is measured.
  for (let place = 0; place < count; place++) sorting[place] = (mid[place] ?? 0) - (low[place] ?? 0);
  return { line: { ...line, intercept: line.intercept + medianOf(sorting.subarray(0, count)) }, ages };
}

/** Players would explain it, but nobody tells how many there are. */
function isUnknown({ count, players: [known] }: Points, players: Following): boolean {
  if (players === 'no') return false;
  let some = 0;
  for (let place = 0; place < count; place++) if (!Number.isNaN(known?.[place] ?? NaN)) some++;
  return some < count / 4;
}

/** How far the highest and lowest minute of a point are from what is expected. distance: of its middle. */
function extremes(points: Points, place: number, distance: number): void {
  const mid = points.mid[place] ?? 0;
  above[place] = distance + ((points.high[place] ?? 0) - mid);
  below[place] = distance - (mid - (points.low[place] ?? 0));
}

function inUnits(place: number, unit: number): void {
  above[place] = (above[place] ?? 0) / unit;
  below[place] = (below[place] ?? 0) / unit;
}

/** players: NaN where not known; then what is usual over all. */
function centre(line: PlayersLine | null, median: number, players: number): number {
  return line === null || Number.isNaN(players) ? median : lineAt(line, players);
}

interface Growing {
  readonly at: number;
  readonly power: number;
}

function growth(level: number, { at, power }: Growing): number {
  return power === 0 ? 1 : Math.max(0.5, Math.max(level, 0) / at) ** power;
}

/** One deviation at this level; never so small that a dozen of them would be nothing to anybody. */
function unitOf(level: number, scale: number, growing: Growing, { least, leastShare }: Habit): number {
  return Math.max(scale * growth(level, growing), least / unitsInLeast, (leastShare * Math.abs(level)) / unitsInLeast);
}

/**
 * By robust means. at: when, Unix milliseconds; players: by lag, NaN where not known. Writes into `into`, as this is done
 * for every metric all the time. weekly: what is known of this very hour of the week instead of its hour of the day, in
 * deviations; NaN: nothing.
 */
export function bandAt(
  model: MetricModel,
  habit: Habit,
  { at, players, zoneMinutes, weekly, weeklyReach, age }: Moment,
  into: Band,
): Band {
  const { line, hours, scale, limits, usual, near } = model;
  const number = line === null ? NaN : playersAt(line, players);
  const base = centre(line, model.all.median, number) + ageAt(model.ages, age);
  const unit = unitOf(base, scale, model, habit);
  const far = unitOf(base, scale, { at: model.at, power: model.farPower }, habit);
  const hour = hourOf(at, zoneMinutes);
  const mid = base + (Number.isNaN(weekly) ? (hours.level[hour] ?? 0) : weekly) * scale * growth(base, model);
  const reachedHigh = beyond * (hours.high[hour] ?? NaN);
  const reachedLow = beyond * (hours.low[hour] ?? NaN);
  const high = Math.max(near * unit, far * (reachedHigh > limits.high ? reachedHigh : limits.high));
  const low = Math.min(-near * unit, far * (reachedLow < limits.low ? reachedLow : limits.low));
  const least = Math.max(habit.least, habit.leastShare * Math.abs(mid));
  // More players than ever: each may cost twice as much as the others.
  const unseen = line !== null && number > line.most ? Math.abs(line.slope) * (number - line.most) : 0;
  into.mid = Math.max(0, mid);
  into.low = Math.max(0, mid + Math.min(usualUnits * -unit, usual.low * far) - unseen);
  into.high = mid + Math.max(usualUnits * unit, usual.high * far) + unseen;
  into.limitLow = mid + Math.min(low, -least) - unseen;
  into.limitHigh = mid + Math.max(high, least) + unseen;
  // What comes every week at this hour.
  const reached = base + beyond * weeklyReach * scale * growth(base, model);
  if (reached > into.limitHigh) into.limitHigh = reached;
  if (reached < into.limitLow) into.limitLow = reached;
  return into;
}

export interface Moment {
  at: number;
  players: Float64Array;
  zoneMinutes: number;
  weekly: number;
  /** How far the worst minutes of this hour of the week have reached, in deviations; NaN: not known. */
  weeklyReach: number;
  /** In points since the server's start. */
  age: number;
}

/** Mean and three standard deviations, as anybody would do it; nothing is taken into account. */
export function plainBand({ all }: MetricModel, into: Band): Band {
  into.mid = all.mean;
  into.limitLow = all.mean - 3 * all.sd;
  into.low = Math.max(0, into.limitLow);
  into.high = into.limitHigh = all.mean + 3 * all.sd;
  return into;
}

/** One deviation at this level, in the metric's unit. */
export function unitAt(model: MetricModel, habit: Habit, level: number): number {
  return unitOf(level, model.scale, model, habit);
}

/** The same however small it is: in these the levels of hours are told. */
export function plainUnitAt(model: MetricModel, level: number): number {
  return model.scale * growth(level, model);
}

function copied(values: Float64Array, count: number): Float64Array {
  const part = sorting.subarray(0, count);
  part.set(values.subarray(0, count));
  return part;
}

/** Of all hours but the special ones. */
function besides(
  { count, cell }: Points,
  values: Float64Array,
  special: Uint8Array,
  zoneMinutes: number,
): Float64Array {
  let some = 0;
  for (let place = 0; place < count; place++)
    if (special[hourOf((cell[place] ?? 0) * cellMs, zoneMinutes)] !== 1) sorting[some++] = values[place] ?? 0;
  return sorting.subarray(0, some);
}

/** Whether deviations grow with the level: by the upper and the lower half. From `fitted` and `units`. */
function powerOf(count: number, median: number): Growing {
  const { at, ratio } = halvesOf(count);
  if (ratio === null) return { at: Math.max(at, Math.abs(median), tiny), power: 0 };
  for (let place = 0; place < count; place++) above[place] = Math.abs(units[place] ?? 0);
  return { at, power: Math.min(1, powerBetween(count, at, ratio, 0.5)) };
}

/** The same of the furthest of them, from `fitted` and `above`; no more than all the others. */
function farPowerOf(count: number, power: number): number {
  const { at, ratio } = halvesOf(count);
  return ratio === null || power === 0 ? 0 : Math.min(power, powerBetween(count, at, ratio, 0.97));
}

/** at: the level in the middle; ratio: of the levels in the middles of the upper and the lower half; null: nearly the same. */
function halvesOf(count: number): { at: number; ratio: number | null } {
  const levels = copied(fitted, count);
  const at = Math.max(furthest(levels, 0.5), tiny);
  const [low, high] = [furthest(levels, 0.25), furthest(levels, 0.75)];
  return { at, ratio: !(low > 0) || high < 1.2 * low || count < 72 ? null : high / low };
}

/** By how much the upper half reaches further than the lower; share: which of each half is compared. From `fitted` and `above`. */
function powerBetween(count: number, at: number, ratio: number, share: number): number {
  const half = (isUpper: boolean): number => {
    let some = 0;
    for (let place = 0; place < count; place++)
      if ((fitted[place] ?? 0) > at === isUpper) sorting[some++] = above[place] ?? 0;
    return furthest(sorting.subarray(0, some), share);
  };
  const [upper, lower] = [half(true), half(false)];
  return lower > 0 && upper > 0 ? Math.max(0, Math.log(upper / lower) / Math.log(ratio)) : 0;
}

/** Of a minute: around its ten minutes, and of these around what is expected. From `units`, not yet in deviations. */
function scaleOf({ count, sd }: Points, growing: Growing): number {
  for (let place = 0; place < count; place++) sorting[place] = (sd[place] ?? 0) / growth(fitted[place] ?? 0, growing);
  const within = medianOf(sorting.subarray(0, count));
  const among = spreadOf(units.subarray(0, count), 0);
  return Math.max(Math.hypot(within, among), tiny);
}

/** Of the mean of six points in a row, from `units` in deviations. */
function hourlyOf({ count, cell }: Points, wide: number): { low: number; high: number } {
  let found = 0;
  for (let place = 5; place < count; place++) {
    if ((cell[place] ?? 0) - (cell[place - 5] ?? 0) !== 5) continue;
    let sum = 0;
    for (let back = 0; back < 6; back++) sum += units[place - back] ?? 0;
    sorting[found++] = sum / 6;
  }
  if (found < fewestPoints) return { low: -Infinity, high: Infinity };
  const means = sorting.subarray(0, found);
  return { low: furthest(means, 0.005) * wide, high: furthest(means, 0.995) * wide };
}
