import { cellCount, lagsMs, type Points } from './pointRing.js';
import { medianOf, medianOfFew, quantileOf, spreadOf } from './statistics.js';

/**
 * A metric as players explain it: a straight line, and how far the middle lies beside it where so many play. lag: the place in
 * `lagsMs` of how long they count on; mix: 0..1, how much the next longer one has its part in it. slopeLow, slopeHigh: what one player adds lies between them in 19 of 20 cases.
 */
export interface PlayersLine {
  readonly lag: number;
  readonly mix: number;
  readonly intercept: number;
  readonly slope: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  /** More were never seen. */
  readonly most: number;
  readonly bendAt: readonly number[];
  readonly bends: readonly number[];
}

const fewestPoints = 36;
const mostBins = 12;
const fewestInBin = 6;
/** Beyond so many usual distances a point pulls no stronger (Huber): 95 % as good as least squares where nothing stands out. */
const bend = 1.345;
const rounds = 4;
/** What the line leaves over has to be so much less than without it. */
const worthIt = 0.93;
/** So many points of a bin count as much as the line itself. */
const binWeight = 12;

const x = new Float64Array(cellCount);
const y = new Float64Array(cellCount);
const rest = new Float64Array(cellCount);
const sorting = new Float64Array(cellCount);

/** How long players count on: see `PlayersLine`. */
export type Lag = Pick<PlayersLine, 'lag' | 'mix'>;

/** values: of each point. isSlow: it may follow players for long; or how long it does, where that is known. Null where players explain nothing, do not move, or are not known. */
export function playersLineOf(points: Points, values: Float64Array, isSlow: boolean | Lag): PlayersLine | null {
  if (typeof isSlow === 'object') return fit(pick(points, values, isSlow.lag, isSlow.mix), isSlow, true)?.line ?? null;
  let best: { line: PlayersLine; spread: number } | null = null;
  let least = Infinity;
  const attempt = (lag: number, mix: number): boolean => {
    const count = pick(points, values, lag, mix);
    if (count < fewestPoints) return false;
    if (lag === 0) {
      const all = sorting.subarray(0, count);
      all.set(y.subarray(0, count));
      least = worthIt * spreadOf(all, medianOf(all));
    }
    const found = fit(count, { lag, mix }, false);
    if (found === null || !(found.spread < least)) return true;
    least = found.spread;
    best = found;
    return true;
  };
  for (let lag = 0; lag < (isSlow ? lagsMs.length : 2); lag++) if (!attempt(lag, 0)) return null;
  const { lag = 0 } = (best as { line: PlayersLine } | null)?.line ?? {};
  if (isSlow && lag > 0)
    for (const mix of [0.35, 0.65]) {
      attempt(lag, mix);
      if (lag > 1) attempt(lag - 1, mix);
    }
  const { line } = (best as { line: PlayersLine } | null) ?? {};
  if (line === undefined) return null;
  // How long is known by now; once more and thoroughly.
  return fit(pick(points, values, line.lag, line.mix), line, true)?.line ?? null;
}

/** By lag, at this place; NaN where they are not known. */
export function playersOf(line: PlayersLine | null, players: readonly Float64Array[], place: number): number {
  const { lag = 0, mix = 0 } = line ?? {};
  const here = players[lag]?.[place] ?? NaN;
  return mix === 0 ? here : here + mix * ((players[lag + 1]?.[place] ?? NaN) - here);
}

/** The same of one moment, by lag. */
export function playersAt({ lag, mix }: PlayersLine, players: Float64Array): number {
  const here = players[lag] ?? NaN;
  return mix === 0 ? here : here + mix * ((players[lag + 1] ?? NaN) - here);
}

/** What is expected of so many players. */
export function lineAt(line: PlayersLine, players: number): number {
  return line.intercept + line.slope * players + bendOf(line, players);
}

