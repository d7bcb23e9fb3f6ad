import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byteRateScale,
  byteScale,
  countScale,
  percentScale,
  timeLabel,
  timeTicks,
} from '../../webview/shared/charts/scale.js';
import {
  extent,
  firstFrom,
  gapAfterMs,
  lonePoints,
  nearest,
  timesOf,
  timeWindow,
  traceOf,
  type Line,
} from '../../webview/shared/charts/series.js';
import { Formats, fill, type UnitTexts } from '../../webview/shared/format.js';

const units: UnitTexts = {
  percent: '{0} %',
  kilobytes: '{0} KB',
  megabytes: '{0} MB',
  gigabytes: '{0} GB',
  terabytes: '{0} TB',
  milliseconds: '{0} ms',
  perSecond: '{0}/s',
  seconds: '{0} s',
  minutes: '{0} min',
  hours: '{0} h {1} min',
  days: '{0} d {1} h',
  wholeHours: '{0} h',
  wholeDays: '{0} days',
};
const formats = new Formats('en', units);
const minute = 60_000;
const every = (stepMs: number, count: number) => Array.from({ length: count }, (_, i) => i * stepMs);

/** The unbroken pieces of a line, as their values. */
function pieces(values: readonly (number | null)[]): number[][] {
  const found: number[][] = [[]];
  for (const value of values) {
    if (value === null) found.push([]);
    else found.at(-1)!.push(value);
  }
  return found.filter(({ length }) => length > 0);
}

describe('time', () => {
  test.each([
    [0, 1],
    [59, 1],
    [61, 2],
    [301, 10],
    [899, 15],
    [2000, 15],
  ])('%d s of data take an axis of %d min', (seconds, minutes) => {
    const { from, to } = timeWindow(0, seconds * 1000, 15 * minute);
    expect(to - from).toBe(minutes * minute);
    expect(to).toBe(seconds * 1000);
  });

  test('labels are round on the clock of this place, and have room', () => {
    const noon = new Date(2026, 2, 1, 12).getTime();
    const { ticks, stepMs } = timeTicks(noon + 7 * minute + 1, noon + 22 * minute, 400, 76);
    expect(ticks.map((at) => (at - noon) / minute)).toEqual([10, 15, 20]);
    expect(stepMs).toBe(5 * minute);
    expect(timeTicks(noon, noon + minute, 400, 76)).toMatchObject({ stepMs: 15_000, ticks: { length: 5 } });
    expect(timeTicks(noon, noon + 15 * minute, 10, 76).ticks.length).toBeLessThanOrEqual(2);
    const week = timeTicks(noon - 7 * 1440 * minute, noon, 700, 84);
    expect(week.ticks.map((at) => new Date(at).getHours())).toEqual([0, 0, 0, 0, 0, 0, 0]);
    const narrow = timeTicks(noon - 7 * 1440 * minute, noon, 190, 84);
    expect(narrow.ticks.map((at) => timeLabel(at, narrow.stepMs, formats))).toEqual(['Feb 25', 'Feb 28']);
    const day = timeTicks(noon - 1440 * minute, noon, 700, 84);
    expect(day.ticks.map((at) => new Date(at).getHours())).toEqual([12, 15, 18, 21, 0, 3, 6, 9, 12]);
    expect(timeLabel(day.ticks[4]!, day.stepMs, formats)).toBe('Mar 1');
    expect(timeLabel(day.ticks[0]!, day.stepMs, formats)).toMatch(/^12:00\sPM$/);
  });

  test('clocks are those of the language', () => {
    const at = new Date(2026, 2, 1, 15, 4, 5).getTime();
    expect(new Formats('de', units).moment(at, 15 * minute)).toBe('15:04:05');
    expect(new Formats('en', units).moment(at, 360 * minute)).toMatch(/^3:04\sPM$/);
    expect(new Formats('ko', units).moment(at, 15 * minute)).toMatch(/^(오후|PM) 3:04:05$/);
    expect(new Formats('de', units).moment(at, 1440 * minute)).toBe('1. März, 15:04');
    expect([15, 60, 360, 1440, 10_080].map((minutes) => formats.span(minutes * minute))).toEqual([
      ...['15 min', '1 h', '6 h', '24 h', '7 days'],
    ]);
  });
});

