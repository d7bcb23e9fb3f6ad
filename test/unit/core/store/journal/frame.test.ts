import fc from 'fast-check';
import zlib from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as crc from '../../../../../src/core/store/journal/crc32.js';
import { encodeFrame, scanFrames } from '../../../../../src/core/store/journal/frame.js';
import { RangeChecksums } from '../../../../../src/core/store/journal/rangeChecksums.js';

/** How much is read to make checksums: calls, and bytes in all. */
const work = vi.hoisted(() => ({ calls: 0, bytes: 0 }));
vi.mock('../../../../../src/core/store/journal/crc32.js', async (importOriginal) => {
  const original = await importOriginal<typeof crc>();
  const crc32: typeof crc.crc32 = (bytes, start, end, before) => {
    work.calls++;
    work.bytes += end - start;
    return original.crc32(bytes, start, end, before);
  };
  return { ...original, crc32 };
});
afterEach(() => {
  work.calls = work.bytes = 0;
});

const overhead = encodeFrame(new Uint8Array(0)).length;
const marker = encodeFrame(new Uint8Array(0)).subarray(0, 4);
const text = (payload: Uint8Array): string => Buffer.from(payload).toString('latin1');
const texts = (payloads: readonly Uint8Array[]): string[] => payloads.map(text);
const encoded = (payloads: readonly Uint8Array[]): Buffer => Buffer.concat(payloads.map(encodeFrame));

/** Any bytes, often with something that looks like the beginning of a frame, or is a whole one. */
const payload = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(marker),
      fc.constant(Buffer.from([...marker, 0, 0, 0, 0, 0, 0, 0, 0])),
      fc.nat(60).map((length) => encodeFrame(new Uint8Array(0)).fill(length, 8, 9)),
    ),
    { maxLength: 4 },
  )
  .map((parts) => Uint8Array.from(Buffer.concat(parts)));
const payloads = fc.array(payload, { maxLength: 6 });
/** Bytes in which no frame is, however they are cut: the marker's first byte is missing. */
const garbage = fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.map((byte) => (byte === marker[0] ? 0 : byte)));
/** As above, but with markers that promise more than there is. */
const hostileGarbage = fc
  .array(fc.oneof(garbage, fc.constant(Uint8Array.from([...marker, 1, 2, 3, 4, 50, 0, 0, 0]))), { maxLength: 4 })
  .map((parts) => Uint8Array.from(Buffer.concat(parts)));

describe('checksums', () => {
  test('are those of zlib', () => {
    expect(crc.crc32(Buffer.from('123456789'), 0, 9)).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(300), (bytes, a, b) => {
        const [start, end] = [a % (bytes.length + 1), b % (bytes.length + 1)].sort((x, y) => x - y) as [number, number];
        const before = crc.crc32(bytes, 0, start);
        expect(crc.crc32(bytes, start, end)).toBe(zlib.crc32(bytes.subarray(start, end)));
        expect(crc.crc32(bytes, start, end, before)).toBe(zlib.crc32(bytes.subarray(0, end)));
        expect(new RangeChecksums(bytes).of(start, end)).toBe(zlib.crc32(bytes.subarray(start, end)));
      }),
    );
  });

  test('of long stretches are right too', () => {
    const bytes = new Uint8Array(20_000_000).map((_, n) => (n * n) >>> 7);
    const checksums = new RangeChecksums(bytes);
    const length = bytes.length;
    for (const [start, end] of [
      [0, length],
      [1, 16_777_217],
      [63, 64],
      [99, 99],
      [100, length - 1],
    ] as const) {
      expect(checksums.of(start, end)).toBe(zlib.crc32(bytes.subarray(start, end)));
    }
  });
});