function bendOf({ bendAt, bends }: PlayersLine, players: number): number {
  const last = bendAt.length - 1;
  if (last < 0) return 0;
  if (players <= (bendAt[0] ?? 0)) return bends[0] ?? 0;
  for (let place = 1; place <= last; place++) {
    const right = bendAt[place] ?? 0;
    if (players > right) continue;
    const left = bendAt[place - 1] ?? 0;
    const share = (players - left) / (right - left);
    return (bends[place - 1] ?? 0) * (1 - share) + (bends[place] ?? 0) * share;
  }
  return bends[last] ?? 0;
}

function pick({ count: all, players }: Points, values: Float64Array, lag: number, mix: number): number {
  const [here, next] = [players[lag] ?? x, players[lag + 1] ?? players[lag] ?? x];
  let count = 0;
  for (let place = 0; place < all; place++) {
    const number = (here[place] ?? NaN) * (1 - mix) + (next[place] ?? NaN) * mix;
    if (Number.isNaN(number)) continue;
    x[count] = number;
    y[count++] = values[place] ?? NaN;
  }
  return count;
}

const binIndex = new Uint8Array(cellCount);
const inBinX = new Float64Array(cellCount);
const inBinY = new Float64Array(cellCount);
const starts = new Int32Array(mostBins + 2);

/** Into bins of about equal numbers of points: between these numbers of players. */
function edgesOf(count: number): number[] {
  const ascending = sorting.subarray(0, count);
  ascending.set(x.subarray(0, count));
  ascending.sort();
  const edges: number[] = [];
  const wanted = Math.min(mostBins, Math.floor(count / fewestInBin));
  for (let bin = 1; bin < wanted; bin++) {
    const edge = quantileOf(ascending, bin / wanted);
    if (edge > (edges.at(-1) ?? -Infinity) + 0.25 && edge < (ascending.at(-1) ?? 0)) edges.push(edge);
  }
  return edges;
}

interface Bin {
  readonly at: number;
  readonly value: number;
  readonly size: number;
}

/** The medians of each bin that has any points, of `x` and of these values. */
function binned(count: number, edges: readonly number[], values: Float64Array): Bin[] {
  starts.fill(0);
  for (let place = 0; place < count; place++) {
    const bin = binOf(edges, x[place] ?? 0);
    binIndex[place] = bin;
    starts[bin + 1] = (starts[bin + 1] ?? 0) + 1;
  }
  for (let bin = 1; bin < starts.length; bin++) starts[bin] = (starts[bin] ?? 0) + (starts[bin - 1] ?? 0);
  const next = starts.slice();
  for (let place = 0; place < count; place++) {
    const bin = binIndex[place] ?? 0;
    const to = next[bin] ?? 0;
    next[bin] = to + 1;
    inBinX[to] = x[place] ?? 0;
    inBinY[to] = values[place] ?? 0;
  }
  const found: Bin[] = [];
  for (let bin = 0; bin <= edges.length; bin++) {
    const [from, to] = [starts[bin] ?? 0, starts[bin + 1] ?? 0];
    if (to > from)
      found.push({
        at: medianOf(inBinX.subarray(from, to)),
        value: medianOf(inBinY.subarray(from, to)),
        size: to - from,
      });
  }
  return found;
}

function binOf(edges: readonly number[], players: number): number {
  let bin = 0;
  while (bin < edges.length && players > (edges[bin] ?? 0)) bin++;
  return bin;
}

