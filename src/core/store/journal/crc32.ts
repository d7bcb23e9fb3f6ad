/** The polynomial of zip and zlib, its bits turned round. */
export const polynomial = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/**
 * CRC-32 of the bytes from `start` to before `end`, as an unsigned number; `before` is that of what stands in front of
 * them. The same as zlib.crc32, which Node has only from 20.15 and 22.2.
 */
export function crc32(bytes: Uint8Array, start: number, end: number, before = 0): number {
  let value = ~before;
  for (let at = start; at < end; at++) value = (value >>> 8) ^ (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~value >>> 0;
}
