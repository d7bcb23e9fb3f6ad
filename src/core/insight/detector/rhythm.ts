import type { Pack } from './pack.js';
import { View } from './view.js';

/** How much of a slot's mean the newest round of the period is. */
const newest = 0.4;
/** What one sample adds to the means that tell how well a rhythm fits. */
const fitPart = 1 / 500;
/** Samples until it is known whether it fits. */
const fitSamples = 100;
/** Samples that a deviation from the rhythm lasts, as what is compared is smoothed. */
const clump = 3;
/** A rhythm counts while values lie less than this part as far from it as from their long mean. */
const goodFit = 0.5;

/**
 * What a series is like at each time of a period (a day, a week), learned round by round: one mean per slot; and how
 * surprising it is to lie outside of that.
 */
export class Rhythm {
  readonly #view: View;
  readonly #period: number;
  readonly #means: Float64Array;
  #slot = -1;
  #sum = 0;
  #count = 0;
  #compared = 0;
  #misfit = 0;
  #spread = 0;
  #mean = Number.NaN;
  #low = Number.NaN;
  #high = Number.NaN;

  /** @param period in ms */
  constructor(period: number, slots: number, memory: number) {
    this.#period = period;
    this.#means = new Float64Array(slots).fill(Number.NaN);
    this.#view = new View(clump, memory);
  }

  get bytes(): number {
    return this.#means.byteLength + this.#view.bytes;
  }

  get view(): View {
    return this.#view;
  }

  /** What this time of the period and its neighbours were like; low > high where nothing is known of it. */
  get low(): number {
    return this.#low;
  }

  get high(): number {
    return this.#high;
  }

  /** Whether what is known of the period says something of the value that was judged last. */
  get fits(): boolean {
    return this.#isKnown && this.misfit < goodFit;
  }

  /** How far values lie from what their time of the period was like, as part of how far from their long mean; 1: not known. */
  get misfit(): number {
    return this.#compared > fitSamples && this.#spread > 0 ? this.#misfit / this.#spread : 1;
  }

  /**
   * Powers of ten that the value is improbable by at this time.
   *
   * @param at Unix ms
   * @param away how far the value is from the long mean
   */
  judge(at: number, value: number, away: number, unit: number): number {
    this.#look(at);
    if (!this.#isKnown) return 0;
    const outside = value > this.#high ? value - this.#high : Math.min(0, value - this.#low);
    this.#compared += 1;
    this.#misfit += fitPart * (Math.abs(value - this.#mean) - this.#misfit);
    this.#spread += fitPart * (Math.abs(away) - this.#spread);
    return this.#view.judge(outside, unit);
  }

  learn(at: number, value: number): void {
    const slot = this.#slotAt(at);
    if (slot !== this.#slot) {
      this.#close();
      this.#slot = slot;
      this.#sum = 0;
      this.#count = 0;
    }
    this.#sum += value;
    this.#count += 1;
  }

  keep(pack: Pack): void {
    pack.array(this.#means);
    this.#slot = pack.number(this.#slot);
    this.#sum = pack.number(this.#sum);
    this.#count = pack.number(this.#count);
    this.#compared = pack.number(this.#compared);
    this.#misfit = pack.number(this.#misfit);
    this.#spread = pack.number(this.#spread);
    this.#view.keep(pack);
  }

  get #isKnown(): boolean {
    return this.#low <= this.#high;
  }

  #look(at: number): void {
    const { length } = this.#means;
    const slot = this.#slotAt(at);
    this.#low = Infinity;
    this.#high = -Infinity;
    this.#mean = this.#means[slot] ?? Number.NaN;
    // In its first round the one before is known already, but it tells of just now and not of this time of the period.
    if (Number.isNaN(this.#mean)) return;
    // A rhythm may be a little early or late.
    for (let step = length - 1; step <= length + 1; step += 1) {
      const mean = this.#means[(slot + step) % length] ?? Number.NaN;
      if (mean < this.#low) this.#low = mean;
      if (mean > this.#high) this.#high = mean;
    }
  }

  #close(): void {
    if (this.#count === 0) return;
    const mean = this.#sum / this.#count;
    const before = this.#means[this.#slot] ?? Number.NaN;
    this.#means[this.#slot] = Number.isNaN(before) ? mean : before + newest * (mean - before);
  }

  #slotAt(at: number): number {
    const within = ((at % this.#period) + this.#period) % this.#period;
    return Math.min(Math.floor((within / this.#period) * this.#means.length), this.#means.length - 1);
  }
}