/** Theil and Sen's slope through the medians to begin with, Huber's line from there on. */
function fit(count: number, { lag, mix }: Lag, isThorough: boolean): { line: PlayersLine; spread: number } | null {
  if (count < fewestPoints) return null;
  const edges = edgesOf(count);
  const bins = binned(count, edges, y).filter(({ size }) => size >= fewestInBin);
  if (bins.length < 2) return null;
  const slopes: number[] = [];
  for (const [place, one] of bins.entries())
    for (const other of bins.slice(place + 1))
      if (other.at - one.at > 0.5) slopes.push((other.value - one.value) / (other.at - one.at));
  if (slopes.length === 0) return null;
  let slope = medianOfFew(slopes);
  let intercept = medianOfFew(bins.map(({ at, value }) => value - slope * at));
  let spread = residuals(count, intercept, slope);
  for (let round = 0; round < (isThorough ? rounds : 1) && spread > 0; round++) {
    const next = weighted(count, bend * spread);
    if (next === null) break;
    const moved = Math.abs(next.slope - slope);
    ({ slope, intercept } = next);
    spread = residuals(count, intercept, slope);
    if (moved <= 1e-4 * Math.abs(slope)) break;
  }
  if (!isThorough) {
    const unknown = { slopeLow: NaN, slopeHigh: NaN, most: 0, bendAt: [], bends: [] };
    return { line: { lag, mix, intercept, slope, ...unknown }, spread };
  }
  const half = 1.96 * errorOf(count, bend * spread);
  // What the line leaves over, bin by bin: a game's CPU seldom grows in a straight line.
  const beside = binned(count, edges, rest);
  const bendAt = beside.map(({ at }) => at);
  const bends = beside.map(({ value, size }) => (value * size) / (size + binWeight));
  let most = 0;
  for (let place = 0; place < count; place++) most = Math.max(most, x[place] ?? 0);
  const line = { lag, mix, intercept, slope, slopeLow: slope - half, slopeHigh: slope + half, most, bendAt, bends };
  for (let place = 0; place < count; place++) rest[place] = (y[place] ?? 0) - lineAt(line, x[place] ?? 0);
  return { line, spread: spreadOf(rest.subarray(0, count), 0) };
}

/** Into `rest`; their robust deviation. */
function residuals(count: number, intercept: number, slope: number): number {
  for (let place = 0; place < count; place++) rest[place] = (y[place] ?? 0) - intercept - slope * (x[place] ?? 0);
  return spreadOf(rest.subarray(0, count), 0);
}

function weightOf(residual: number, limit: number): number {
  const far = Math.abs(residual);
  return far <= limit ? 1 : limit / far;
}

function weighted(count: number, limit: number): { slope: number; intercept: number } | null {
  let all = 0;
  let sumX = 0;
  let sumY = 0;
  for (let place = 0; place < count; place++) {
    const weight = weightOf(rest[place] ?? 0, limit);
    all += weight;
    sumX += weight * (x[place] ?? 0);
    sumY += weight * (y[place] ?? 0);
  }
  const meanX = sumX / all;
  const meanY = sumY / all;
  let above = 0;
  let below = 0;
  for (let place = 0; place < count; place++) {
    const weight = weightOf(rest[place] ?? 0, limit);
    const wide = (x[place] ?? 0) - meanX;
    above += weight * wide * ((y[place] ?? 0) - meanY);
    below += weight * wide * wide;
  }
  if (below / all < 1e-3) return null;
  const slope = above / below;
  return { slope, intercept: meanY - slope * meanX };
}

/** Of the slope, where neighbours in time are alike: as if there were fewer of them. */
function errorOf(count: number, limit: number): number {
  let mean = 0;
  for (let place = 0; place < count; place++) mean += (x[place] ?? 0) / count;
  let score = 0;
  let below = 0;
  let alike = 0;
  let all = 0;
  for (let place = 0; place < count; place++) {
    const residual = (rest[place] ?? 0) * weightOf(rest[place] ?? 0, limit);
    const wide = (x[place] ?? 0) - mean;
    score += (residual * wide) ** 2;
    below += wide * wide;
    all += residual * residual;
    if (place > 0) alike += residual * (rest[place - 1] ?? 0) * weightOf(rest[place - 1] ?? 0, limit);
  }
  const lag = all > 0 ? Math.min(0.95, Math.max(0, alike / all)) : 0;
  return below > 0 ? Math.sqrt(score * ((1 + lag) / (1 - lag))) / below : 0;
}
