import { cellCount, cellMs, type Points } from './pointRing.js';
import { medianOf } from './statistics.js';

const perHour = 6;
const cellsPerDay = 144;
const hoursPerDay = 24;
const days = 8;
/** On fewer days an hour has no level of its own. */
const fewestDays = 3;
/** So many points of an hour count as much as the other hours. */
const hourWeight = 12;
/** In deviations, and times what most hours reach. */
const farOff = 4;
const muchMore = 1.6;

/** What is different at each hour of the day, local time, in usual deviations beside what players explain. */
export interface Hours {
  /** Level; 0 where too few days are known. */
  readonly level: Float64Array;
  /** What at least two days have reached at that hour, give or take an hour; NaN where they have not been two. */
  readonly high: Float64Array;
  readonly low: Float64Array;
}

const hourOfPoint = new Uint8Array(cellCount);
const some = new Float64Array(cellCount);
const highs = new Float64Array(hoursPerDay * days);
const lows = new Float64Array(hoursPerDay * days);

function localCell(cell: number, zoneMinutes: number): number {
  return cell + Math.round((zoneMinutes * 60_000) / cellMs);
}

export function hourOf(at: number, zoneMinutes: number): number {
  return Math.floor(at / 3_600_000 + zoneMinutes / 60) % hoursPerDay;
}

/** units: the middle of each point; they are changed to what is left beside the hour's level. */
export function hoursOf(points: Points, units: Float64Array, zoneMinutes: number): Hours {
  const level = new Float64Array(hoursPerDay);
  for (let place = 0; place < points.count; place++)
    hourOfPoint[place] = Math.floor((localCell(points.cell[place] ?? 0, zoneMinutes) % cellsPerDay) / perHour);
  for (let hour = 0; hour < hoursPerDay; hour++) {
    let count = 0;
    let dayCount = 0;
    let lastDay = -1;
    for (let place = 0; place < points.count; place++) {
      if (hourOfPoint[place] !== hour) continue;
      some[count++] = units[place] ?? 0;
      const day = Math.floor(localCell(points.cell[place] ?? 0, zoneMinutes) / cellsPerDay);
      if (day !== lastDay) dayCount++;
      lastDay = day;
    }
    if (dayCount < fewestDays) continue;
    level[hour] = (medianOf(some.subarray(0, count)) * count) / (count + hourWeight);
  }
  for (let place = 0; place < points.count; place++)
    units[place] = (units[place] ?? 0) - (level[hourOfPoint[place] ?? 0] ?? 0);
  return { level, high: new Float64Array(hoursPerDay).fill(NaN), low: new Float64Array(hoursPerDay).fill(NaN) };
}

/**
 * What three days have reached at any hour but the special ones; NaN where they have not. special: hours at which days reach
 * much more than at most others, as with a backup every night: they say nothing about the others.
 */
export interface Reach {
  readonly high: number;
  readonly low: number;
  readonly special: Uint8Array;
}

/**
 * Fills in what days reach at each hour, and answers what they do at any hour: NaN where they have not been enough. Also what
 * anomalies cover counts: what comes on several days is normal. above, below: the highest and lowest minute of each point,
 * beside its hour's level.
 */
export function reachOf(
  points: Points,
  hours: Hours,
  { above, below }: { above: Float64Array; below: Float64Array },
  zoneMinutes: number,
): Reach {
  highs.fill(-Infinity);
  lows.fill(Infinity);
  const add = (place: number): void => {
    const cell = localCell(points.cell[place] ?? 0, zoneMinutes);
    const day = Math.floor(cell / cellsPerDay) % days;
    const hour = Math.floor((cell % cellsPerDay) / perHour);
    // Also the hours beside it: what comes at five comes at four minutes to five, too, or at six once clocks have changed.
    for (let near = hour + hoursPerDay - 1; near <= hour + hoursPerDay + 1; near++) {
      const slot = (near % hoursPerDay) * days + day;
      highs[slot] = Math.max(highs[slot] ?? 0, above[place] ?? 0);
      lows[slot] = Math.min(lows[slot] ?? 0, below[place] ?? 0);
    }
  };
  for (let place = 0; place < points.count; place++) add(place);
  for (let one = 1; one <= points.covered; one++) add(cellCount - one);
  const dayHighs = dailyReach(highs, hours.high);
  // The same upside down.
  for (let slot = 0; slot < lows.length; slot++) lows[slot] = -(lows[slot] ?? 0);
  const dayLows = dailyReach(lows, hours.low);
  for (let hour = 0; hour < hoursPerDay; hour++) hours.low[hour] = -(hours.low[hour] ?? 0);
  const special = Uint8Array.from(dayHighs.special, (one, hour) => one | (dayLows.special[hour] ?? 0));
  return { high: dayHighs.third, low: -dayLows.third, special };
}

/** values: the most of each hour and day. into: of each hour, what two days have reached. */
function dailyReach(values: Float64Array, into: Float64Array): { third: number; special: Uint8Array } {
  for (let hour = 0; hour < hoursPerDay; hour++) {
    const second = values.slice(hour * days, (hour + 1) * days).sort()[days - 2] ?? -Infinity;
    into[hour] = second > -Infinity ? second : NaN;
  }
  const usual = medianOf(into.filter((one) => !Number.isNaN(one)));
  const special = Uint8Array.from(into, (one) => (one > Math.max(farOff, muchMore * usual) ? 1 : 0));
  const ofDays = new Float64Array(days).fill(-Infinity);
  for (let hour = 0; hour < hoursPerDay; hour++) {
    if (special[hour] === 1) continue;
    for (let day = 0; day < days; day++) ofDays[day] = Math.max(ofDays[day] ?? 0, values[hour * days + day] ?? 0);
  }
  const third = ofDays.sort()[days - 3] ?? -Infinity;
  return { third: third > -Infinity ? third : NaN, special };
}
