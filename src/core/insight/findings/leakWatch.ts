import { learnedDays, type Baseline } from '../baseline/baseline.js';
import type { MetricModel } from '../baseline/metricModel.js';
import { playersOf } from '../baseline/playersLine.js';
import { settled } from '../baseline/ages.js';
import { cellCount, cellMs, follow, keptAfter, lagsMs, type Points } from '../baseline/pointRing.js';
import { middleOfThree, quantileOf } from '../baseline/statistics.js';
import {
  busynessOf,
  calmLag,
  explained,
  riseOf,
  usualGrowth,
  windows,
  youngCells,
  type UsualGrowth,
} from './growth.js';

/** Memory that grows beside its players: since when (Unix milliseconds), how fast, and how far beyond what is usual. */
export interface Growth {
  readonly begin: number;
  readonly bytesPerHour: number;
  readonly low: number;
  readonly high: number;
  readonly riseBytes: number;
  readonly excess: number;
}

const kept = 40;
const keptInCell = keptAfter(cellMs);
const perHour = 6;
/** The first half hour of a life is loading. */
const loadingCells = 3;
/** So many points may be missing in between. */
const mostMissing = 3;
/** So many times what it has hardly ever grown before. */
const beyondUsual = 1.35;
/** In the shortest time, of which there are most. */
const beyondUsualSoon = 1.5;
/** Less is nobody's worry: bytes, and of what it uses. */
const leastBytes = 24 * 1024 ** 2;
const leastShare = 0.01;
/** Kendall's tau from which on it goes up rather than up and down. */
const steady = 0.5;
/** Each half of the window has its part in the rise: neither a step nor a cache that is full soon. */
const halfShare = 0.25;
/** Half an hour later it has to have gone on, at half of its speed; where it is hardly beyond the limit, later. */
const confirmCells = 3;
const hardly = 1.2;
const hardlyCells = 5;
const goesOn = 0.5;
/** Without a day behind it: this much in six hours, of what it uses. */
const strangerShare = 0.25;
const dayCells = 144;
/** Where nobody knows who plays, some evenings have to have been seen. */
const blindDays = 4;

/** Whether one server's memory leaks, by the floor of each ten minutes beside what players explain. 5 KB. */
export class LeakWatch {
  private readonly lows = new Float64Array(kept);
  /** By lag. */
  private readonly players = lagsMs.map(() => new Float64Array(kept));
  private readonly lagged = new Float64Array(lagsMs.length).fill(NaN);
  private readonly rest = new Float64Array(kept);
  private readonly floors = new Float64Array(kept);
  private count = 0;
  private cell = -1;
  private age = 0;
  private lifeBegan = 0;
  private learnedBy: MetricModel | null = null;
  private usual: UsualGrowth | null = null;
  /** It has grown too much, and is looked at for a while before anybody is told. */
  private suspect: { readonly cell: number; readonly level: number; readonly begin: number } | null = null;
  /** Somebody has said that so much is normal, bytes in an hour. */
  allowedPerHour = 0;

  constructor(private readonly baseline: Baseline) {}

  /** A new life. at: Unix milliseconds. */
  started(at: number): void {
    this.count = 0;
    this.suspect = null;
    this.cell = -1;
    this.lifeBegan = Math.floor(at / cellMs);
  }

  /** The same life goes on: with what was measured of it before. */
  goOn(points: Points): void {
    const places = [...Array(points.count).keys()];
    for (let covered = 1; covered <= points.covered; covered++) places.push(cellCount - covered);
    places.sort((a, b) => (points.cell[a] ?? 0) - (points.cell[b] ?? 0));
    for (const place of places) {
      const cell = points.cell[place] ?? 0;
      if (cell - this.lifeBegan < loadingCells) continue;
      if (this.cell >= 0 && cell - this.cell > mostMissing + 1) this.count = 0;
      this.cell = cell;
      for (let lag = 0; lag < this.lagged.length; lag++) this.lagged[lag] = points.players[lag]?.[place] ?? NaN;
      this.keep(points.low[place] ?? NaN, !Number.isNaN(this.lagged[0] ?? NaN));
    }
    this.age = this.cell - this.lifeBegan;
  }

