import { expect, test } from 'vitest';
import { medianOf, rhythmOf } from '../../../../src/core/saves/saveRhythm.js';

test.each<[string, number[], number | null]>([
  ['nothing', [], null],
  ['three are too few', [300, 300, 300], null],
  ['four that agree', [300, 301, 299, 300], 300],
  ['one that is missing in between, and one by hand', [300, 300, 600, 300, 301, 40, 300], 300],
  ['a night', [300, 300, 300, 36_000, 300, 300], 300],
  ['whenever', [10, 300, 47, 1800, 120, 900], null],
  ['three that agree of eight', [300, 300, 300, 10, 2000, 4000, 800, 60], null],
])('%s', (_, gaps, interval) => {
  expect(rhythmOf(gaps)?.intervalMs ?? null).toBe(interval);
});

test('worlds that are saved one after the other: the long pause is known', () => {
  expect(rhythmOf([5, 5, 5, 5, 285, 5, 5, 5, 5, 285, 5, 5, 5, 5, 285])?.longMs).toBe(285);
});

test('the middle', () => {
  expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([])]).toEqual([2, 2.5, NaN]);
});
