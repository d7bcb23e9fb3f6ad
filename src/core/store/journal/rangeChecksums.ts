import { crc32, polynomial } from './crc32.js';

const spacing = 64;

/**
 * CRC-32 of any stretch of the bytes, in a time that does not depend on its length: behind damage every marker may claim
 * megabytes, and to read them all each time would take hours.
 */
export class RangeChecksums {
  /** Of all bytes in front of every 64th one. */
  private readonly known: Uint32Array;

  constructor(private readonly bytes: Uint8Array) {
    this.known = new Uint32Array(Math.floor(bytes.length / spacing) + 1);
    let sum = 0;
    for (let n = 1; n < this.known.length; n++) {
      sum = crc32(bytes, (n - 1) * spacing, n * spacing, sum);
      this.known[n] = sum;
    }
  }

  /** Of the bytes from `start` to before `end`. */
  of(start: number, end: number): number {
    // What is in front has its share in the sum of all; taken out again, that of the stretch is left.
    return (this.upTo(end) ^ times(this.upTo(start), powerOfX(end - start))) >>> 0;
  }

  private upTo(end: number): number {
    const n = Math.floor(end / spacing);
    return crc32(this.bytes, n * spacing, end, this.known[n]);
  }
}

/** The product of two polynomials, modulo that of the checksum. The highest bit is the constant term. */
function times(a: number, b: number): number {
  let product = 0;
  for (let factor = b, bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1;
  }
  return product;
}

/** x to the power of 8 times 1, 2, 4, 8 and so on. */
const powers = [0x00800000];
for (let n = 1; n < 32; n++) {
  const last = powers.at(-1) ?? 0;
  powers.push(times(last, last));
}

/** x to the power of 8 times `length`: what this many bytes behind them do to the sum of others. */
function powerOfX(length: number): number {
  let product = 0x80000000;
  for (let n = 0; length >>> n !== 0; n++) if ((length >>> n) & 1) product = times(product, powers[n] ?? 0);
  return product;
}
