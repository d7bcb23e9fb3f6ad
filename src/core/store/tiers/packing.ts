/**
 * Samples of one source, packed column by column: whole numbers as differences to the one before, zigzag, seven bits to a
 * byte, runs of equal ones as one number. 5 to 9 bytes for a sample of six metrics.
 */
export interface Samples {
  /** Unix milliseconds, in the order of arrival; packed they are cut to 100 ms. */
  readonly at: number[];
  /** By metric slot: stored whole numbers, null where nothing was measured. As long as `at`. */
  readonly columns: Map<number, (number | null)[]>;
}

const version = 1;
/** Timers are never this exact, and neither is anybody's interest. */
const stepMs = 100;
const everything = 0;
const someOf = 1;
/** No chunk of ours holds more: what claims to is damaged. */
const maxSamples = 100_000;
const maxColumns = 1000;
/** A few damaged bytes can claim many columns of long runs. */
const maxValues = 2_000_000;

export function pack({ at, columns }: Samples): Uint8Array {
  const writer = new Writer();
  writer.byte(version);
  writer.number(at.length);
  // Cut and not rounded: a sample stays in its second, its minute and its hour.
  const times = at.map((time) => Math.floor(time / stepMs));
  writer.number(times[0] ?? 0);
  // Of the pauses, which are nearly all the same.
  writer.differences(times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  writer.number(columns.size);
  for (const [slot, values] of columns) {
    writer.number(slot);
    const present = values.filter((value) => value !== null);
    writer.byte(present.length === values.length ? everything : someOf);
    if (present.length !== values.length) writer.bits(values.map((value) => value !== null));
    writer.differences(present);
  }
  return writer.bytes();
}

/** Throws RangeError for bytes that no `pack` has made. */
export function unpack(bytes: Uint8Array): Samples {
  const reader = new Reader(bytes);
  if (reader.byte() !== version) throw new RangeError('unknown packing');
  const count = reader.count(maxSamples);
  let time = reader.number();
  const at = count === 0 ? [] : [time * stepMs];
  for (const pause of reader.differences(Math.max(0, count - 1))) at.push((time += pause) * stepMs);
  const columns = new Map<number, (number | null)[]>();
  const width = reader.count(maxColumns);
  if (width * count > maxValues) throw new RangeError('too many');
  for (let left = width; left > 0; left--) {
    const slot = reader.number();
    if (reader.byte() === everything) columns.set(slot, reader.differences(count));
    else {
      const isPresent = reader.bits(count);
      const values = reader.differences(isPresent.filter(Boolean).length).values();
      columns.set(
        slot,
        isPresent.map((there) => (there ? (values.next().value ?? null) : null)),
      );
    }
  }
  return { at, columns };
}

class Writer {
  private buffer = new Uint8Array(256);
  private length = 0;

  byte(value: number): void {
    if (this.length === this.buffer.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    this.buffer[this.length++] = value;
  }

  /** A whole number from 0 to 2^53. */
  number(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Each number as the difference to the one before; a run of equal ones is a 0 and how many more there are. */
  differences(values: readonly number[]): void {
    let last = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? 0;
      const delta = value - last;
      last = value;
      if (delta !== 0) {
        this.number(delta > 0 ? delta * 2 : -delta * 2 - 1);
        continue;
      }
      let run = 0;
      while (values[index + 1 + run] === value) run++;
      this.byte(0);
      this.number(run);
      index += run;
    }
  }

  bits(values: readonly boolean[]): void {
    for (let index = 0; index < values.length; index += 8) {
      let bits = 0;
      for (let bit = 0; bit < 8; bit++) if (values[index + bit] === true) bits |= 1 << bit;
      this.byte(bits);
    }
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }
}

class Reader {
  private position = 0;

  constructor(private readonly buffer: Uint8Array) {}

  byte(): number {
    const value = this.buffer[this.position++];
    if (value === undefined) throw new RangeError('cut short');
    return value;
  }

  number(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 0x80;
      if (factor > 2 ** 56) throw new RangeError('number too long');
    }
    return value;
  }

  count(limit: number): number {
    const value = this.number();
    if (value > limit) throw new RangeError('too many');
    return value;
  }

  differences(count: number): number[] {
    const values: number[] = [];
    let last = 0;
    while (values.length < count) {
      const coded = this.number();
      if (coded === 0) {
        const run = this.count(count - values.length - 1);
        for (let left = run; left >= 0; left--) values.push(last);
      } else {
        last += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
        values.push(last);
      }
    }
    return values;
  }

  bits(count: number): boolean[] {
    const values: boolean[] = [];
    while (values.length < count) {
      const bits = this.byte();
      for (let bit = 0; bit < 8 && values.length < count; bit++) values.push((bits & (1 << bit)) !== 0);
    }
    return values;
  }
}
