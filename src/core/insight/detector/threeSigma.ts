/** Values that a mean and its deviation are taken from. */
const windowSize = 1000;
/** Fewer say nothing about a deviation. */
const minSamples = 30;
/** Where a score is 0.5. */
const sigmas = 3;
/** Of the values' own size: differences below it are rounding. */
const grain = 1e-9;
/** Larger values cannot be squared. */
const largest = 1e150;

/**
 * The plain way, for comparison: how many standard deviations a value lies from the mean of the
 * values before it. Beyond three of them the score is more than 0.5.
 */
export class ThreeSigma {
  readonly #ring = new Float64Array(windowSize);
  /** Sums are of what lies above it, so that they keep their digits: some value that was in the window. */
  #base = 0;
  #sum = 0;
  #squares = 0;
  #count = 0;
  #next = 0;

  /** 0..1 for this value, by those before it alone. What is no finite number counts as missing. */
  feed(_at: number, value: number): number {
    if (!(Math.abs(value) < largest)) return 0;
    const score = this.#judge(value);
    this.#add(value);
    return score;
  }

  #judge(value: number): number {
    const count = Math.min(this.#count, this.#ring.length);
    if (count < minSamples) return 0;
    const mean = this.#sum / count;
    const rounding = grain * (Math.abs(this.#base) + Math.abs(mean));
    const deviation = Math.max(rounding, Math.sqrt(Math.max(0, this.#squares / count - mean * mean)));
    const distance = Math.abs(value - this.#base - mean);
    const size = distance <= rounding ? 0 : distance / deviation;
    return Number.isFinite(size) ? size / (size + sigmas) : 1;
  }

  #add(value: number): void {
    const { length } = this.#ring;
    // Rounding adds up over a long time: once a round of the ring everything is summed anew.
    if (this.#next === 0) this.#restart(value);
    if (this.#count >= length) {
      const old = (this.#ring[this.#next] ?? 0) - this.#base;
      this.#sum -= old;
      this.#squares -= old * old;
    }
    const above = value - this.#base;
    this.#sum += above;
    this.#squares += above * above;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % length;
    this.#count += 1;
  }

  #restart(base: number): void {
    this.#base = base;
    this.#sum = 0;
    this.#squares = 0;
    if (this.#count === 0) return;
    for (const value of this.#ring) {
      this.#sum += value - base;
      this.#squares += (value - base) ** 2;
    }
  }
}
