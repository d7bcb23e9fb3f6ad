/** Bursts of writing that come regularly. Milliseconds; confidence 0..1. */
export interface WriteRhythm {
  readonly periodMs: number;
  readonly durationMs: number;
  readonly lastAt: number;
  readonly confidence: number;
  /** Bytes per second: what writes more is such a burst. */
  readonly burst: number;
}

const size = 720;
/** A burst has to come so often before it is a rhythm. */
const fewestCycles = 5;
const sureCycles = 8;
const shortestLag = 4;
const longestLag = 180;
/** Autocorrelation from which on it is one; of chance it is below a fifth. */
const least = 0.5;
/** A shorter period counts where it is nearly as strong: twice the period is as regular. */
const nearlyAs = 0.7;
/** Between two bursts it is alike by less than this part of that. */
const betweenShare = 0.5;
/** Below that a burst of writing is none, bytes per second. */
const fewestBytes = 32 * 1024;

/** Of what bursts write: a short one may fall into two steps. */
const burstShare = 0.2;

const weights = new Float64Array(size);
const some = new Float64Array(size);
const sums = new Float64Array(longestLag + 2);

/** The bytes that a server writes, in equal steps: 3 KB. One of 10 s sees periods of 30 s to 24 min, one of a minute up to 2.4 h. */
export class WriteLog {
  private readonly values = new Float32Array(size).fill(NaN);
  private step = -1;
  private sum = 0;
  private count = 0;

  constructor(private readonly stepMs: number) {}

  /** bytesPerSecond: the mean over the `ms` before `at`; what is coarser than two steps tells nothing. */
  add(at: number, bytesPerSecond: number, ms: number): void {
    if (ms > 2 * this.stepMs || Number.isNaN(bytesPerSecond)) return;
    const step = Math.floor((at - ms / 2) / this.stepMs);
    if (step !== this.step) this.close(step);
    this.sum += bytesPerSecond;
    this.count++;
  }

  /** Null where there is no rhythm. Takes 50 to 300 microseconds. */
  find(): WriteRhythm | null {
    const found = this.weigh();
    if (found === null) return null;
    const { known, burst } = found;
    const lags = Math.min(longestLag, Math.floor(known / fewestCycles));
    const best = bestLag(known, lags);
    if (best === null) return null;
    const { periodMs, durationMs, lastStep, bursts } = this.timesOf(best.lag);
    if (bursts < fewestCycles) return null;
    const confidence = Math.min(1, best.strength) * Math.min(1, bursts / sureCycles);
    return { periodMs, durationMs, lastAt: (lastStep + 1) * this.stepMs, confidence, burst };
  }

  private close(step: number): void {
    if (this.step >= 0 && this.count > 0) this.values[this.step % size] = this.sum / this.count;
    // Steps without a word are not known.
    if (this.step < 0 || step - this.step >= size || step < this.step) this.values.fill(NaN);
    else for (let one = this.step + 1; one <= step; one++) this.values[one % size] = NaN;
    this.step = step;
    this.sum = 0;
    this.count = 0;
  }

  /** Into `weights`, oldest first: 0 for what is usual, 1 for a burst. known: steps from the first one that is known. */
  private weigh(): { known: number; burst: number } | null {
    let count = 0;
    let first = -1;
    for (let back = size - 1; back >= 1; back--) {
      const value = this.at(back);
      if (Number.isNaN(value)) continue;
      if (first < 0) first = back;
      some[count++] = value;
    }
    if (count < shortestLag * fewestCycles * 2 || count < 0.7 * first) return null;
    const sorted = some.subarray(0, count).sort();
    const usual = sorted[count >> 1] ?? 0;
    const high = sorted[Math.floor(0.97 * (count - 1))] ?? 0;
    if (high < 3 * usual || high < usual + fewestBytes) return null;
    for (let place = 0; place < first; place++) {
      const value = this.at(first - place);
      const weight = Number.isNaN(value) ? 0 : Math.min(1, (value - usual) / (high - usual));
      weights[place] = weight > 0.15 ? weight : 0;
    }
    return { known: first, burst: usual + burstShare * (high - usual) };
  }

