import { describe, expect, test } from 'vitest';
import { placeOf, Tail } from '../../../../../src/core/insight/detector/tail.js';
import { heavy, seriesOf } from './series.js';

const sizes = seriesOf(7300, 2000, (_, random) => Math.abs(heavy(random))).values;

function tailOf(values: readonly number[], octaves = 0): Tail {
  const made = new Tail();
  for (const size of values) made.add(placeOf(size), 1);
  made.shift(octaves);
  made.refresh(1, values.length, 1);
  return made;
}

const surprise = (tail: Tail, size: number): number => tail.surprise(placeOf(size), 1, sizes.length, 1);

describe('how surprising a size is', () => {
  test('usual ones are not, rarer ones are as rare as they have been', () => {
    const tail = tailOf(sizes);
    const beyond = (size: number): number => sizes.filter((one) => one > size).length / sizes.length;
    expect(surprise(tail, 1)).toBe(0);
    expect(surprise(tail, 8)).toBeGreaterThan(1.5);
    expect(Math.abs(surprise(tail, 8) + Math.log10(beyond(8)))).toBeLessThan(0.5);
  });

  test('one that has never been is as rare as one in all, and rarer the further it lies beyond', () => {
    const tail = tailOf(sizes);
    const most = Math.max(...sizes);
    expect(surprise(tail, 1.5 * most)).toBeGreaterThanOrEqual(Math.log10(sizes.length));
    expect(surprise(tail, 10 * most)).toBeGreaterThan(surprise(tail, 2 * most) + 0.5);
  });

  test('the same distance beyond is more where a tail is thin', () => {
    const thin = tailOf(sizes.map((_, index) => 1 + index / sizes.length));
    const most = Math.max(...sizes);
    expect(surprise(thin, 6)).toBeGreaterThan(surprise(tailOf(sizes), 3 * most) + 1);
  });

  test('a gap between two kinds of sizes is news, their edges are not', () => {
    const two = tailOf(sizes.map((_, index) => (index % 2 === 0 ? 1 : 64)));
    expect(surprise(two, 64)).toBeLessThan(1);
    expect(surprise(two, 8)).toBeGreaterThan(Math.log10(sizes.length));
    expect(surprise(two, 1.1)).toBe(0);
  });

  test('a longer or shorter unit changes nothing but the numbers', () => {
    for (const octaves of [4, -4]) {
      const shifted = tailOf(sizes, octaves);
      for (const size of [0.1, 1, 3, 9, 20, 60, 200])
        expect(surprise(shifted, size / 2 ** octaves)).toBeCloseTo(surprise(tailOf(sizes), size), 9);
    }
  });
});
