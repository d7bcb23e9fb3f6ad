/**
 * Samples of one source, packed column by column: whole numbers as differences to the one before, zigzag, seven bits to a
 * byte, runs of equal ones as one number. 5 to 10 bytes for a sample of six metrics.
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

/** Rows of whole numbers by slot, NaN where nothing was measured. */
export interface Rows {
  readonly length: number;
  /** Slots of a row. */
  readonly width: number;
  /** Unix milliseconds. */
  timeOf(index: number): number | undefined;
  valueAt(index: number, slot: number): number;
  /** Somewhere in it is a value of that slot. */
  has(slot: number): boolean;
}

export function pack(rows: Rows): Uint8Array {
  shared.begin();
  writePack(shared, rows);
  return shared.bytes();
}

/** As `pack`, behind what has been written before. */
export function writePack(writer: Writer, rows: Rows): void {
  const { length, width } = rows;
  writer.byte(version);
  writer.number(length);
  const numbers = room(length);
  writeTimes(writer, rows, numbers);
  let columns = 0;
  for (let slot = 0; slot < width; slot++) if (rows.has(slot)) columns++;
  writer.number(columns);
  for (let slot = 0; slot < width; slot++) {
    if (!rows.has(slot)) continue;
    writer.number(slot);
    let present = 0;
    for (let index = 0; index < length; index++) {
      const value = rows.valueAt(index, slot);
      if (!Number.isNaN(value)) numbers[present++] = value;
    }
    writer.byte(present === length ? everything : someOf);
    if (present !== length) writer.bits(rows, slot);
    writer.differences(numbers, present);
  }
}

function writeTimes(writer: Writer, rows: Rows, numbers: Float64Array): void {
  // Cut and not rounded: a sample stays in its second, its minute and its hour.
  let last = Math.floor((rows.timeOf(0) ?? 0) / stepMs);
  writer.number(last);
  // Of the pauses, which are nearly all the same.
  for (let index = 1; index < rows.length; index++) {
    const time = Math.floor((rows.timeOf(index) ?? 0) / stepMs);
    numbers[index - 1] = time - last;
    last = time;
  }
  writer.differences(numbers, Math.max(0, rows.length - 1));
}

let scratch = new Float64Array(64);

/** For one pack after the other, which is many of them each ten seconds. */
function room(count: number): Float64Array {
  if (scratch.length < count) scratch = new Float64Array(count * 2);
  return scratch;
}

/** Throws RangeError for bytes that no `pack` has made. */
export function unpack(bytes: Uint8Array): Samples {
  const reader = new Reader(bytes);
  const count = reader.head();
  const at = new Float64Array(count);
  reader.times(count, at);
  const columns = new Map<number, (number | null)[]>();
  const values = new Float64Array(count);
  for (let left = reader.width(count); left > 0; left--) {
    const slot = reader.number();
    reader.column(count, values);
    columns.set(
      slot,
      Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
    );
  }
  return { at: Array.from(at), columns };
}

/** Room for the samples of one pack after the other: reading a journal must not leave a heap of small arrays behind. */
export class PackReader {
  private at = new Float64Array(0);
  private columns: Float64Array[] = [];
  private slots: number[] = [];

  /**
   * Gives each sample to `take`; `values` is valid until it returns, and has NaN where nothing was measured. slotOf: where
   * a slot's values go; negative: nowhere. Throws RangeError as `unpack` does.
   */
  each(bytes: Uint8Array, slotOf: (slot: number) => number, take: (at: number, values: Float64Array) => void): void {
    const count = this.read(bytes);
    this.slots = this.slots.map(slotOf);
    const row = new Float64Array(Math.max(-1, ...this.slots) + 1).fill(NaN);
    for (let index = 0; index < count; index++) {
      for (let column = 0; column < this.slots.length; column++) {
        const slot = this.slots[column] ?? -1;
        if (slot >= 0) row[slot] = this.columns[column]?.[index] ?? NaN;
      }
      take(this.at[index] ?? 0, row);
    }
  }

