import type { Pack } from './pack.js';

/** Sizes are counted by their logarithm: this many bins to a factor of two, from far below the unit to far above. */
const binsPerOctave = 4;
const lowestOctave = -6;
const bins = 30 * binsPerOctave;
/** A bin that has been forgotten to less than this much of one sample is empty. */
const emptyBelow = 0.2;
/** The part of all samples that is a tail. */
const tailPart = 0.1;
/** How fast a tail is thought to thin out before it is known, and how many samples that counts as. */
const priorIndex = 0.25;
const priorWeight = 20;
/** Within this part of a size something is as good as seen: half an octave. */
const slack = binsPerOctave / 2;
/** A size that more of all samples than this part lie beyond is usual. */
const usualPart = 0.02;

/**
 * How large deviations to one side have been, and how surprising the next one is. What lies within that which has been
 * seen is judged by how much lay beyond it; what lies outside, or in a gap, by its distance to what has been seen, in
 * units of how fast this tail thins out. Weights grow with time instead of being reduced: `unit` is what one sample weighs
 * now.
 */
export class Tail {
  readonly #counts = new Float32Array(bins);
  /** In samples of now: what lies above each bin. This and the next two are as of the last refresh. */
  readonly #above = new Float32Array(bins);
  #top = -1;
  #index = priorIndex;
  /** Bins with less are empty. */
  #limit = 0;

  get bytes(): number {
    return this.#counts.byteLength + this.#above.byteLength;
  }

  /** @param place of a size, see `placeOf` */
  add(place: number, weight: number): void {
    const bin = Math.floor(place);
    this.#counts[bin] = (this.#counts[bin] ?? 0) + weight;
  }

  keep(pack: Pack): void {
    pack.array(this.#counts);
    pack.array(this.#above);
    this.#top = pack.number(this.#top);
    this.#index = pack.number(this.#index);
    this.#limit = pack.number(this.#limit);
  }

  /** Everything that was weighed counts that many times. */
  scale(factor: number): void {
    for (let bin = 0; bin < bins; bin += 1) this.#counts[bin] = (this.#counts[bin] ?? 0) * factor;
  }

  /** Sizes are told in another unit from now on: 2 ** octaves of the one so far. To be followed by a refresh. */
  shift(octaves: number): void {
    const before = this.#counts.slice();
    this.#counts.fill(0);
    before.forEach((count, bin) => {
      const now = Math.min(bins - 1, Math.max(0, bin - octaves * binsPerOctave));
      this.#counts[now] = (this.#counts[now] ?? 0) + count;
    });
  }

  /** @param known samples of both sides together, in samples of now */
  refresh(unit: number, known: number, clump: number): void {
    this.#limit = emptyBelow * unit * clump;
    this.#top = -1;
    let sum = 0;
    for (let bin = bins - 1; bin >= 0; bin -= 1) {
      this.#above[bin] = sum;
      const count = this.#counts[bin] ?? 0;
      sum += count / unit;
      if (this.#top < 0 && count >= this.#limit && count > 0) this.#top = bin;
    }
    this.#index = this.#tailIndex(unit, Math.min(tailPart * known, sum / 2));
  }

  /** Hill's estimator: the mean log-excess over the bin above which `wanted` samples lie, drawn to the prior. */
  #tailIndex(unit: number, wanted: number): number {
    let [count, places, bin] = [0, 0, this.#top];
    for (; bin > 0; bin -= 1) {
      const here = (this.#counts[bin] ?? 0) / unit;
      count += here;
      places += here * bin;
      if (count >= wanted) break;
    }
    const excess = Math.max(0, ((places - count * bin) / binsPerOctave) * Math.LN2);
    return (excess + priorWeight * priorIndex) / (count + priorWeight);
  }

  /**
   * Powers of ten that such a deviation is improbable by; 0 for what is usual.
   *
   * @param place of its size, see `placeOf`
   * @param known samples of both sides together, in samples of now
   * @param clump samples that tell no more than one, because they resemble each other
   */
  surprise(place: number, unit: number, known: number, clump: number): number {
    const bin = Math.floor(place);
    const count = this.#counts[bin] ?? 0;
    const above = this.#above[bin] ?? 0;
    if (count >= this.#limit && above > usualPart * known) return 0;
    const never = Math.log10((known + clump) / clump);
    const gap = this.#gapAt(place);
    if (gap > 0) return never + ((gap / binsPerOctave) * Math.LN2) / this.#index / Math.LN10;
    if (bin > this.#top) return never;
    return Math.log10((known + clump) / (above + (0.5 * count) / unit + clump));
  }

  /** Bins to the nearest one that has been seen: above all of them, or between two. */
  #gapAt(place: number): number {
    const bin = Math.floor(place);
    let below = Math.min(bin, this.#top);
    while (below >= 0 && (this.#counts[below] ?? 0) < this.#limit) below -= 1;
    const fromBelow = place - (below + 1);
    if (bin > this.#top) return fromBelow;
    if (below < 0) return 0;
    let above = bin;
    while (above < this.#top && (this.#counts[above] ?? 0) < this.#limit) above += 1;
    return Math.min(above - place, fromBelow) - slack;
  }
}

/** Where a size is counted, in bins: from 0 to less than their number. */
export function placeOf(size: number): number {
  const place = (Math.log2(size) - lowestOctave) * binsPerOctave;
  return place > 0 ? Math.min(place, bins - 1e-6) : 0;
}
