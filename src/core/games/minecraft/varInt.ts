/** Numbers are written in groups of 7 bits, the lowest first; the highest bit of a byte says that another follows. */
const longest = 5;

/** A number's bytes; a negative one has five. */
export function varIntBytes(value: number): Buffer {
  const bytes = [];
  let rest = value >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** The number that begins there, and where it ends; undefined where it is not whole, null where it cannot be one. */
export function readVarInt(bytes: Buffer, at: number): { value: number; end: number } | undefined | null {
  let value = 0;
  for (let n = 0; n < longest; n++) {
    const byte = bytes[at + n];
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << (7 * n);
    if (byte < 0x80) return { value, end: at + n + 1 };
  }
  return null;
}
