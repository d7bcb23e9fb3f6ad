/**
 * Writes what something consists of, one after the other, or reads it back in the same order: `number` and `array` do both,
 * so that what is written and what is read cannot differ.
 */
export class Pack {
  readonly #kept: Buffer | undefined;
  readonly #parts: Buffer[] = [];
  #at = 0;

  /** @param kept what `text` gave; missing: it is written */
  constructor(kept?: string) {
    this.#kept = kept === undefined ? undefined : Buffer.from(kept, 'base64');
  }

  /** Bytes that have been written or read so far. */
  get length(): number {
    return this.#at;
  }

  /** Whether there is as much to read as that. */
  holds(length: number): boolean {
    return this.#kept?.length === length;
  }

  /** The number, or the one that is read instead. */
  number(value: number): number {
    const one = Float64Array.of(value);
    this.array(one);
    return one[0] ?? value;
  }

  array(values: Float32Array | Float64Array): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (this.#kept === undefined) this.#parts.push(Buffer.from(bytes));
    else bytes.set(this.#kept.subarray(this.#at, this.#at + bytes.length));
    this.#at += bytes.length;
  }

  /** What was written, in base64. */
  text(): string {
    return Buffer.concat(this.#parts).toString('base64');
  }
}