  private at(back: number): number {
    const step = this.step - back;
    return step < 0 ? NaN : (this.values[step % size] ?? NaN);
  }

  /** Of the bursts in `weights` that are about a period apart. */
  private timesOf(lag: number): { periodMs: number; durationMs: number; lastStep: number; bursts: number } {
    const gaps: number[] = [];
    let begin = -1;
    let before = -1;
    let bursts = 0;
    let lastStep = 0;
    let length = 0;
    const first = this.firstStep();
    for (let place = 0; place < first.known; place++) {
      if ((weights[place] ?? 0) <= 0.3) {
        begin = -1;
        continue;
      }
      length++;
      lastStep = first.step + place;
      if (begin >= 0) continue;
      begin = place;
      bursts++;
      const gap = place - before;
      if (before >= 0 && gap > 0.7 * lag && gap < 1.4 * lag) gaps.push(gap);
      before = place;
    }
    const sum = gaps.reduce((all, gap) => all + gap, 0);
    const period = gaps.length >= 3 ? sum / gaps.length : lag;
    return {
      periodMs: period * this.stepMs,
      durationMs: (bursts === 0 ? 1 : length / bursts) * this.stepMs,
      ...{ lastStep, bursts },
    };
  }

  private firstStep(): { step: number; known: number } {
    let first = size - 1;
    while (first >= 1 && Number.isNaN(this.at(first))) first--;
    return { step: this.step - first, known: first };
  }
}

/** Normalised autocorrelation of `weights`, without its mean; a period need not be a whole number of steps. */
function bestLag(known: number, lags: number): { lag: number; strength: number } | null {
  if (lags <= shortestLag) return null;
  const places: number[] = [];
  let sum = 0;
  let squares = 0;
  for (let place = 0; place < known; place++) {
    const weight = weights[place] ?? 0;
    if (weight === 0) continue;
    places.push(place);
    sum += weight;
    squares += weight * weight;
  }
  const mean = sum / known;
  const whole = squares - mean * sum;
  if (!(whole > 0)) return null;
  sums.fill(0);
  for (let one = 0; one < places.length; one++) {
    const at = places[one] ?? 0;
    for (let other = one + 1; other < places.length; other++) {
      const lag = (places[other] ?? 0) - at;
      if (lag > lags + 1) break;
      sums[lag] = (sums[lag] ?? 0) + (weights[at] ?? 0) * (weights[places[other] ?? 0] ?? 0);
    }
  }
  const alike = (one: number): number =>
    (((sums[one] ?? 0) - mean * mean * (known - one)) * known) / (known - one) / whole;
  // Bursts that last longer than a step are like their neighbours at any lag.
  const wide = 1 + Math.max(0, alike(1));
  const strengthOf = (lag: number): number => {
    const [left, middle, right] = [alike(lag - 1), alike(lag), alike(lag + 1)];
    return (middle + Math.max(0, left, right)) / wide;
  };
  let best = 0;
  for (let lag = shortestLag; lag <= lags; lag++) best = Math.max(best, strengthOf(lag));
  if (best < least) return null;
  for (let lag = shortestLag; lag <= lags; lag++) {
    const strength = strengthOf(lag);
    if (strength < nearlyAs * best) continue;
    // Up to the top of this hill.
    let top = lag;
    while (top < lags && strengthOf(top + 1) > strengthOf(top)) top++;
    // Between two periods there is nothing; what is busy in the evening is alike at any lag.
    const between = Math.max(alike(Math.round(top / 2)), alike(Math.round(1.5 * top)));
    return between > betweenShare * best ? null : { lag: top, strength: strengthOf(top) };
  }
  return null;
}