  private read(bytes: Uint8Array): number {
    const reader = new Reader(bytes);
    const count = reader.head();
    if (count > this.at.length) {
      this.at = new Float64Array(count * 2);
      this.columns = [];
    }
    reader.times(count, this.at);
    this.slots.length = 0;
    for (let left = reader.width(count); left > 0; left--) {
      const column = (this.columns[this.slots.length] ??= new Float64Array(this.at.length));
      this.slots.push(reader.number());
      reader.column(count, column);
    }
    return count;
  }
}

/** Bytes, one after the other, in one block of memory that is used again and again. */
export class Writer {
  private buffer = new Uint8Array(4096);
  private length = 0;

  begin(): void {
    this.length = 0;
  }

  get size(): number {
    return this.length;
  }

  all(bytes: Uint8Array): void {
    for (const value of bytes) this.byte(value);
  }

  /** In so many bytes, the lowest first. */
  fixed(value: number, bytes: number): void {
    for (let shift = 0; shift < bytes * 8; shift += 8) this.byte((value >>> shift) & 0xff);
  }

  /** The same, where four bytes have been written before. */
  set32(at: number, value: number): void {
    for (let n = 0; n < 4; n++) this.buffer[at + n] = (value >>> (8 * n)) & 0xff;
  }

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
    let large = value;
    while (large >= 0x4000_0000) {
      this.byte((large % 0x80) | 0x80);
      large = Math.floor(large / 0x80);
    }
    let rest = large | 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest);
  }

  /** Each number as the difference to the one before; a run of equal ones is a 0 and how many more there are. */
  differences(values: Float64Array, count: number): void {
    let last = 0;
    for (let index = 0; index < count; index++) {
      const value = values[index] ?? 0;
      const delta = value - last;
      last = value;
      if (delta !== 0) {
        this.number(delta > 0 ? delta * 2 : -delta * 2 - 1);
        continue;
      }
      let run = 0;
      while (index + 1 + run < count && values[index + 1 + run] === value) run++;
      this.byte(0);
      this.number(run);
      index += run;
    }
  }

  /** One for each: set where there is a value. */
  bits(rows: Rows, slot: number): void {
    for (let index = 0; index < rows.length; index += 8) {
      let bits = 0;
      const end = Math.min(8, rows.length - index);
      for (let bit = 0; bit < end; bit++) if (!Number.isNaN(rows.valueAt(index + bit, slot))) bits |= 1 << bit;
      this.byte(bits);
    }
  }

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }
}

const shared = new Writer();

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

  /** The number of samples. */
  head(): number {
    if (this.byte() !== version) throw new RangeError('unknown packing');
    return this.count(maxSamples);
  }

  /** The number of columns, each of so many samples. */
  width(count: number): number {
    const width = this.count(maxColumns);
    if (width * count > maxValues) throw new RangeError('too many');
    return width;
  }

  times(count: number, to: Float64Array): void {
    let time = this.number();
    if (count === 0) return;
    to[0] = time * stepMs;
    this.differences(count - 1, to, 1);
    for (let index = 1; index < count; index++) to[index] = (time += to[index] ?? 0) * stepMs;
  }

  /** One metric's values; NaN where there are none. */
  column(count: number, to: Float64Array): void {
    if (this.byte() === everything) {
      this.differences(count, to, 0);
      return;
    }
    const isPresent = this.bits(count);
    const present = isPresent.filter(Boolean).length;
    this.differences(present, to, 0);
    // From the end, so that nothing is written over before it was moved.
    for (let index = count - 1, from = present - 1; index >= 0; index--) {
      to[index] = isPresent[index] === true ? (to[from--] ?? NaN) : NaN;
    }
  }

  private differences(count: number, to: Float64Array, first: number): void {
    let last = 0;
    for (let index = first; index < first + count;) {
      const coded = this.number();
      if (coded === 0) {
        for (let left = this.count(first + count - index - 1); left >= 0; left--) to[index++] = last;
      } else {
        last += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
        to[index++] = last;
      }
    }
  }

  private bits(count: number): boolean[] {
    const values: boolean[] = [];
    while (values.length < count) {
      const bits = this.byte();
      for (let bit = 0; bit < 8 && values.length < count; bit++) values.push((bits & (1 << bit)) !== 0);
    }
    return values;
  }
}
