import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack, type Rows, type Samples } from '../../../../../src/core/store/tiers/packing.js';
import { start } from '../support/history.js';

const limit = 2 ** 50;
const value = fc.oneof(
  fc.constant(null),
  fc.constantFrom(0, 1, -1, 63, 64, -64, -65, 127, 128, limit, -limit, limit - 1),
  fc.integer({ min: -1000, max: 1000 }),
  fc.maxSafeInteger().map((number) => number % limit),
);
/** Some values, and how often each comes in a row. */
const column = (length: number): fc.Arbitrary<(number | null)[]> =>
  fc
    .array(fc.tuple(value, fc.integer({ min: 1, max: 400 })), { minLength: 1, maxLength: 30 })
    .map((runs) => runs.flatMap(([one, times]) => Array<number | null>(times).fill(one)))
    .map((values) => Array.from({ length }, (_, index) => values[index % values.length] ?? null));
const samples: fc.Arbitrary<Samples> = fc
  .array(
    fc.oneof(fc.constant(start), fc.integer({ min: 0, max: 2 ** 48 }), fc.integer({ min: start, max: start + 1e6 })),
  )
  .chain((at) => {
    const columns = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 9 });
    return columns.chain((slots) =>
      fc.tuple(...slots.map((slot) => column(at.length).map((values) => [slot, values] as const))).map((all) => ({
        at,
        columns: new Map(all),
      })),
    );
  });
const plain = ({ at, columns }: Samples): object => ({
  at: at.map((time) => Math.floor(time / 100) * 100),
  columns: [...columns]
    .sort(([one], [other]) => one - other)
    .map(([slot, values]) => [slot, values.map((one) => (one === null ? null : one + 0))]),
});
const rowsOf = ({ at, columns }: Samples): Rows => ({
  length: at.length,
  width: Math.max(-1, ...columns.keys()) + 1,
  timeOf: (index) => at[index],
  valueAt: (index, slot) => columns.get(slot)?.[index] ?? NaN,
  has: (slot) => columns.has(slot),
});

describe('packing', () => {
  test('gives back what was packed, whatever it is', () => {
    fc.assert(
      fc.property(samples, (given) => {
        expect(plain(unpack(pack(rowsOf(given))))).toEqual(plain(given));
      }),
    );
  });

  test('knows none and one', () => {
    for (const at of [[], [start]]) {
      for (const columns of [new Map<number, number[]>(), new Map([[3, at.map(() => 5)]])]) {
        expect(plain(unpack(pack(rowsOf({ at, columns }))))).toEqual(plain({ at, columns }));
      }
    }
  });

  // Otherwise a sample that is read from the journal would be in another minute than when it was measured.
  test('leaves every sample in its second', () => {
    expect(unpack(pack(rowsOf({ at: [start + 999, start + 59_999], columns: new Map() }))).at).toEqual([
      start + 900,
      start + 59_900,
    ]);
  });

  test('answers any bytes with samples or a RangeError', () => {
    const outcome = (bytes: Uint8Array): void => {
      try {
        const { at, columns } = unpack(bytes);
        expect(at.length * columns.size).toBeLessThanOrEqual(2_000_000);
        for (const values of columns.values()) expect(values).toHaveLength(at.length);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), outcome));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        outcome(Uint8Array.from([1, ...bytes]));
      }),
    );
    fc.assert(
      fc.property(samples, fc.nat(), fc.integer({ min: 0, max: 255 }), (given, place, byte) => {
        const packed = pack(rowsOf(given));
        outcome(packed.subarray(0, place % packed.length));
        packed[place % packed.length] = byte;
        outcome(packed);
      }),
    );
  });

  test('does not take more samples, columns or values than any pack has', () => {
    const number = (count: number): number[] => {
      const bytes: number[] = [];
      let rest = count;
      for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
      return [...bytes, rest];
    };
    // A run for the pauses, then columns that are one run each.
    const claiming = (count: number, columns: number): Uint8Array => {
      const run = [0, ...number(count - 1)];
      const each = Array.from({ length: columns }, (_, slot) => [...number(slot), 0, ...run]).flat();
      return Uint8Array.from([1, ...number(count), 0, 0, ...number(count - 2), ...number(columns), ...each]);
    };
    expect(unpack(claiming(100_000, 20)).columns.size).toBe(20);
    expect(unpack(claiming(1000, 1000)).columns.size).toBe(1000);
    expect(() => unpack(claiming(100_001, 1))).toThrow(RangeError);
    expect(() => unpack(claiming(10, 1001))).toThrow(RangeError);
    expect(() => unpack(claiming(100_000, 1000))).toThrow(RangeError);
    expect(() => unpack(Uint8Array.from([2, 0, 0, 0]))).toThrow(RangeError);
    // A time that no number can hold.
    expect(() => unpack(Uint8Array.from([1, 1, ...Array<number>(150).fill(255), 0, 0]))).toThrow(RangeError);
  });

  test('takes less than 9 bytes for a sample of six metrics', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const at: number[] = [];
    const columns = new Map<number, number[]>(Array.from({ length: 6 }, (_, slot) => [slot, []]));
    let memory = 500_000;
    for (let index = 0; index < 100; index++) {
      at.push(start + index * 3000 + Math.floor(random() * 40));
      memory += Math.floor((random() - 0.4) * 60);
      const values = [
        // CPU in hundredths of a percent, memory in pages, read and written in 16 bytes a second, threads, players.
        ...[Math.floor(3000 + random() * 1500), memory, random() < 0.1 ? Math.floor(random() * 4000) : 0],
        ...[Math.floor(random() * 300), 440 + 10 * Math.floor(random() * 1.05), 400],
      ];
      for (const [slot, one] of values.entries()) columns.get(slot)?.push(one);
    }
    expect(pack(rowsOf({ at, columns })).length / at.length).toBeLessThan(9);
    // An idle server costs next to nothing.
    const idle = new Map([...columns.keys()].map((slot) => [slot, at.map(() => 400)]));
    expect(pack(rowsOf({ at: at.map((_, index) => start + index * 3000), columns: idle })).length).toBeLessThan(70);
  });
});
