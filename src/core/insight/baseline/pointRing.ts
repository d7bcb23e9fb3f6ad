import { metricCount, placeOf } from './insightMetrics.js';
import { middleOfThree } from './statistics.js';

/** A point stands for so long: ten minutes. */
export const cellMs = 600_000;
const perDay = 144;
/** Seven days of them. */
export const cellCount = 7 * perDay;
const columns = 5;
/** A point within an anomaly, beside the number of its minutes. */
const flagBit = 0x80;
const dayBytes = perDay * metricCount * columns * Uint16Array.BYTES_PER_ELEMENT;
const codeBytes = (cellCount / perDay) * dayBytes;
const playersPlace = placeOf.players;
/**
 * How long players count on, milliseconds: 0 is those of now; memory is given back minutes to hours after who needed it has left.
 * The order is that of `Points.players`.
 */
export const lagsMs = [0, 10, 18, 26, 36, 50, 75].map((minutes) => minutes * 60_000);
/** After so long of what was a part of this is left. */
export function keptAfter(ms: number): number[] {
  return lagsMs.map((lag) => (lag === 0 ? 0 : Math.exp(-ms / lag)));
}

/**
 * What became of ten minutes' values of one metric. mid: their median; low and high: the lowest and highest that were not those
 * of a single minute (medians of three neighbours): one that stands alone is never judged. Of memory low is the lowest of all:
 * what is left when the garbage is collected.
 */
export interface Point {
  readonly mean: number;
  readonly sd: number;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  readonly minutes: number;
}

/**
 * The points of one metric, oldest first, as columns; valid until the next gathering. `covered` more, which
 * anomalies cover, stand at the very end. players: as each of `lagsMs`
 * has them; NaN: not known.
 */
export interface Points {
  count: number;
  covered: number;
  readonly cell: Float64Array;
  /** Cells since the server's start. */
  readonly uptime: Float64Array;
  readonly players: readonly Float64Array[];
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly low: Float64Array;
  readonly mid: Float64Array;
  readonly high: Float64Array;
  readonly minutes: Float64Array;
}

const column = (): Float64Array => new Float64Array(cellCount);
/** One for all servers: they are looked at one after the other. */
const gathered: Points = {
  ...{ count: 0, covered: 0, cell: column(), uptime: column(), players: lagsMs.map(column) },
  ...{ mean: column(), sd: column(), low: column(), mid: column(), high: column(), minutes: column() },
};

const keptInCell = keptAfter(cellMs);
const lagged = new Float64Array(lagsMs.length);

const smallest = 1e-3;
const perLog = 1671;

/** Two bytes, exact to 0.03 %, from 0.001 to 10^14. */
function encode(value: number): number {
  if (Number.isNaN(value)) return 0;
  return value <= smallest ? 1 : Math.min(65_535, 2 + Math.round(Math.log(value / smallest) * perLog));
}

function decode(code: number): number {
  if (code === 0) return NaN;
  return code === 1 ? 0 : smallest * Math.exp((code - 2) / perLog);
}

