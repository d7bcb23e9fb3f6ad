import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ThreeSigma } from '../../../../../src/core/insight/detector/threeSigma.js';
import { gauss, seriesOf } from './series.js';

function through(values: readonly number[]): number[] {
  const made = new ThreeSigma();
  return values.map((value, index) => made.feed(index, value));
}

describe('three sigma', () => {
  test('says nothing before thirty values, and 0.5 at three deviations of those before', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 9 : 11));
    expect(through([...values.slice(0, 29), 1000]).at(-1)).toBe(0);
    expect(through([...values, 13]).at(-1)).toBeCloseTo(0.5);
    expect(through([...values, 7]).at(-1)).toBeCloseTo(0.5);
    expect(through([...values, 19]).at(-1)).toBeCloseTo(0.75);
  });

  test('a constant series is calm, whatever differs from it is not', () => {
    const values = Array.from({ length: 5000 }, () => 0.1);
    expect(Math.max(...through(values))).toBe(0);
    expect(through([...values, 0.2]).at(-1)).toBeGreaterThan(0.99);
    expect(through([...values.map(() => 0), 1]).at(-1)).toBe(1);
  });

  test('the window slides: what it says is what a window of the last values alone says', () => {
    const { values } = seriesOf(11, 3700, (index, random) => 1e9 + index + gauss(random));
    const whole = through(values);
    for (const end of [1050, 2333, 3699])
      expect(whole[end]).toBeCloseTo(through(values.slice(end - 1000, end + 1)).at(-1) ?? Number.NaN, 6);
  });

  test('any values give a score from 0 to 1', () => {
    const anything = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e308, -0), fc.integer());
    fc.assert(
      fc.property(fc.array(anything, { minLength: 40, maxLength: 200 }), (values) => {
        for (const score of through(values)) expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });
});
