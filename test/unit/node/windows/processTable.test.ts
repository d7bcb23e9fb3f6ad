import { expect, test, vi } from 'vitest';
import { ProcessTableReader } from '../../../../src/node/windows/processTable.js';

const mismatch = 0xc000_0004 | 0;
const kb = 1024;

test('a buffer that is too small is made as large as was asked for, with some to spare, and kept', () => {
  const lengths: number[] = [];
  const reader = new ProcessTableReader(
    (into, needed) => {
      lengths.push(into.length);
      // Between two calls there are more processes.
      const bytes = 500 * kb + lengths.length * 50 * kb;
      needed.writeUInt32LE(bytes, 0);
      return into.length < bytes ? mismatch : 0;
    },
    (buffer) => buffer.length,
  );
  expect(reader.read()).toMatchObject({ length: 600 * kb, base: 614 * kb });
  expect(reader.read()).toMatchObject({ length: 700 * kb, base: 714 * kb });
  expect(lengths).toEqual([256 * kb, 614 * kb, 614 * kb, 714 * kb]);
});

test('it is tried so many times, and no more', () => {
  const query = vi.fn((into: Buffer, needed: Buffer) => {
    needed.writeUInt32LE(into.length + 1, 0);
    return mismatch;
  });
  expect(new ProcessTableReader(query, () => 0).read()).toBeUndefined();
  expect(query).toHaveBeenCalledTimes(8);
});

test('a kernel that does not say how much it needs gets more each time', () => {
  const lengths: number[] = [];
  const reader = new ProcessTableReader(
    (into) => {
      lengths.push(into.length);
      return lengths.length < 4 ? mismatch : 0;
    },
    () => 0,
  );
  expect(reader.read()?.length).toBe((256 + 3 * 64) * kb);
  expect(lengths).toEqual([256 * kb, 320 * kb, 384 * kb, 448 * kb]);
});

test('another refusal is one', () => {
  const query = vi.fn(() => 0xc000_0022 | 0);
  expect(new ProcessTableReader(query, () => 0).read()).toBeUndefined();
  expect(query).toHaveBeenCalledOnce();
});
