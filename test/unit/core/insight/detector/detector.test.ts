import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmScore, Detector } from '../../../../../src/core/insight/detector/detector.js';
import { calm, changed, day, gauss, heavy, noises, seriesOf, stepMs, type Series } from './series.js';

const length = 14 * day;
/** Where something goes wrong, in the middle of a day's quiet hours. */
const moment = 10 * day + 30;
/** Constants were chosen with seeds below a thousand. */
const seeds = [7001, 7002, 7003, 7004, 7005];

function scoresOf({ at, values }: Series): number[] {
  const made = new Detector();
  return at.map((moment, index) => made.feed(moment, values[index] ?? Number.NaN));
}

/** Samples with an alarm, from a sample on. */
function alarms(series: Series, from = 0, least = alarmScore): number[] {
  return scoresOf(series).flatMap((score, index) => (index >= from && score >= least ? [index] : []));
}

/** Samples that are worth a look. */
const notices = (series: Series, from = 0): number[] => alarms(series, from, 0.5);

function fed(series: Series, from = 0, to = Infinity, made = new Detector()): Detector {
  series.at.slice(from, to).forEach((at, index) => made.feed(at, series.values[from + index] ?? Number.NaN));
  return made;
}

const noise = (seed: number): Series => seriesOf(seed, length, (_, random) => 50 + 3 * gauss(random));

const rhythm = calm['a day with its rhythm'] ?? (() => () => 0);
const missed = (seed: number, on: number): Series =>
  changed(seriesOf(seed, length, rhythm()), (value, index) =>
    Math.floor(index / day) === on && value > 50 ? 20 : value,
  );

describe('nothing is wrong', () => {
  // Eight weeks each: what is promised is an alarm in ten weeks and three notices in two, whatever the distribution.
  test.each(Object.entries(noises))('%s noise: hardly an alarm, and seldom anything worth a look', (_, noise) => {
    const weeks = 8;
    const many = seeds
      .map((seed) => scoresOf(seriesOf(seed, weeks * 7 * day, (_, random) => 50 + noise(random))))
      .flat();
    expect(many.filter((score) => score >= alarmScore).length).toBeLessThanOrEqual((seeds.length * weeks) / 10);
    expect(many.filter((score) => score >= 0.5).length).toBeLessThanOrEqual(1.5 * seeds.length * weeks);
  });

  test.each(Object.entries(calm))('%s: at most three alarms in the first week, and none in the second', (_, shape) => {
    const found = seeds.map((seed) => alarms(seriesOf(seed, length, shape())));
    for (const one of found) expect(one.length).toBeLessThanOrEqual(3);
    expect(found.flat().filter((index) => index >= 7 * day)).toEqual([]);
  });

  test('rounding is no change, however large the value', () => {
    const rounded = seriesOf(7001, length, (_, random) => 3e11 * (1 + 2e-13 * gauss(random)));
    expect(Math.max(...scoresOf(rounded))).toBe(0);
  });

  test('it stays so for longer than its weights can grow', () => {
    const found = notices(seriesOf(7002, 100_000, (_, random) => 50 + 3 * gauss(random)));
    const late = found.filter((index) => index >= 60_000);
    expect(late.length).toBeGreaterThan(4);
    expect(late.length).toBeLessThan(40);
  });
});