function firstIn(slot: number, metric: number): number {
  return ((slot % perDay) * metricCount + metric) * columns;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** What was measured in seven days, ten minutes to a point, 95 KB: a place has its time of the week, and what is older goes by itself. */
export class PointRing {
  /** By days: one that it has not run on takes no room. */
  private readonly codes: (Uint16Array | undefined)[] = Array.from({ length: cellCount / perDay }, () => undefined);
  private readonly minutes = new Uint8Array(cellCount * metricCount);
  private readonly uptimes = new Uint16Array(cellCount);
  /** Which ten minutes since 1970; 0: none. */
  private readonly cells = new Uint32Array(cellCount);
  newest = 0;

  /** Makes room for a cell; false where it is too old. uptime: cells since the start. */
  begin(cell: number, uptime: number): boolean {
    if (cell <= this.newest - cellCount || cell <= 0) return false;
    const slot = cell % cellCount;
    if (this.cells[slot] !== cell) {
      this.cells[slot] = cell;
      const first = firstIn(slot, 0);
      this.codesOf(slot).fill(0, first, first + metricCount * columns);
      this.minutes.fill(0, slot * metricCount, (slot + 1) * metricCount);
    }
    this.uptimes[slot] = Math.min(uptime, 65_535);
    this.newest = Math.max(this.newest, cell);
    return true;
  }

  /** Into a cell that was begun. */
  put(cell: number, metric: number, point: Point, isFlagged: boolean): void {
    const slot = cell % cellCount;
    const codes = this.codesOf(slot);
    const first = firstIn(slot, metric);
    codes[first] = encode(point.mean);
    codes[first + 1] = encode(point.sd);
    codes[first + 2] = encode(point.low);
    codes[first + 3] = encode(point.mid);
    codes[first + 4] = encode(point.high);
    this.minutes[slot * metricCount + metric] = Math.min(point.minutes, 100) | (isFlagged ? flagBit : 0);
  }

  /** Points between two times, Unix milliseconds, are not learned from, or are again. */
  flag(metric: number, from: number, to: number, isFlagged: boolean): void {
    for (let cell = Math.floor(from / cellMs); cell <= Math.floor(to / cellMs); cell++) {
      if (!this.has(cell)) continue;
      const place = (cell % cellCount) * metricCount + metric;
      this.minutes[place] = ((this.minutes[place] ?? 0) & ~flagBit) | (isFlagged ? flagBit : 0);
    }
  }

  /** What was measured before counts as if it had been so much more: the level is another, how it moves is not. */
  shift(metric: number, before: number, by: number): void {
    const last = Math.floor(before / cellMs);
    for (let cell = this.newest - cellCount + 1; cell < last; cell++) {
      if (!this.has(cell)) continue;
      const slot = cell % cellCount;
      const codes = this.codesOf(slot);
      const first = firstIn(slot, metric);
      for (const offset of [0, 2, 3, 4]) {
        const code = codes[first + offset] ?? 0;
        if (code > 0) codes[first + offset] = encode(Math.max(0, decode(code) + by));
      }
    }
  }

  /** What was measured since then (a cell's number). */
  gather(metric: number, since: number): Points {
    const { newest } = this;
    let count = 0;
    let covered = 0;
    let before = -1;
    lagged.fill(NaN);
    for (let cell = Math.max(since, newest - cellCount + 1, 1); cell <= newest; cell++) {
      if (!this.has(cell)) continue;
      const slot = cell % cellCount;
      const players = this.playersIn(slot);
      if (!Number.isNaN(players)) {
        follow(lagged, players, cell - before === 1 ? keptInCell : keptAfter((cell - before) * cellMs));
        before = cell;
      }
      const minutes = this.minutes[slot * metricCount + metric] ?? 0;
      if (minutes === 0) continue;
      const isCovered = (minutes & flagBit) !== 0;
      // From the end, where there is room: what is covered is none of the others.
      const place = isCovered ? cellCount - 1 - covered++ : count++;
      gathered.cell[place] = cell;
      gathered.uptime[place] = this.uptimes[slot] ?? 0;
      for (let lag = 0; lag < lagged.length; lag++) {
        const column = gathered.players[lag];
        if (column !== undefined) column[place] = Number.isNaN(players) ? NaN : (lagged[lag] ?? NaN);
      }
      gathered.minutes[place] = minutes & ~flagBit;
      const codes = this.codesOf(slot);
      const first = firstIn(slot, metric);
      gathered.mean[place] = decode(codes[first] ?? 0);
      gathered.sd[place] = decode(codes[first + 1] ?? 0);
      gathered.low[place] = decode(codes[first + 2] ?? 0);
      gathered.mid[place] = decode(codes[first + 3] ?? 0);
      gathered.high[place] = decode(codes[first + 4] ?? 0);
    }
    gathered.count = count;
    gathered.covered = covered;
    return gathered;
  }

  /** For a state that is kept: one piece after the other. */
  bytes(): Uint8Array {
    const whole = new Uint8Array(codeBytes + this.rest.reduce((sum, { byteLength }) => sum + byteLength, 0));
    for (const [day, codes] of this.codes.entries()) if (codes !== undefined) whole.set(bytesOf(codes), day * dayBytes);
    let at = codeBytes;
    for (const part of this.rest) {
      whole.set(bytesOf(part), at);
      at += part.byteLength;
    }
    return whole;
  }

  /** False where these are not the bytes of such a ring; then nothing has changed. */
  restore(whole: Uint8Array): boolean {
    if (whole.length !== codeBytes + this.rest.reduce((sum, { byteLength }) => sum + byteLength, 0)) return false;
    let at = codeBytes;
    for (const part of this.rest) {
      bytesOf(part).set(whole.subarray(at, at + part.byteLength));
      at += part.byteLength;
    }
    for (let day = 0; day < this.codes.length; day++) {
      const isEmpty = this.cells.subarray(day * perDay, (day + 1) * perDay).every((cell) => cell === 0);
      this.codes[day] = undefined;
      if (!isEmpty) bytesOf(this.codesOf(day * perDay)).set(whole.subarray(day * dayBytes, (day + 1) * dayBytes));
    }
    this.newest = this.cells.reduce((newest, cell) => Math.max(newest, cell), 0);
    return true;
  }

  private get rest(): readonly (Uint8Array | Uint16Array | Uint32Array)[] {
    return [this.minutes, this.uptimes, this.cells];
  }

  /** Of the day that this slot lies in; `firstIn` is where in it. */
  private codesOf(slot: number): Uint16Array {
    const day = Math.floor(slot / perDay);
    return (this.codes[day] ??= new Uint16Array(perDay * metricCount * columns));
  }

  private has(cell: number): boolean {
    return cell > 0 && this.cells[((cell % cellCount) + cellCount) % cellCount] === cell;
  }

  private playersIn(slot: number): number {
    const isKnown = (this.minutes[slot * metricCount + playersPlace] ?? 0) !== 0;
    return isKnown ? decode(this.codesOf(slot)[firstIn(slot, playersPlace)] ?? 0) : NaN;
  }
}

/** Players as they count on, moved to a new number. kept: how much of what was. NaN: nothing is known yet. */
export function follow(slow: Float64Array, players: number, kept: readonly number[]): void {
  for (let lag = 0; lag < slow.length; lag++) {
    const old = slow[lag] ?? NaN;
    slow[lag] = Number.isNaN(old) ? players : players + (old - players) * (kept[lag] ?? 0);
  }
}

/** Of the minutes' means of one cell, in their order; undefined where there are too few. isFloor: low is the lowest of all. */
export function pointOf(values: Float64Array, isFloor: boolean): Point | undefined {
  const minutes = values.length;
  if (minutes < 3) return undefined;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / minutes;
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let place = 0; place < minutes; place++) {
    squares += ((values[place] ?? 0) - mean) ** 2;
    if (place < 2) continue;
    const lasting = middleOfThree(values[place] ?? NaN, values[place - 1] ?? NaN, values[place - 2] ?? NaN);
    low = Math.min(low, lasting);
    high = Math.max(high, lasting);
  }
  const sorted = values.sort();
  const middle = minutes >> 1;
  const upper = sorted[middle] ?? NaN;
  const mid = minutes % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
  if (isFloor) low = sorted[0] ?? mid;
  return {
    mean,
    sd: Math.sqrt(squares / (minutes - 1)),
    low: Math.min(low, mid),
    mid,
    high: Math.max(high, mid),
    minutes,
  };
}
