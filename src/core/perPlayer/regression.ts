/**
 * What is known of a server over time, in buckets of equal width, oldest first. NaN where nothing is known. at: bucket starts,
 * Unix milliseconds; starts: when processes of the server began.
 */
export interface PlayerLoad {
  readonly at: Float64Array;
  readonly players: Float64Array;
  readonly value: Float64Array;
  readonly starts: readonly number[];
}

/** What one more player adds, and the borders between which that lies in 19 of 20 cases; from so many hours. */
export interface Marginal {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly hours: number;
}

const hourMs = 3_600_000;
/** Loading the world is nobody's doing. */
const warmUpMs = 15 * 60_000;
/** Over a longer gap, what was before says nothing of what is after it. */
const longestGapMs = 30 * 60_000;
/**
 * A stretch has a level and a steady drift of its own. So long that players who come and go stand out, so short that a world
 * that grows, a leak or a cache that fills is a straight line in it.
 */
const longestStretchMs = 8 * hourMs;
const shortestStretch = 6;
const fewestHours = 3;
/** Comings and goings, all in all: over fewer it may be chance. */
const fewestMoves = 4;
/** Further from the line than so many usual distances, it pulls no stronger: a save is no player. */
const bend = 1.345;
const rounds = 30;
/** More waves than this make the borders hardly any tighter, and trust more in what is far apart being independent. */
const mostWaves = 24;
const fewestWaves = 4;
/** Of what the buckets can tell, this part is taken to be left whatever was used up: beyond that the sum says nothing. */
const leastFree = 0.2;
/** How long buckets are looked for that are alike. */
const longestMemory = 200;

/** A part of one life without a long gap: places in the columns, `to` not included. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Columns {
  /** In stretches, so that squares stay small. */
  readonly time: Float64Array;
  readonly players: Float64Array;
  readonly value: Float64Array;
}

/**
 * The slope of a measured value over the number of players; null where there is too little to say. Each stretch of a few
 * hours within one life has its own level and drift, so that what grows with the uptime is not taken for the players' doing.
 * The line is Huber's: what saves add does not bend it. The borders take into account that neighbours in time are alike: the
 * slope's own errors are seen as a sum of slow waves (equally weighted cosines), as many as are slower than they change.
 */
export function marginalOf(load: PlayerLoad): Marginal | null {
  const width = widthOf(load.at);
  const { columns, stretches } = usable(load, width);
  const count = columns.time.length;
  const hours = (count * width) / hourMs;
  if (hours < fewestHours || movesOf(columns.players, stretches) < fewestMoves) return null;
  const fit = robustSlope(columns, stretches);
  if (fit === null) return null;
  // Levels, drifts and the slope have used up some of what the buckets can tell.
  const independent = count / memoryOf(fit.residuals);
  const free = Math.max(independent - 2 * stretches.length - 1, leastFree * independent);
  const error = standardError(fit, independent / free);
  const half = error.deviation * studentOf(error.waves);
  if (!Number.isFinite(half)) return null;
  return { value: fit.slope, low: fit.slope - half, high: fit.slope + half, hours };
}

function widthOf(at: Float64Array): number {
  return at.length < 2 ? 0 : ((at.at(-1) ?? 0) - (at[0] ?? 0)) / (at.length - 1);
}

/** Only what is known of both, without what belongs to starts, cut into stretches. */
function usable(load: PlayerLoad, width: number): { columns: Columns; stretches: Stretch[] } {
  const starts = [...load.starts].sort((a, b) => a - b);
  const kept: number[] = [];
  const stretches: Stretch[] = [];
  let begin = 0;
  const close = (): void => {
    if (kept.length - begin >= shortestStretch) stretches.push(...cut(begin, kept.length, kept, load.at));
    else kept.length = begin;
    begin = kept.length;
  };
  let next = 0;
  let before = -Infinity;
  for (const [index, at] of load.at.entries()) {
    let isNew = at - before > longestGapMs;
    for (; (starts[next] ?? Infinity) < at + width; next++) isNew = true;
    if (isNew) close();
    const isWarm = at - (starts[next - 1] ?? -Infinity) >= warmUpMs;
    if (!isWarm || !Number.isFinite(load.players[index]) || !Number.isFinite(load.value[index])) continue;
    kept.push(index);
    before = at;
  }
  close();
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (index) => column[index] ?? NaN);
  const [origin = 0] = load.at;
  const time = pick(load.at).map((at) => (at - origin) / longestStretchMs);
  return { columns: { time, players: pick(load.players), value: pick(load.value) }, stretches };
}

/** Into equal parts. */
function cut(from: number, to: number, kept: readonly number[], at: Float64Array): Stretch[] {
  const timeOf = (place: number): number => at[kept[place] ?? 0] ?? 0;
  const span = timeOf(to - 1) - timeOf(from);
  const parts = Math.min(Math.ceil(span / longestStretchMs), Math.floor((to - from) / shortestStretch)) || 1;
  const borders = Array.from({ length: parts + 1 }, (_, part) => from + Math.round(((to - from) * part) / parts));
  return borders.slice(1).map((end, part) => ({ from: borders[part] ?? from, to: end }));
}

function movesOf(players: Float64Array, stretches: readonly Stretch[]): number {
  let moves = 0;
  for (const { from, to } of stretches)
    for (let place = from + 1; place < to; place++)
      moves += Math.abs((players[place] ?? 0) - (players[place - 1] ?? 0));
  return moves;
}

/**
 * scores: what each bucket says against the slope; stiffness: how much it takes to turn the line; residuals: what lies beside
 * the line, without what stands out.
 */
interface Fit {
  readonly slope: number;
  readonly scores: Float64Array;
  readonly stiffness: number;
  readonly residuals: Float64Array;
}