describe('something is wrong', () => {
  test.each(seeds)('a spike is told once, seed %d', (seed) => {
    const found = alarms(changed(noise(seed), (value, index) => (index === moment ? value + 40 : value)));
    expect(found).toEqual([moment]);
  });

  test.each(seeds)('a level that shifts is told once, and then is how it is, seed %d', (seed) => {
    const shifted = changed(noise(seed), (value, index) => (index >= moment ? value + 30 : value));
    const found = alarms(shifted);
    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThanOrEqual(moment);
    expect(found[0]).toBeLessThan(moment + 12);
  });

  test.each(seeds)('a spike among heavy tails, seed %d', (seed) => {
    const series = seriesOf(seed, length, (_, random) => 50 + heavy(random));
    const found = alarms(changed(series, (value, index) => (index === moment ? value + 150 : value)));
    expect(found).toContain(moment);
  });

  test.each(seeds)('a working day that does not begin is told once, seed %d', (seed) => {
    const quiet = missed(seed, 10);
    const found = alarms(quiet, day);
    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThanOrEqual((10 + 9 / 24) * day);
    expect(found[0]).toBeLessThan((10 + 11 / 24) * day);
    expect(fed(quiet, 0, (found[0] ?? 0) + 1).aspect).toBe('rhythm');
  });

  test.each(seeds)('it is worth a look before anything is known of a week, seed %d', (seed) => {
    const quiet = missed(seed, 5);
    const [first = 0] = notices(quiet, 5 * day);
    expect(first).toBeGreaterThanOrEqual((5 + 9 / 24) * day);
    expect(first).toBeLessThan((5 + 18 / 24) * day);
    expect(fed(quiet, 0, first + 1).aspect).toBe('rhythm');
  });

  test('what goes on is not told again and again', () => {
    const flapping = seeds.map((seed) => {
      const series = changed(noise(seed), (value, index) => (index >= moment && index % 4 === 0 ? value + 40 : value));
      return notices(series, moment).length;
    });
    expect(flapping.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2 * seeds.length);
  });

  test('what has not been for long is news again', () => {
    const rare = seriesOf(
      7003,
      100_000,
      (index, random) => 50 + gauss(random) + (index < 20_000 && index % 50 === 0 ? 60 : 0),
    );
    const found = alarms(
      changed(rare, (value, index) => (index === 95_000 ? value + 60 : value)),
      50_000,
    );
    expect(found).toEqual([95_000]);
  });

  test('a spike is found however little a series varies by now', () => {
    const calmer = seriesOf(7004, 80_000, (index, random) => (index < 3000 ? 1000 : 0.01) * gauss(random));
    const found = alarms(
      changed(calmer, (value, index) => (index === 75_000 ? 0.5 : index === 76_000 ? -0.5 : value)),
      60_000,
    );
    expect(found).toEqual([75_000, 76_000]);
  });

  test('one value that is far beyond everything does not make it blind', () => {
    const wild = changed(noise(7005), (value, index) =>
      index === moment ? 5000 : index === moment + day ? 150 : value,
    );
    expect(alarms(wild)).toEqual([moment, moment + day]);
    const glitch = changed(noise(7005), (value, index) => (index === moment ? 50_000 : value));
    const { low, high } = fed(glitch, 0, moment + 3 * day);
    expect(high - low).toBeLessThan(40);
  });

  test.each(seeds)('noise that grows to eight times what it was, seed %d', (seed) => {
    const wilder = changed(noise(seed), (value, index) => (index >= moment ? 50 + 8 * (value - 50) : value));
    const [first] = alarms(wilder);
    expect(first).toBeGreaterThanOrEqual(moment);
    expect(first).toBeLessThan(moment + 24);
  });

  test('noise that dies away is worth a look, more often than not', () => {
    const found = seeds.filter((seed) => {
      const still = changed(noise(seed), (value, index) => (index >= moment ? 50 + 0.01 * (value - 50) : value));
      const [first] = notices(still, moment);
      return first !== undefined && first < moment + 36 && fed(still, 0, first + 1).aspect === 'variation';
    });
    expect(found.length).toBeGreaterThanOrEqual(3);
  });

  test.each(seeds)('a climb out of what it was, seed %d', (seed) => {
    const series = changed(noise(seed), (value, index) => (index >= moment ? value + 0.5 * (index - moment) : value));
    const [first = 0] = alarms(series);
    expect(first).toBeGreaterThan(moment);
    expect(first).toBeLessThan(moment + 72);
    expect(fed(series, 0, first + 1).aspect).toBe('level');
  });

  test.each(seeds)('a save that is three times as high as any before, seed %d', (seed) => {
    const series = seriesOf(seed, length, (calm['saves every hour'] ?? (() => () => 0))());
    const at = 10 * day + 36;
    expect(alarms(changed(series, (value, index) => (index === at ? value * 3 : value)))).toEqual([at]);
  });

  test('something new where nothing has ever changed', () => {
    const series = changed(seriesOf(7001, length, (calm.constant ?? (() => () => 0))()), (value, index) =>
      index >= moment ? value + 1 : value,
    );
    const found = alarms(series);
    expect(found[0]).toBe(moment);
    expect(found.length).toBeLessThanOrEqual(2);
  });

  test('what is worse a day later is told again', () => {
    const high = new Map([
      [moment, 40],
      [moment + 4, 60],
      [moment + day, 400],
    ]);
    const worse = changed(noise(7001), (value, index) => value + (high.get(index) ?? 0));
    expect(alarms(worse)).toEqual([moment, moment + day]);
  });
});

