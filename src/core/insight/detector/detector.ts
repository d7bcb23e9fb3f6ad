import { Pack } from './pack.js';
import { Rhythm } from './rhythm.js';
import { View } from './view.js';

/** From here on a score is an alarm; from 0.5 on it is worth a look. */
export const alarmScore = 0.6;

/** Samples after which one counts for a third: two weeks of means of five minutes. */
const memory = 4000;
/** Powers of ten from which on a value is worth a look: rarer than once in half of what is remembered. */
const notice = Math.log10(memory / 2);
/** And those of an alarm. */
const alarm = (notice * alarmScore) / (1 - alarmScore);
/** Samples in which what has been told is forgotten to a third. */
const toldFor = 72;
/** Samples without a notice after which an alarm is over. */
const alarmFor = 12;
/** Samples before anything is said. */
const minSamples = 200;
/** Samples that the recent levels and the recent variation are means of. */
const nearSamples = 6;
const hourSamples = 36;
const varySamples = 24;
/** A variation of less than this part of the usual deviation is none. */
const stillPart = 0.02;
/** Of a value's own size: differences below it are rounding. */
const grainPart = 1e-9;
/** What takes part in the comparison with a rhythm: half of it the newest value. */
const smoothPart = 0.5;
const dayMs = 86_400_000;
const daySlots = 96;
const weekSlots = 336;
/** Samples between two looks at what has been learned as a whole. */
const refreshEvery = 32;
/** Weights that grow beyond this are told anew. */
const largestUnit = 1e6;
/** Larger values cannot be reckoned with. */
const largest = 1e150;
/** Deviations to each side that are expected. */
const expectedScales = 4;
const stateVersion = 1;

/** What a detector has learned, to be kept over a restart; its size is always the same. */
export interface DetectorState {
  readonly version: number;
  readonly learned: string;
}

/** What a finding is about: a value itself, the level of some, how much they vary, or the time of day or week. */
export type Aspect = 'value' | 'level' | 'variation' | 'rhythm';

/**
 * Tells how unusual each value of a series is, by the values before it alone. It knows nothing of the series beforehand
 * and needs no units; the times are asked for what the hour and the weekday say. Memory and time per value are constant.
 * The method and its sources: docs/insight.md.
 */
export class Detector {
  // Distances to what was just before, in the last hours, and in all that is remembered; recent levels to the last of
  // these; and how much it varies.
  readonly #near = new View(1, memory);
  readonly #hour = new View(1, memory);
  readonly #whole = new View(1, memory);
  readonly #nearLevel = new View(nearSamples, memory);
  readonly #hourLevel = new View(hourSamples, memory);
  readonly #vary = new View(varySamples, memory);
  readonly #day = new Rhythm(dayMs, daySlots, memory);
  readonly #week = new Rhythm(7 * dayMs, weekSlots, memory);
  readonly #own = [this.#near, this.#hour, this.#whole, this.#nearLevel, this.#hourLevel, this.#vary];
  readonly #views = [...this.#own, this.#day.view, this.#week.view];
  #count = 0;
  #unit = 1;
  #last = 0;
  #nearMean = 0;
  #hourMean = 0;
  #wholeMean = 0;
  #smooth = 0;
  #variation = 0;
  #told = 0;
  /** Samples that an alarm goes on for if nothing more comes of it; 0: there is none. */
  #alarmed = 0;
  #surprise = 0;
  #aspect: Aspect = 'value';
  #low = Number.NaN;
  #high = Number.NaN;