  /** The next ten minutes; null where nothing is wrong or can be said. players: NaN where not known. */
  seal(cell: number, low: number, players: number): Growth | null {
    this.age = cell - this.lifeBegan;
    if (!Number.isNaN(players)) follow(this.lagged, players, keptInCell);
    if (this.age < loadingCells || Number.isNaN(low)) return null;
    if (this.cell >= 0 && (cell <= this.cell || cell - this.cell > mostMissing + 1)) this.count = 0;
    this.cell = cell;
    this.keep(low, !Number.isNaN(players));
    const model = this.baseline.model('memory');
    if (model === null || this.count < windows[0]) return null;
    this.learn(model);
    for (let place = 0; place < this.count; place++)
      this.rest[place] =
        (this.lows[place] ?? NaN) -
        explained(model, playersOf(model.line, this.players, place), this.age - (this.count - 1 - place));
    this.floors.set(this.lows);
    for (const values of [this.rest, this.floors])
      for (let place = this.count - 1; place > 0; place--)
        values[place] = Math.min(values[place] ?? NaN, values[place - 1] ?? NaN);
    let worst: Growth | null = null;
    for (const [place, width] of windows.entries()) {
      if (this.count < width) continue;
      const growth = this.within(place, width, low);
      if (growth !== null && growth.excess > (worst?.excess ?? 0)) worst = growth;
    }
    return this.confirmed(worst);
  }

  private keep(low: number, isKnown: boolean): void {
    if (this.count === kept) {
      for (const values of [this.lows, ...this.players]) values.copyWithin(0, 1);
      this.count--;
    }
    this.lows[this.count] = low;
    for (const [lag, values] of this.players.entries()) values[this.count] = isKnown ? (this.lagged[lag] ?? NaN) : NaN;
    this.count++;
  }

  /** What is but chance comes back: whoever leaks goes on. */
  private confirmed(growth: Growth | null): Growth | null {
    const last = this.count - 1;
    const level = middleOfThree(this.rest[last] ?? NaN, this.rest[last - 1] ?? NaN, this.rest[last - 2] ?? NaN);
    const { suspect } = this;
    if (growth === null) {
      if (suspect !== null && this.cell - suspect.cell > 2 * confirmCells) this.suspect = null;
      return null;
    }
    if (suspect === null) {
      this.suspect = { cell: this.cell, level, begin: growth.begin };
      return null;
    }
    const cells = this.cell - suspect.cell;
    if (cells < (growth.excess < hardly ? hardlyCells : confirmCells)) return null;
    if (level - suspect.level < (goesOn * growth.bytesPerHour * cells) / perHour) {
      this.suspect = null;
      return null;
    }
    return { ...growth, begin: Math.min(growth.begin, suspect.begin) };
  }

  /** How it has grown since then; undefined where that is too short. */
  since(begin: number): Pick<Growth, 'bytesPerHour' | 'low' | 'high'> | undefined {
    const width = Math.min(this.count, this.cell - Math.floor(begin / cellMs) + 1);
    return width < 9 ? undefined : this.slope(width);
  }

  /** Of the last hour and a half, bytes per hour: whether it goes on. */
  recent(): number {
    const width = 9;
    return this.count < width ? NaN : (riseOf(this.rest, this.count - 1, width) * perHour) / (width - 3);
  }

  private learn(model: MetricModel): void {
    if (this.learnedBy === model) return;
    this.learnedBy = model;
    this.usual = usualGrowth(this.baseline.points('memory'), model, this.cell, this.lifeBegan);
  }