describe('streaming', () => {
  test('a score depends on what came until then alone', () => {
    const { at, values } = seriesOf(7100, 3000, (_, random) => 20 + heavy(random));
    const whole = scoresOf({ at, values });
    for (const end of [1, 150, 1024, 2999]) {
      const part = scoresOf({ at: at.slice(0, end), values: values.slice(0, end) });
      expect(part).toEqual(whole.slice(0, end));
    }
  });

  test('a value and its unit: the same scores for bytes and for gigabytes', () => {
    const series = seriesOf(7101, 3000, (_, random) => 20 + heavy(random));
    const larger = scoresOf(changed(series, (value) => value * 2 ** 30));
    scoresOf(series).forEach((score, index) => {
      expect(larger[index]).toBeCloseTo(score, 6);
    });
  });

  test('any values at any times give a score from 0 to 1', () => {
    const anything = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e308, -1e308, 9e149, -9e149, 5e-324, 0, -0),
      fc.integer({ min: -5, max: 5 }),
    );
    const steps = fc.oneof(
      fc.constant(stepMs),
      fc.integer({ min: -1e10, max: 1e10 }),
      fc.constant(Number.NaN),
      fc.constant(0),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(steps, anything), { minLength: 150, maxLength: 400 }), (rows) => {
        const made = new Detector();
        let at = 0;
        for (const [step, value] of rows) {
          at = Number.isFinite(step) ? at + step : at;
          const score = made.feed(Number.isFinite(step) ? at : step, value);
          expect(score >= 0 && score <= 1).toBe(true);
        }
      }),
    );
  });

  test('what is missing scores 0 and changes nothing', () => {
    const series = noise(7102);
    const made = new Detector();
    const scores = series.at.map((at, index) => {
      const score = made.feed(at, series.values[index] ?? Number.NaN);
      expect(made.feed(at, Number.NaN)).toBe(0);
      return score;
    });
    expect(scores).toEqual(scoresOf(series));
  });

  test('a gap of hours and a clock that is set back are no anomaly', () => {
    const series = noise(7103);
    const hour = 3_600_000;
    const later = series.at.map(
      (at, index) => at + (index >= moment ? 7 * hour : 0) - (index >= moment + day ? 9 * hour : 0),
    );
    expect(alarms({ at: later, values: series.values }, day)).toEqual(alarms(series, day));
  });

  test('what was expected is told with a finding, and not before there is any', () => {
    const series = noise(7104);
    const made = fed(series, 0, 150);
    expect([made.low, made.high]).toEqual([Number.NaN, Number.NaN]);
    fed(series, 150, moment, made);
    expect(made.feed(series.at[moment] ?? 0, 95)).toBeGreaterThanOrEqual(alarmScore);
    expect(made.aspect).toBe('value');
    expect(made.low).toBeGreaterThan(30);
    expect(made.low).toBeLessThan(48);
    expect(made.high).toBeGreaterThan(52);
    expect(made.high).toBeLessThan(70);
  });

  test('its memory is bounded', () => {
    const made = new Detector();
    const { bytes } = made;
    const { length: kept } = made.state().learned;
    fed(
      seriesOf(7105, 20_000, (_, random) => heavy(random)),
      0,
      Infinity,
      made,
    );
    expect(made.bytes).toBe(bytes);
    expect(bytes).toBeLessThan(20_000);
    expect(made.state().learned).toHaveLength(kept);
    expect(kept).toBeLessThan(28_000);
  });
});

describe('what is kept over a restart', () => {
  // A day with its rhythm, with something wrong in it, so that all of it is in use.
  const series = changed(
    seriesOf(7200, length, (calm['a day with its rhythm'] ?? (() => () => 0))()),
    (value, index) => (index % 900 > 880 ? 3 * value : value),
  );
  const whole = scoresOf(series);

  test.each([0, 1, 19, 230, 880, 885, 1017, 1780, 2680, moment])(
    'after %d values the rest is scored as without it',
    (end) => {
      const state = fed(series, 0, end).state();
      const made = fed(noise(7201));
      expect(made.restore(state)).toBe(true);
      expect(series.at.slice(end).map((at, index) => made.feed(at, series.values[end + index] ?? Number.NaN))).toEqual(
        whole.slice(end),
      );
    },
  );

  test('what has been told is not told again after it', () => {
    const { at, values } = missed(7001, 10);
    const scores = scoresOf({ at, values });
    const told = scores.findIndex((score, index) => index > 2 * day && score >= alarmScore);
    for (let end = told; end < told + 40; end += 1) {
      const made = new Detector();
      made.restore(fed({ at, values }, 0, end).state());
      const rest = at.slice(end, told + day).map((one, index) => made.feed(one, values[end + index] ?? Number.NaN));
      expect(rest).toEqual(scores.slice(end, told + day));
    }
  });

  test('to look at it changes nothing, and it is what was given', () => {
    const told = whole.findIndex((score, index) => index > day && score >= alarmScore);
    expect(told).toBeGreaterThan(day);
    const made = fed(series, 0, told + 1);
    const state = made.state();
    expect(made.state()).toEqual(state);
    const other = new Detector();
    other.restore(state);
    expect(other.state()).toEqual(state);
    expect(structuredClone(state)).toEqual(JSON.parse(JSON.stringify(state)));
  });

  test.each([
    ['of another version', { version: 2 }],
    ['cut off', { learned: 'AAAA' }],
    ['nothing', { learned: '' }],
  ])('one that is %s is refused, and nothing has changed', (_, wrong) => {
    const made = fed(series, 0, 1000);
    const before = made.state();
    expect(made.restore({ ...fed(noise(7202)).state(), ...wrong })).toBe(false);
    expect(made.state()).toEqual(before);
  });
});