/** Iteratively reweighted least squares. Null where the players hardly move beside a steady drift of their number. */
function robustSlope({ time, players, value }: Columns, stretches: readonly Stretch[]): Fit | null {
  const count = time.length;
  const weights = new Float64Array(count).fill(1);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const residuals = new Float64Array(count);
  let slope = NaN;
  let limit = Infinity;
  for (let round = 0; round < rounds; round++) {
    for (const stretch of stretches) {
      straighten(time, players, weights, stretch, x);
      straighten(time, value, weights, stretch, y);
    }
    let above = 0;
    let below = 0;
    for (let place = 0; place < count; place++) {
      const weighted = (weights[place] ?? 0) * (x[place] ?? 0);
      above += weighted * (y[place] ?? 0);
      below += weighted * (x[place] ?? 0);
    }
    if (below / count < 1e-3) return null;
    const last = slope;
    slope = above / below;
    for (let place = 0; place < count; place++) residuals[place] = (y[place] ?? 0) - slope * (x[place] ?? 0);
    limit = bend * usualDistance(residuals);
    for (let place = 0; place < count; place++) {
      const far = Math.abs(residuals[place] ?? 0);
      weights[place] = far <= limit || limit === 0 ? 1 : limit / far;
    }
    // Far less than what chance does to it.
    if (Math.abs(slope - last) * Math.sqrt(below) <= 1e-3 * limit) break;
  }
  const scores = new Float64Array(count);
  let stiffness = 0;
  for (let place = 0; place < count; place++) {
    const residual = residuals[place] ?? 0;
    const lever = x[place] ?? 0;
    scores[place] = (weights[place] ?? 0) * residual * lever;
    if (Math.abs(residual) <= limit || limit === 0) stiffness += lever * lever;
    residuals[place] = (weights[place] ?? 0) * residual;
  }
  return stiffness > 0 ? { slope, scores, stiffness, residuals } : null;
}

/** What is left of a column beside its level and its drift in this stretch, by weighted least squares. */
function straighten(
  time: Float64Array,
  column: Float64Array,
  weights: Float64Array,
  { from, to }: Stretch,
  into: Float64Array,
): void {
  let all = 0;
  let meanTime = 0;
  let mean = 0;
  for (let place = from; place < to; place++) {
    const weight = weights[place] ?? 0;
    all += weight;
    meanTime += weight * (time[place] ?? 0);
    mean += weight * (column[place] ?? 0);
  }
  meanTime /= all;
  mean /= all;
  let above = 0;
  let below = 0;
  for (let place = from; place < to; place++) {
    const apart = (time[place] ?? 0) - meanTime;
    above += (weights[place] ?? 0) * apart * ((column[place] ?? 0) - mean);
    below += (weights[place] ?? 0) * apart * apart;
  }
  const drift = below > 0 ? above / below : 0;
  for (let place = from; place < to; place++)
    into[place] = (column[place] ?? 0) - mean - drift * ((time[place] ?? 0) - meanTime);
}

/** As large as the standard deviation where nothing stands out. */
function usualDistance(residuals: Float64Array): number {
  const sorted = residuals.map(Math.abs).sort();
  return 1.4826 * (sorted[sorted.length >> 1] ?? 0);
}

/** Of the slope. waves: how many were looked at, which is how exact the deviation itself is known. */
function standardError({ scores, stiffness }: Fit, correction: number): { deviation: number; waves: number } {
  const count = scores.length;
  const waves = wavesFor(scores);
  let power = 0;
  for (let wave = 1; wave <= waves; wave++) {
    // cos of equal steps by recurrence: a sum and a product each instead of a cosine.
    const step = (Math.PI * wave) / count;
    const twice = 2 * Math.cos(step);
    let before = Math.cos(step / 2);
    let cosine = before;
    let sum = 0;
    for (let place = 0; place < count; place++) {
      sum += (scores[place] ?? 0) * cosine;
      const next = twice * cosine - before;
      before = cosine;
      cosine = next;
    }
    power += (2 * sum * sum) / count;
  }
  const longRun = power / waves;
  return { deviation: Math.sqrt(correction * count * longRun) / stiffness, waves };
}

/** The slower the scores change, the fewer waves are as slow as what makes the slope wrong. */
function wavesFor(scores: Float64Array): number {
  let above = 0;
  let below = 0;
  for (let place = 0; place < scores.length; place++) {
    const score = scores[place] ?? 0;
    if (place > 0) above += score * (scores[place - 1] ?? 0);
    below += score * score;
  }
  const alike = below > 0 ? Math.min(0.99, Math.max(0, above / below)) : 0;
  const corner = (1 - alike) / (2 * Math.PI);
  return Math.min(mostWaves, Math.max(fewestWaves, Math.round(0.6 * scores.length * corner)));
}

/** So many standard deviations to each side hold 95 percent, where the deviation comes from so many independent looks. */
function studentOf(freedom: number): number {
  const z = 1.959964;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  );
}

/** So many neighbouring buckets tell no more than one that stands alone. */
function memoryOf(residuals: Float64Array): number {
  const alike = (lag: number): number => {
    let sum = 0;
    for (let place = lag; place < residuals.length; place++)
      sum += (residuals[place] ?? 0) * (residuals[place - lag] ?? 0);
    return sum;
  };
  const whole = alike(0);
  let memory = 1;
  for (let lag = 1; lag < Math.min(residuals.length / 4, longestMemory); lag++) {
    const part = alike(lag) / whole;
    // Not a number where everything lies on the line.
    if (!(part > 0.05)) break;
    memory += 2 * part;
  }
  return memory;
}
