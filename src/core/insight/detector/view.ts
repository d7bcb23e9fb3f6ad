import type { Pack } from './pack.js';
import { placeOf, Tail } from './tail.js';

/** Usual deviations below which nothing is surprising. */
const usual = 0.5;
/** Deviations by which one sample moves the centre and the scale at most: one that is far off says little about them. */
const centreClip = 4;
const scaleClip = 8;
/** Samples until centre and scale are clipped, and until sizes are kept. */
const settleSamples = 50;
const tailSamples = 20;
/** Clumps that must have been seen before anything can be surprising. */
const ripeClumps = 10;
/** Octaves that the scale may go away from the unit that sizes are told in, and by how many the unit then follows. */
const farOff = 6;
const follow = 4;

/**
 * One way of looking at a series: a number per sample (the distance to a forecast, a level, how much it varies) with its
 * usual centre and deviation, and how surprising the number is to either side by all that it has been before.
 */
export class View {
  readonly #up = new Tail();
  readonly #down = new Tail();
  readonly #clump: number;
  readonly #memory: number;
  #centre = 0;
  #scale = 0;
  /** What sizes are told in. It stays as it is while the scale moves, so that sizes of different days can be compared. */
  #ruler = 0;
  /** Samples so far, and as many as count now. */
  #count = 0;
  #known = 0;
  /** Of the number that was judged last. */
  #value = 0;
  #z = 0;
  #place = 0;
  #isJudged = false;

  /**
   * @param clump samples that tell no more than one, as they resemble each other
   * @param memory samples after which one counts for a third
   */
  constructor(clump: number, memory: number) {
    this.#clump = clump;
    this.#memory = memory;
  }

  get bytes(): number {
    return this.#up.bytes + this.#down.bytes;
  }

  get centre(): number {
    return this.#centre;
  }

  /** Mean distance from the centre. */
  get scale(): number {
    return this.#scale;
  }

  /**
   * Powers of ten that the number is improbable by. It is learned from when `learn` is called, and not before.
   *
   * @param unit what one sample weighs now
   */
  judge(value: number, unit: number): number {
    this.#value = value;
    this.#isJudged = true;
    const away = value - this.#centre;
    this.#z = away === 0 ? 0 : away / this.#scale;
    if (!(Math.abs(this.#z) >= usual)) return 0;
    this.#place = placeOf(Math.abs(away) / this.#ruler);
    if (this.#count < tailSamples + ripeClumps * this.#clump) return 0;
    return this.#tail.surprise(this.#place, unit, this.#known, this.#clump);
  }

  /** Of the number that was judged last, once. */
  learn(unit: number): void {
    if (!this.#isJudged) return;
    this.#isJudged = false;
    if (this.#ruler > 0 && Math.abs(this.#z) >= usual) this.#tail.add(this.#place, unit);
    this.#known += 1 - this.#known / this.#memory;
    this.#count += 1;
    const part = Math.max(1 / this.#memory, 1 / this.#count);
    const settled = this.#count > settleSamples && this.#scale > 0;
    const away = this.#value - this.#centre;
    const most = settled ? centreClip * this.#scale : Infinity;
    this.#centre += part * Math.min(most, Math.max(-most, away));
    const distance = Math.abs(this.#value - this.#centre);
    this.#scale += part * ((settled ? Math.min(distance, scaleClip * this.#scale) : distance) - this.#scale);
    if (this.#ruler === 0 && this.#count >= tailSamples) this.#ruler = this.#scale;
  }

  /** To be called now and then; everything between two calls is judged by what was known at the first. */
  refresh(unit: number): void {
    const off = Math.log2(this.#scale / this.#ruler);
    if (Math.abs(off) > farOff && Number.isFinite(off)) {
      const octaves = Math.sign(off) * follow;
      this.#ruler *= 2 ** octaves;
      this.#up.shift(octaves);
      this.#down.shift(octaves);
    }
    this.#up.refresh(unit, this.#known, this.#clump);
    this.#down.refresh(unit, this.#known, this.#clump);
  }

  rescale(factor: number): void {
    this.#up.scale(factor);
    this.#down.scale(factor);
  }

  keep(pack: Pack): void {
    this.#up.keep(pack);
    this.#down.keep(pack);
    this.#centre = pack.number(this.#centre);
    this.#scale = pack.number(this.#scale);
    this.#ruler = pack.number(this.#ruler);
    this.#count = pack.number(this.#count);
    this.#known = pack.number(this.#known);
  }

  get #tail(): Tail {
    return this.#z > 0 ? this.#up : this.#down;
  }
}