describe('live points', () => {
  test('a gap is three times the usual interval, at least 12 s', () => {
    expect(gapAfterMs(every(20, 20).map(() => 3000))).toBe(12_000);
    expect(gapAfterMs(every(20, 20).map(() => 10_000))).toBe(30_000);
    expect(gapAfterMs([])).toBe(12_000);
  });

  test('unknown values and silences end a line', () => {
    const at = [0, 3, 6, 9, 12, 60, 63].map((s) => s * 1000);
    expect(pieces(traceOf(undefined, { at, values: [1, 2, NaN, 4, 5, 6, 7] }).mean)).toEqual([
      [1, 2],
      [4, 5],
      [6, 7],
    ]);
  });

  test('every measured point is drawn once, no unknown one is', () => {
    const point = fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.option(fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (steps) => {
        let time = 0;
        const at = steps.map(([step]) => (time += step));
        const trace = traceOf(undefined, { at, values: steps.map(([, value]) => value ?? NaN) });
        expect(trace.mean.filter((value) => value !== null)).toEqual(
          steps.flatMap(([, value]) => (value === null ? [] : [value])),
        );
        expect(trace.at).toEqual(trace.at.toSorted((a, b) => a - b));
      }),
    );
  });

  test('no data, no trouble', () => {
    const empty = traceOf(undefined, { at: [], values: [] });
    expect(empty.at).toEqual([]);
    expect(extent(empty, 0)).toBeUndefined();
    expect(nearest([], 0, 5)).toBeUndefined();
  });
});

describe('history', () => {
  const none = { at: [], values: [] };
  const history = (bucketMs: number, rowMs: number, means: number[]) => ({
    ...{ bucketMs, rowMs, at: every(bucketMs, means.length), mean: means },
    min: means.map((value) => value - 1),
    max: means.map((value) => value + 1),
  });

  test('buckets that are shorter than the time between samples leave no gaps', () => {
    const means = every(1, 60).map((i) => (i % 2 === 0 ? i : NaN));
    const { at, mean, min, max } = traceOf(history(1500, 0, means), none);
    expect(mean).toEqual(every(2, 30));
    expect(at.slice(0, 2)).toEqual([750, 3750]);
    expect([min[1], max[1]]).toEqual([1, 3]);
  });

  test('a silence is a gap, also of one bucket where buckets are long', () => {
    const short = every(1, 60).map((i) => (i < 20 || i > 30 ? i : NaN));
    expect(pieces(traceOf(history(1500, 0, short), none).mean)).toHaveLength(2);
    const long = [1, 2, NaN, 4, 5];
    expect(pieces(traceOf(history(144_000, 60_000, long), none).mean)).toEqual([
      [1, 2],
      [4, 5],
    ]);
  });

  test('rows that are longer than the buckets leave no gaps', () => {
    // Of one minute each, in buckets of 36 and of 50 seconds.
    for (const bucketMs of [36_000, 50_000]) {
      const filled = new Set(every(60_000, 100).map((at) => Math.floor(at / bucketMs)));
      const means = every(1, 100).map((i) => (filled.has(i) ? i : NaN));
      expect(pieces(traceOf(history(bucketMs, 60_000, means), none).mean)).toHaveLength(1);
    }
  });

  test('live points go on where the history ends', () => {
    const means = every(1, 10).map(() => 5);
    const live = { at: [12_000, 14_999, 16_000, 19_000, 60_000], values: [1, 2, 3, 4, 5] };
    const { mean } = traceOf(history(1500, 0, means), live);
    expect(pieces(mean)).toEqual([[...means, 3, 4], [5]]);
  });

  test('the highest is that of the buckets, not of their means', () => {
    expect(extent(traceOf(history(1500, 0, [5, 9, 7]), none), 0)).toEqual({ lowest: 4, highest: 10 });
  });
});

test("a point without a neighbour is told from one whose neighbour is another line's", () => {
  expect(lonePoints([1, null, 2, null, 3, 4])).toEqual([0, 2]);
  expect(lonePoints([1, undefined, 2, undefined])).toEqual([]);
  expect(lonePoints([undefined, 1, undefined, null])).toEqual([1]);
});

test('several lines are read at every time that one of them has', () => {
  const line = (...at: number[]): Line => {
    const values = at.map(() => 1);
    return { name: '', tone: 'blue', isDotted: false, trace: { at, mean: values, min: values, max: values } };
  };
  expect(timesOf([line(1, 5), line(3, 5)])).toEqual([1, 3, 5]);
  expect(timesOf([line(2, 4)])).toEqual([2, 4]);
  expect(timesOf([])).toEqual([]);
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
    expect(texts(countScale(0, 4, formats))).toEqual(['0', '1', '2', '3', '4']);
    expect(texts(countScale(5, 4, formats))).toEqual(['0', '2', '4', '6']);
    expect(texts(byteRateScale(0, 4, formats))).toEqual(['0 KB/s', '1 KB/s', '2 KB/s', '3 KB/s', '4 KB/s']);
    expect(texts(byteRateScale(3.5 * 1024 ** 2, 4, formats))).toEqual([
      '0 MB/s',
      '1 MB/s',
      '2 MB/s',
      '3 MB/s',
      '4 MB/s',
    ]);
    expect(formats.bytesPerSecond(300 * 1024)).toBe('300 KB/s');
    expect(formats.bytesPerSecond(1.84 * 1024 ** 2)).toBe('1.8 MB/s');
    expect(formats.bytesPerSecond(null)).toBe('–');
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