describe('a scan', () => {
  test('finds what was written, whatever it is', () => {
    fc.assert(
      fc.property(payloads, fc.uint8Array({ maxLength: 20 }), (written, front) => {
        const bytes = Buffer.concat([front, encoded(written)]);
        const scan = scanFrames(bytes, front.length);
        expect(texts(scan.frames)).toEqual(texts(written));
        expect(scan).toMatchObject({ end: bytes.length, tornBytes: 0, damaged: [] });
      }),
    );
  });

  test('takes a payload of the greatest length, and a longer one is refused', () => {
    const greatest = new Uint8Array(16 * 1024 * 1024).fill(7);
    expect(scanFrames(encodeFrame(greatest), 0).frames[0]?.length).toBe(greatest.length);
    expect(() => encodeFrame(new Uint8Array(greatest.length + 1))).toThrow(RangeError);
    // The same, but true: a frame that says it is longer is none.
    const longer = Buffer.concat([encodeFrame(greatest), Buffer.from([7])]);
    longer.writeUInt32LE(greatest.length + 1, 8);
    longer.writeUInt32LE(zlib.crc32(longer.subarray(8)), 4);
    expect(scanFrames(longer, 0).frames.length).toBe(0);
  });

  test('does not begin in the middle of its bytes because they are a view', () => {
    const buffer = Buffer.concat([Buffer.from('abc'), encodeFrame(Buffer.from('one'))]);
    const view = new Uint8Array(buffer.buffer, buffer.byteOffset + 3, buffer.length - 3);
    expect(texts(scanFrames(view, 0).frames)).toEqual(['one']);
  });

  test('of a file cut anywhere gives the frames before the cut, and counts the rest as torn', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), (written, cut) => {
        const bytes = encoded(written);
        const length = cut % (bytes.length + 1);
        const scan = scanFrames(bytes.subarray(0, length), 0);
        let end = 0;
        const whole: Uint8Array[] = [];
        for (const one of written) {
          if (end + overhead + one.length > length) break;
          end += overhead + one.length;
          whole.push(one);
        }
        // A whole frame inside a payload that was cut is the only thing that may come after them.
        expect(texts(scan.frames).slice(0, whole.length)).toEqual(texts(whole));
        expect(scan.end + scan.tornBytes).toBe(length);
        if (scan.frames.length === whole.length) expect(scan).toMatchObject({ end, damaged: [] });
      }),
    );
  });

  test('of a file with any one byte changed gives every other frame', () => {
    const written = ['first', '', '\xfeGSJ', 'x'.repeat(200), '\xfeGSJ\0\0\0\0\0\0\0\0', 'last but one', 'last'];
    const bytes = encoded(written.map((one) => Buffer.from(one, 'latin1')));
    let [start, end] = [0, 0];
    const places = written.map((one) => {
      [start, end] = [end, end + overhead + one.length];
      return { start, end };
    });
    for (let at = 0; at < bytes.length; at++) {
      const hit = places.findIndex((place) => at < place.end);
      const place = places[hit]!;
      const others = written.filter((_, n) => n !== hit);
      const lost = place.end - place.start;
      for (const change of [1, 0x80, 0xff, bytes[at]!, bytes[at]! ^ marker[0]!]) {
        if (change === 0) continue;
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= change;
        const scan = scanFrames(flipped, 0);
        expect(texts(scan.frames), `byte ${at}`).toEqual(others);
        const isLast = hit === written.length - 1;
        expect(scan.tornBytes).toBe(isLast ? lost : 0);
        expect(scan.damaged).toEqual(isLast ? [] : [{ at: place.start, bytes: lost }]);
      }
    }
  });

  test('finds every frame between garbage, in front and behind', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileGarbage, payload)), hostileGarbage, (pieces, last) => {
        const frames = pieces.map(([, one]) => encodeFrame(one));
        const bytes = Buffer.concat([...pieces.flatMap(([junk], n) => [junk, frames[n]!]), last]);
        const scan = scanFrames(bytes, 0);
        expect(texts(scan.frames)).toEqual(texts(pieces.map(([, one]) => one)));
        expect(scan.damaged.map((damage) => damage.bytes)).toEqual(
          pieces.map(([junk]) => junk.length).filter((length) => length > 0),
        );
        expect(scan.tornBytes).toBe(last.length);
      }),
    );
  });

  test('takes nothing but zeros behind a marker for torn, not for an empty frame', () => {
    const torn = Buffer.concat([encodeFrame(Buffer.from('one')), marker, new Uint8Array(4096)]);
    const scan = scanFrames(torn, 0);
    expect(texts(scan.frames)).toEqual(['one']);
    expect(scan).toMatchObject({ damaged: [], tornBytes: 4 + 4096 });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(garbage, payload)), fc.nat(), (parts, from) => {
        const bytes = Buffer.concat(parts);
        const scan = scanFrames(bytes, from % (bytes.length + 1));
        expect(scan.end + scan.tornBytes).toBe(bytes.length);
      }),
    );
  });
});

describe('the work of a scan', () => {
  /** A marker and a length that reaches to the end of the file, over and over; or every second time a small good frame. */
  function hostile(bytes: number, between: Uint8Array): Buffer {
    const file = Buffer.alloc(bytes);
    const last = encodeFrame(Buffer.from('the end'));
    let at = 0;
    for (; at + 12 + between.length < bytes - last.length; at += 12 + between.length) {
      file.set(marker, at);
      file.writeUInt32LE(bytes - at - 12, at + 8);
      file.set(between, at + 12);
    }
    file.set(last, bytes - last.length);
    return file;
  }

  test.each([
    ['markers alone', new Uint8Array(0)],
    ['good frames between them', encodeFrame(Buffer.from('good'))],
  ])('grows with the file only: %s', (_, between) => {
    for (const bytes of [50_000, 200_000, 800_000]) {
      work.calls = work.bytes = 0;
      const file = hostile(bytes, between);
      expect(text(scanFrames(file, 0).frames.at(-1)!)).toBe('the end');
      // For each marker twice less than 64 bytes; one for every 12 bytes of the file.
      expect(work.bytes).toBeLessThan(bytes * (2 + 128 / 12));
      expect(work.calls).toBeLessThan(bytes / 4);
    }
  });

  test('is one reading where nothing is damaged', () => {
    const file = encoded(Array.from({ length: 100 }, (_, n) => Buffer.alloc(n * 10)));
    work.calls = work.bytes = 0;
    scanFrames(file, 0);
    expect(work.calls).toBe(100);
    expect(work.bytes).toBeLessThan(file.length);
  });
});