  /** What the arrays in it take; it is the same at any time. */
  get bytes(): number {
    return [...this.#own, this.#day, this.#week].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Between what the last value was expected; NaN before anything is said. */
  get low(): number {
    return this.#low;
  }

  get high(): number {
    return this.#high;
  }

  /** What was the most unusual about the last value. */
  get aspect(): Aspect {
    return this.#aspect;
  }

  /**
   * 0..1 for the next value. What goes on after a notice is told no more for a while, unless it becomes an alarm. A value
   * that is no finite number is missing: it scores 0 and nothing is learned of it.
   *
   * @param at Unix ms; it may leap
   */
  feed(at: number, value: number): number {
    if (!(Math.abs(value) < largest)) return 0;
    if (this.#count === 0) this.#begin(value);
    this.#surprise = 0;
    this.#judgeValue(value);
    this.#judgeLevels(value);
    this.#judgeRhythms(at, value);
    const isReady = this.#count >= minSamples;
    this.#learn(at, value);
    if (!isReady) return 0;
    const left = this.#leftToTell();
    return left > 0 ? left / (left + notice) : 0;
  }

  /** To be restored by another one that then scores what comes as this one does. */
  state(): DetectorState {
    const pack = new Pack();
    this.#keep(pack);
    return { version: stateVersion, learned: pack.text() };
  }

  /** False where it is of another version or cut off; then nothing has changed. */
  restore({ version, learned }: DetectorState): boolean {
    if (version !== stateVersion) return false;
    const own = new Pack();
    this.#keep(own);
    const pack = new Pack(learned);
    if (!pack.holds(own.length)) return false;
    this.#keep(pack);
    return true;
  }

  #keep(pack: Pack): void {
    for (const part of [...this.#own, this.#day, this.#week]) part.keep(pack);
    this.#count = pack.number(this.#count);
    this.#unit = pack.number(this.#unit);
    this.#last = pack.number(this.#last);
    this.#nearMean = pack.number(this.#nearMean);
    this.#hourMean = pack.number(this.#hourMean);
    this.#wholeMean = pack.number(this.#wholeMean);
    this.#smooth = pack.number(this.#smooth);
    this.#variation = pack.number(this.#variation);
    this.#told = pack.number(this.#told);
    this.#alarmed = pack.number(this.#alarmed);
  }

  #begin(value: number): void {
    this.#last = value;
    this.#nearMean = value;
    this.#hourMean = value;
    this.#wholeMean = value;
    this.#smooth = value;
  }

  #judgeValue(value: number): void {
    const grain = grainPart * Math.abs(value);
    const { centre, scale } = this.#hour;
    this.#low = this.#count < minSamples ? Number.NaN : this.#hourMean + centre - expectedScales * scale;
    this.#high = this.#count < minSamples ? Number.NaN : this.#hourMean + centre + expectedScales * scale;
    this.#take('value', this.#near.judge(unlessRounding(value - this.#nearMean, grain), this.#unit));
    this.#take('value', this.#hour.judge(unlessRounding(value - this.#hourMean, grain), this.#unit));
    this.#nearMean += this.#part(nearSamples) * (value - this.#nearMean);
    this.#hourMean += this.#part(hourSamples) * (value - this.#hourMean);
    this.#wholeMean += this.#part(memory) * (value - this.#wholeMean);
    this.#take('value', this.#whole.judge(unlessRounding(value - this.#wholeMean, grain), this.#unit));
  }

  #judgeLevels(value: number): void {
    const grain = grainPart * Math.abs(this.#wholeMean);
    // As long as both are means of everything they are the same.
    if (this.#count >= 2 * nearSamples)
      this.#take('level', this.#nearLevel.judge(unlessRounding(this.#nearMean - this.#wholeMean, grain), this.#unit));
    if (this.#count >= 2 * hourSamples)
      this.#take('level', this.#hourLevel.judge(unlessRounding(this.#hourMean - this.#wholeMean, grain), this.#unit));
    this.#variation += this.#part(varySamples) * (Math.abs(value - this.#last) - this.#variation);
    const varies = this.#variation + stillPart * this.#whole.scale;
    if (this.#count >= 2 * varySamples && varies > grain)
      this.#take('variation', this.#vary.judge(Math.log(varies), this.#unit));
  }

  #judgeRhythms(at: number, value: number): void {
    this.#smooth += smoothPart * (value - this.#smooth);
    const away = unlessRounding(this.#smooth - this.#wholeMean, grainPart * Math.abs(value));
    const day = this.#day.judge(at, this.#smooth, away, this.#unit);
    const week = this.#week.judge(at, this.#smooth, away, this.#unit);
    if (this.#day.fits && this.#week.fits) {
      // What suits one of them is usual.
      const better = this.#week.misfit < this.#day.misfit ? this.#week : this.#day;
      this.#takeRhythm(better, Math.min(day, week));
    } else if (this.#day.fits) this.#takeRhythm(this.#day, day);
    else if (this.#week.fits) this.#takeRhythm(this.#week, week);
  }

  #takeRhythm(rhythm: Rhythm, surprise: number): void {
    this.#take('rhythm', surprise);
    if (this.#count < minSamples) return;
    this.#low = rhythm.low - expectedScales * rhythm.view.scale;
    this.#high = rhythm.high + expectedScales * rhythm.view.scale;
  }

  #take(aspect: Aspect, surprise: number): void {
    if (surprise <= this.#surprise) return;
    this.#surprise = surprise;
    this.#aspect = aspect;
  }

  /** The part of a mean over that many samples that the newest one is; all count alike as long as there are fewer. */
  #part(samples: number): number {
    return Math.max(1 / samples, 1 / (this.#count + 1));
  }

  #learn(at: number, value: number): void {
    for (const view of this.#views) view.learn(this.#unit);
    this.#day.learn(at, value);
    this.#week.learn(at, value);
    this.#last = value;
    this.#count += 1;
    this.#unit /= 1 - 1 / memory;
    if (this.#count % refreshEvery === 0) this.#refresh();
  }

  #refresh(): void {
    if (this.#unit > largestUnit) {
      for (const view of this.#views) view.rescale(1 / this.#unit);
      this.#unit = 1;
    }
    for (const view of this.#views) view.refresh(this.#unit);
  }

  /** What of the surprise is beyond that which has been told already. */
  #leftToTell(): number {
    const before = this.#told;
    const isAlarm = this.#surprise > alarm && before < alarm && this.#alarmed === 0;
    const left = isAlarm ? this.#surprise : this.#surprise - before;
    this.#told = before * (1 - 1 / toldFor);
    if (isAlarm || (this.#alarmed > 0 && this.#surprise > notice)) this.#alarmed = alarmFor;
    else if (this.#alarmed > 0) this.#alarmed -= 1;
    if (left > notice) this.#told = Math.max(this.#told, this.#surprise);
    else if (Math.min(before, this.#surprise) > notice)
      // It goes on: what has been told is not forgotten meanwhile.
      this.#told = Math.min(before, Math.max(this.#told, this.#surprise));
    return left;
  }
}

function unlessRounding(difference: number, grain: number): number {
  return Math.abs(difference) <= grain ? 0 : difference;
}
