/** The longest time that is looked back on, milliseconds. */
const spanMs = 15 * 60_000;
const minuteMs = 60_000;
const firstRoom = 64;
/** A measurement each second, and some that came early. */
const mostRoom = 1024;
const topShare = 0.05;
/** Above the longest time of one measurement, milliseconds: a value and its time share one number, to be sorted by both. */
const timeBase = 2 ** 18;
const finest = 100;

/** Of one number over the last minutes. null: not known for half of that time (peak: not at all). */
export interface LoadFigures {
  readonly m1: number | null;
  readonly m5: number | null;
  readonly m15: number | null;
  /** Not above it in 95 % of the known time of 15 min; exact to 0.01. */
  readonly p95: number | null;
  /** The highest of 15 min. */
  readonly peak: number | null;
}

const sorted = new Float64Array(mostRoom);

/**
 * The last quarter of an hour of one number, as it was measured: each value stands for the time before it, however long
 * that was. Adding allocates nothing but room, some few times.
 */
export class LoadWindow {
  /** NaN: not known. */
  private values = new Float32Array(firstRoom);
  /** For how long each stands, milliseconds. */
  private times = new Float32Array(firstRoom);
  private count = 0;
  private next = 0;
  private totalMs = 0;

  /** value: null where it is not known. ms: for how long it stands, less than 4 min where it is known; not taken at 0 or less. */
  add(value: number | null, ms: number): void {
    const time = Math.min(Math.round(ms), spanMs);
    if (time <= 0) return;
    if (this.count === this.values.length) this.makeRoom();
    this.values[this.next] = value ?? NaN;
    this.times[this.next] = time;
    this.totalMs += time;
    this.count++;
    this.next = (this.next + 1) % this.values.length;
  }

  figures(): LoadFigures {
    let peak = -Infinity;
    let knownMs = 0;
    let known = 0;
    for (let n = 1, age = 0; n <= this.count && age < spanMs; n++) {
      const place = this.place(n);
      const ms = this.times[place] ?? 0;
      const value = this.values[place] ?? NaN;
      if (!Number.isNaN(value)) {
        const part = Math.min(ms, spanMs - age);
        if (value > peak) peak = value;
        knownMs += part;
        sorted[known++] = Math.round(value * finest) * timeBase + part;
      }
      age += ms;
    }
    return {
      m1: this.mean(minuteMs),
      m5: this.mean(5 * minuteMs),
      m15: this.mean(spanMs),
      p95: knownMs * 2 < spanMs ? null : highestBut(sorted.subarray(0, known).sort(), knownMs * topShare),
      peak: known === 0 ? null : peak,
    };
  }

  /** The average over so many milliseconds until now. null where less than half of them is known. */
  mean(overMs: number): number | null {
    let sum = 0;
    let knownMs = 0;
    for (let n = 1, age = 0; n <= this.count && age < overMs; n++) {
      const place = this.place(n);
      const ms = this.times[place] ?? 0;
      const value = this.values[place] ?? NaN;
      if (!Number.isNaN(value)) {
        const part = Math.min(ms, overMs - age);
        sum += value * part;
        knownMs += part;
      }
      age += ms;
    }
    return knownMs * 2 < overMs ? null : sum / knownMs;
  }

  /** Where the n-th newest is, 1 being the newest. */
  private place(n: number): number {
    const place = this.next - n;
    return place < 0 ? place + this.values.length : place;
  }

  /** For one more: what is too old goes, or there is more room. */
  private makeRoom(): void {
    const room = this.values.length;
    const oldest = this.times[this.next] ?? 0;
    if (this.totalMs - oldest >= spanMs || room >= mostRoom) {
      this.totalMs -= oldest;
      this.count--;
      return;
    }
    const unrolled = (old: Float32Array): Float32Array<ArrayBuffer> => {
      const made = new Float32Array(2 * room);
      made.set(old.subarray(this.next));
      made.set(old.subarray(0, this.next), room - this.next);
      return made;
    };
    this.values = unrolled(this.values);
    this.times = unrolled(this.times);
    this.next = room;
  }
}

/** Of values with their times, the lowest that is exceeded for no longer than that. */
function highestBut(ascending: Float64Array, aboveMs: number): number {
  let above = 0;
  for (let n = ascending.length - 1; ; n--) {
    const both = ascending[n] ?? 0;
    const value = Math.floor(both / timeBase);
    above += both - value * timeBase;
    if (above > aboveMs || n <= 0) return value / finest;
  }
}
