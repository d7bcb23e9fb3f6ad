import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteScale, percentScale, timeTicks } from '../../webview/shared/charts/scale.js';
import { extent, firstFrom, gapAfterMs, nearest, runs, timeWindow } from '../../webview/shared/charts/series.js';
import { Formats, fill, type UnitTexts } from '../../webview/shared/format.js';

const units: UnitTexts = {
  percent: '{0} %',
  kilobytes: '{0} KB',
  megabytes: '{0} MB',
  gigabytes: '{0} GB',
  terabytes: '{0} TB',
  seconds: '{0} s',
  minutes: '{0} min',
  hours: '{0} h {1} min',
  days: '{0} d {1} h',
};
const formats = new Formats('en', units);
const minute = 60_000;
const every = (stepMs: number, count: number) => Array.from({ length: count }, (_, i) => i * stepMs);

describe('time', () => {
  test.each([
    [0, 1],
    [59, 1],
    [61, 2],
    [301, 10],
    [899, 15],
  ])('%d s of data take an axis of %d min', (seconds, minutes) => {
    const { from, to } = timeWindow([0, seconds * 1000], 15 * minute);
    expect(to - from).toBe(minutes * minute);
  });

  test('the axis is never longer than asked for', () => {
    const { from, to } = timeWindow(every(3000, 300), minute);
    expect(to - from).toBe(minute);
  });

  test('no data, no trouble', () => {
    expect(timeWindow([], minute)).toEqual({ from: -minute, to: 0 });
    expect(runs({ at: [], values: [] }, 0)).toEqual([]);
    expect(extent({ at: [], values: [] }, 0)).toBeUndefined();
    expect(nearest([], 0, 5)).toBeUndefined();
  });

  test('labels are round and have room', () => {
    const { ticks, hasSeconds } = timeTicks(7 * minute + 1, 22 * minute, 400, 76);
    expect(ticks.map((at) => at / minute)).toEqual([10, 15, 20]);
    expect(hasSeconds).toBe(false);
    expect(timeTicks(0, minute, 400, 76)).toEqual({ ticks: every(15_000, 5), hasSeconds: true });
    expect(timeTicks(0, 15 * minute, 10, 76).ticks.length).toBeLessThanOrEqual(2);
  });
});

describe('gaps', () => {
  test('three times the usual interval, at least 12 s', () => {
    expect(gapAfterMs(every(3000, 20))).toBe(12_000);
    expect(gapAfterMs(every(10_000, 20))).toBe(30_000);
    expect(gapAfterMs([])).toBe(12_000);
  });

  test('unknown values and silences end a run', () => {
    const at = [0, 3, 6, 9, 12, 60, 63].map((s) => s * 1000);
    expect(runs({ at, values: [1, 2, NaN, 4, 5, 6, 7] }, 0)).toEqual([
      [0, 1],
      [3, 4],
      [5, 6],
    ]);
    expect(runs({ at, values: [1, 2, NaN, 4, 5, 6, 7] }, 9000)).toEqual([
      [3, 4],
      [5, 6],
    ]);
  });

  test('unknown is neither the lowest nor the newest', () => {
    expect(extent({ at: [1, 2, 3], values: [5, 3, NaN] }, 0)).toEqual({ now: null, lowest: 3, highest: 5 });
    expect(extent({ at: [1, 2], values: [NaN, NaN] }, 0)).toBeUndefined();
  });

  test('every measured point is in exactly one run, no unknown one in any', () => {
    const point = fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.option(fc.integer({ min: 0, max: 9 })));
    const series = fc.array(point, { maxLength: 40 });
    fc.assert(
      fc.property(series, (steps) => {
        let time = 0;
        const at = steps.map(([step]) => (time += step));
        const values = steps.map(([, value]) => value ?? NaN);
        const drawn = runs({ at, values }, 0).flatMap(([first, last]) =>
          every(1, last - first + 1).map((i) => first + i),
        );
        expect(drawn).toEqual(values.flatMap((value, i) => (Number.isNaN(value) ? [] : [i])));
      }),
    );
  });
});

test('a pointer finds the nearest point within the window', () => {
  const at = [0, 10, 20, 30];
  expect([-5, 4, 6, 26, 99].map((time) => nearest(at, 0, time))).toEqual([0, 0, 1, 3, 3]);
  expect(nearest(at, 15, 0)).toBe(2);
  expect([-1, 0, 1, 31].map((time) => firstFrom(at, time))).toEqual([0, 0, 1, 4]);
});

describe('values', () => {
  const texts = (scale: { ticks: readonly { text: string }[] }) => scale.ticks.map(({ text }) => text);

  test('axes begin at 0 and end above the highest', () => {
    expect(texts(percentScale(0.3, 4, formats))).toEqual(['0 %', '1 %', '2 %', '3 %', '4 %']);
    expect(texts(percentScale(36, 4, formats))).toEqual(['0 %', '10 %', '20 %', '30 %', '40 %']);
    expect(texts(byteScale(6.1 * 1024 ** 3, 4, formats))).toEqual(['0 GB', '2 GB', '4 GB', '6 GB', '8 GB']);
    expect(texts(byteScale(1.3 * 1024 ** 3, 4, formats))).toEqual(['0.0 GB', '0.5 GB', '1.0 GB', '1.5 GB']);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e14, noNaN: true }), (highest) => {
        for (const scale of [percentScale(highest, 4, formats), byteScale(highest, 4, formats)]) {
          expect(scale.top).toBeGreaterThanOrEqual(highest * 0.999);
          expect(scale.ticks.length).toBeLessThanOrEqual(6);
        }
      }),
    );
  });

  test('numbers read as in the tree', () => {
    expect([0, 3.24, 9.96, 36.4, NaN, null].map((value) => formats.percent(value))).toEqual([
      '0.0 %',
      '3.2 %',
      '10 %',
      '36 %',
      '–',
      '–',
    ]);
    const bytes = [0, 2048, 300 * 1024 ** 2, 1023.6 * 1024 ** 2, 6.1 * 1024 ** 3, 2 * 1024 ** 4, NaN];
    expect(bytes.map((value) => formats.bytes(value))).toEqual([
      '0 KB',
      '2 KB',
      '300 MB',
      '1.0 GB',
      '6.1 GB',
      '2.0 TB',
      '–',
    ]);
    const times = [-5, 40_000, 12 * minute, 134 * minute, 3 * 1440 * minute + 250 * minute];
    expect(times.map((ms) => formats.duration(ms))).toEqual(['0 s', '40 s', '12 min', '2 h 14 min', '3 d 4 h']);
  });

  test('a language that Intl does not know is no trouble', () => {
    expect(new Formats('not a language!', units).percent(50)).toBe('50 %');
  });

  test('texts are filled in like vscode.l10n.t', () => {
    expect(fill('{1}, {0}, {0}, {2}', 'a', 'b')).toBe('b, a, a, {2}');
  });
});