  /** What it may grow within a window; Infinity where nobody can know. */
  private limit(place: number, width: number, low: number): number {
    const { usual, count } = this;
    const least = Math.max(leastBytes, leastShare * low, (this.allowedPerHour * (width - 3)) / perHour);
    const players = this.players[calmLag] ?? this.lows;
    const busyness = busynessOf(players, count - width, count - 1, usual?.players ?? 0);
    const mature = usual?.most[place]?.[busyness] ?? NaN;
    const days = this.baseline.model('memory')?.days ?? 0;
    // Growth that nobody can explain by players, or of which few days are known, has to be plainer.
    const beyond = place === 0 ? beyondUsualSoon : beyondUsual;
    const isBlind = Number.isNaN(players[count - 1] ?? NaN);
    if (isBlind && days < blindDays) return Infinity;
    const doubt = (isBlind ? 2 : 1) * (1 + 1.5 * Math.max(0, 1 - days / learnedDays));
    if (this.age < settled) {
      const steepest = this.steepestAtThisAge(place);
      // Of few lives the steepest says little.
      const few = 1 + 0.75 / Math.max(1, this.usual?.lives ?? 1);
      if (!Number.isNaN(steepest)) return Math.max(least, beyond * doubt * few * Math.max(steepest, mature || 0));
      if (this.age < youngCells || this.isFirstLife) return Infinity;
    }
    if (!Number.isNaN(mature)) return Math.max(least, beyond * doubt * mature);
    return width >= 36 && this.age >= dayCells / 2 ? Math.max(4 * least, strangerShare * low) : Infinity;
  }

  /** None before it was seen young. */
  private get isFirstLife(): boolean {
    return this.usual?.young[0]?.every((rise) => Number.isNaN(rise)) ?? true;
  }

  /** Of former lives, give or take half an hour; NaN where there were none. */
  private steepestAtThisAge(place: number): number {
    const ages = this.usual?.young[place];
    let steepest = NaN;
    const near = Math.min(this.age, youngCells - 1);
    for (let age = Math.max(0, near - 3); age <= Math.min(youngCells - 1, near + 3); age++) {
      const rise = ages?.[age] ?? NaN;
      if (!Number.isNaN(rise)) steepest = Number.isNaN(steepest) ? rise : Math.max(steepest, rise);
    }
    // From then on until it is settled it is less and less so.
    return steepest * Math.min(1, (settled - this.age) / (settled - youngCells));
  }

  private within(place: number, width: number, low: number): Growth | null {
    const last = this.count - 1;
    const first = last - width + 1;
    // What is not given back when players leave does not grow.
    const riseBytes = Math.min(riseOf(this.rest, last, width), riseOf(this.floors, last, width));
    const limit = this.limit(place, width, low);
    if (!(riseBytes > limit)) return null;
    // More than ever: nobody knows what they take.
    const { players: most = 0 } = this.usual ?? {};
    for (let one = first; one <= last; one++) if ((this.players[0]?.[one] ?? 0) > 1.1 * most + 1) return null;
    const half = (width + 3) >> 1;
    for (const values of [this.rest, this.floors]) {
      const later = riseOf(values, last, half);
      if (later < halfShare * riseBytes || riseOf(values, last, width) - later < halfShare * riseBytes) return null;
    }
    if (this.tau(first, last) < steady) return null;
    const begin = (this.cell - width + 1) * cellMs;
    return { begin, ...this.slope(width), riseBytes, excess: riseBytes / limit };
  }

  private tau(first: number, last: number): number {
    let sum = 0;
    let pairs = 0;
    for (let one = first; one < last; one++)
      for (let other = one + 1; other <= last; other++, pairs++)
        sum += Math.sign((this.rest[other] ?? 0) - (this.rest[one] ?? 0));
    return sum / pairs;
  }

  /** Theil and Sen's, with the slopes between which four of five pairs lie; neighbours say nothing, so pairs are a third apart. */
  private slope(width: number): Pick<Growth, 'bytesPerHour' | 'low' | 'high'> {
    const last = this.count - 1;
    const first = last - width + 1;
    const slopes: number[] = [];
    for (let one = first; one < last; one++)
      for (let other = one + Math.ceil(width / 3); other <= last; other++)
        slopes.push(((this.rest[other] ?? 0) - (this.rest[one] ?? 0)) / (other - one));
    const sorted = Float64Array.from(slopes).sort();
    const hourly = (share: number): number => quantileOf(sorted, share) * perHour;
    return { bytesPerHour: hourly(0.5), low: hourly(0.1), high: hourly(0.9) };
  }
}
