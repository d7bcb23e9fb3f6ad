import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameBytes, FrameReader, maxLength, NoFrame, type Frame } from '../../../../../src/core/games/rcon/frames.js';
import { packet } from '../support/rconServer.js';

const length = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const plain = ({ id, type, body }: Frame): unknown => ({ id, type, body: body.toString('latin1') });

test('what is written is what another program writes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1, max: 2 ** 31 - 1 }),
      fc.nat(200),
      fc.string({ unit: 'grapheme' }),
      (id, type, text) => {
        const body = text.replaceAll('\0', '');
        expect(frameBytes(id, type, body)).toEqual(packet(id, type, body));
      },
    ),
    { numRuns: 50 },
  );
});

describe('a stream', () => {
  test('is cut into its packets wherever TCP has cut it', () => {
    const frame = fc.record({
      id: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      type: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      // The last byte of a body is no zero: those would be taken for its end.
      body: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from([...bytes, 1])),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(400)), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(({ id, type, body }) => packet(id, type, body)));
        const places = [...new Set(cuts.filter((cut) => cut < stream.length))].sort((a, b) => a - b);
        const reader = new FrameReader();
        const heard = [0, ...places].flatMap((at, index) => [...reader.push(stream.subarray(at, places[index]))]);
        expect(heard.map(plain)).toEqual(frames.map(plain));
        expect(reader.isInside).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('is read byte by byte', () => {
    const stream = Buffer.concat([packet(7, 0, 'größer'), packet(8, 2), packet(9, 0, '')]);
    const reader = new FrameReader();
    const heard = [...stream].flatMap((byte) => [...reader.push(Buffer.from([byte]))]);
    expect(heard.map(({ id, type, body }) => [id, type, body.toString()])).toEqual([
      [7, 0, 'größer'],
      [8, 2, ''],
      [9, 0, ''],
    ]);
  });

  test.each([-4, -(2 ** 31), 0, 2, 9, maxLength + 1, 2 ** 31 - 1])(
    'that announces %i bytes is refused at once',
    (bytes) => {
      const reader = new FrameReader();
      expect(() => [...reader.push(length(bytes))]).toThrow(NoFrame);
      const later = new FrameReader();
      expect([...later.push(length(bytes).subarray(0, 3))]).toEqual([]);
      expect(() => [...later.push(length(bytes).subarray(3))]).toThrow(NoFrame);
    },
  );

  test.each([10, maxLength])('that announces %i bytes is read', (bytes) => {
    const stream = Buffer.concat([length(bytes), Buffer.alloc(bytes, 1)]);
    expect([...new FrameReader().push(stream)]).toHaveLength(1);
  });

  test('with one zero byte at the end of a packet loses nothing', () => {
    const bytes = Buffer.concat([length(12), Buffer.alloc(8, 1), Buffer.from('abc\0')]);
    expect([...new FrameReader().push(bytes)].map(({ body }) => body.toString())).toEqual(['abc']);
  });

  test('says what has come of a packet that is not whole', () => {
    const reader = new FrameReader();
    const stream = packet(5, 0, 'abcdef');
    expect([...reader.push(stream.subarray(0, 11))]).toEqual([]);
    expect(reader.isInside).toBe(true);
    expect(reader.begun()).toBeUndefined();
    expect([...reader.push(stream.subarray(11, 15))]).toEqual([]);
    expect(plain(reader.begun()!)).toEqual({ id: 5, type: 0, body: 'abc' });
  });
});
