import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metrics } from '../../../../src/shared/metrics.js';
import type { History } from '../../../../src/core/store/history.js';
import { tierFor, type RangeResult } from '../../../../src/core/store/query.js';
import { defaultRetention, tiers, type TierName } from '../../../../src/core/store/tiers/tiers.js';
import { day, hour, largest, minute, openHistory, smallest, start } from './support/history.js';

const retention = defaultRetention;

function ask(history: History, from: number, to: number, buckets: number, now = to, id = 'alpha'): RangeResult {
  return history.range({ id, metrics: ['cpu'], from, to, buckets }, now, retention);
}

const cpu = ({ metrics: found }: RangeResult): { mean: Float64Array; min: Float64Array; max: Float64Array } =>
  found.cpu ?? { mean: new Float64Array(), min: new Float64Array(), max: new Float64Array() };
/** Where nothing is known, as indices. */
const holes = (result: RangeResult): number[] =>
  [...cpu(result).mean].flatMap((value, index) => (Number.isNaN(value) ? [index] : []));

describe('the tier', () => {
  const now = start + 400 * day;
  test.each<[string, number, number, number, TierName]>([
    ['15 minutes', now - 15 * minute, now, 600, 'raw'],
    ['15 minutes in 15', now - 15 * minute, now, 15, '1m'],
    ['9 hours', now - 9 * hour, now, 600, 'raw'],
    ['24 hours', now - day, now, 600, '1m'],
    ['7 days', now - 7 * day, now, 600, '15m'],
    ['30 days', now - 30 * day, now, 600, '1h'],
    ['a year', now - 365 * day, now, 600, '1h'],
    ['15 minutes of yesterday', now - 25 * hour, now - 25 * hour + 15 * minute, 600, '1m'],
    ['15 minutes of two weeks ago', now - 14 * day, now - 14 * day + 15 * minute, 600, '15m'],
    ['15 minutes of a quarter ago', now - 90 * day, now - 90 * day + 15 * minute, 600, '1h'],
    ['an hour before there was anything', 0, hour, 600, '1h'],
    ['an hour to come', now + day, now + day + hour, 600, 'raw'],
  ])('of %s', (_, from, to, buckets, tier) => {
    expect(tierFor(from, (to - from) / buckets, now, retention)).toBe(tier);
  });
});

describe('a range', () => {
  test('of old times, whose finer tiers are gone, has a value in every bucket', async () => {
    const history = await openHistory();
    for (let at = start; at < start + 3 * hour; at += 10_000) history.add(at, 'alpha', { cpu: at === start ? 90 : 10 });
    for (const [age, tier] of [
      [2, '1m'],
      [14, '15m'],
      [90, '1h'],
    ] as const) {
      const result = ask(history, start, start + 15 * minute, 600, start + age * day);
      expect(result.tier).toBe(tier);
      expect(holes(result)).toEqual([]);
      expect(largest(cpu(result).max)).toBe(90);
    }
  });

  test('takes a coarser tier where the finer one was kept for a shorter time than it should be', async () => {
    const history = await openHistory();
    for (let at = start; at < start + 4 * hour; at += 10_000) history.add(at, 'alpha', { cpu: 10 });
    history.complete('alpha');
    const from = start + hour;
    const result = (): RangeResult => ask(history, from, from + 15 * minute, 600, start + 4 * hour);
    expect(result().tier).toBe('raw');
    history.database.run('DELETE FROM samples WHERE t < ?', [start / 1000 + 3 * 3600]);
    expect(result().tier).toBe('1m');
    expect(holes(result())).toEqual([]);
    history.database.run('DELETE FROM minutes WHERE t < ?', [start / 1000 + 3 * 3600]);
    expect(result().tier).toBe('15m');
    expect(holes(result())).toEqual([]);
    // What is there still is read as before, and also what began only then.
    expect(ask(history, start + 3.5 * hour, start + 4 * hour, 600).tier).toBe('raw');
    for (let at = start + 3.7 * hour; at < start + 4 * hour; at += 10_000) history.add(at, 'beta', { cpu: 10 });
    expect(ask(history, from, start + 4 * hour, 2000, start + 4 * hour, 'beta').tier).toBe('raw');
  });

  test('has as many bucket starts as buckets', async () => {
    const history = await openHistory();
    history.add(start + 1000, 'alpha', { cpu: 5 });
    expect([...ask(history, start, start + 10_000, 4).at]).toEqual([0, 2500, 5000, 7500].map((at) => start + at));
    for (const buckets of [1, 10_000]) {
      const result = ask(history, start, start + 10_000, buckets);
      expect(result.at).toHaveLength(buckets);
      expect(cpu(result).mean).toHaveLength(buckets);
      expect(largest(cpu(result).max)).toBe(5);
    }
  });

  test('of nothing is not a number', async () => {
    const history = await openHistory();
    history.add(start, 'alpha', { cpu: 5 });
    const nothing = (result: RangeResult): void => {
      for (const { mean, min, max } of Object.values(result.metrics)) {
        for (const column of [mean, min, max]) expect([...column].every(Number.isNaN)).toBe(true);
      }
    };
    nothing(ask(history, start + day, start + day + hour, 60, start));
    nothing(ask(history, start - day, start - hour, 60, start));
    nothing(ask(history, 0, 1, 1, start));
    nothing(ask(history, start, start + hour, 60, start, 'nobody'));
    // Those of the catalogue that nobody measures yet.
    const unmeasured = Object.keys(metrics.server).filter((name) => name !== 'cpu');
    const query = { id: 'alpha', metrics: unmeasured, from: start, to: start + hour, buckets: 10 };
    const result = history.range(query, start + hour, retention);
    expect(Object.keys(result.metrics)).toEqual(unmeasured);
    nothing(result);
  });

  test('of a year and 15 minutes', async () => {
    const history = await openHistory();
    const now = start + 380 * day;
    for (let at = start; at <= now; at += 6 * hour) history.add(at, 'alpha', { cpu: at === start + 40 * day ? 99 : 1 });
    const result = ask(history, now - 366 * day - 15 * minute, now, 366);
    expect(result.tier).toBe('1h');
    expect(holes(result)).toEqual([]);
    expect(largest(cpu(result).max)).toBe(99);
    expect(cpu(result).min[5]).toBe(1);
  });

  test('counts a mean by how many samples there were', async () => {
    const history = await openHistory();
    for (let index = 0; index < 9; index++) history.add(start + index * 1000, 'alpha', { cpu: 10 });
    history.add(start + minute, 'alpha', { cpu: 100 });
    // Nothing of that metric: does not count.
    history.add(start + minute + 1000, 'alpha', { players: 3 });
    const { mean } = cpu(ask(history, start, start + 2 * minute, 1, start + 2 * day));
    expect([...mean]).toEqual([19]);
  });
});

describe('peaks', () => {
  const sample = fc.tuple(
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 300, max: 12_000 }) }, fc.integer({ min: minute, max: hour })),
    fc.integer({ min: 0, max: 10_000 }),
  );
  const widths = fc.oneof(fc.integer({ min: 1, max: minute }), fc.integer({ min: minute, max: 3 * hour }));
  const range = fc.tuple(fc.integer({ min: -hour, max: 3 * hour }), widths, fc.integer({ min: 1, max: 700 }));

  test('never disappear, in any range of any tier', async () => {
    const history = await openHistory();
    let run = 0;
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 300 }),
        fc.array(range, { minLength: 5, maxLength: 10 }),
        fc.constantFrom(0, 2 * day, 20 * day, 100 * day),
        (samples, ranges, age) => {
          const id = `server-${String(run++)}`;
          let at = start;
          const data = samples.map(([pause, value]) => ({
            at: Math.floor((at += pause) / 100) * 100,
            value: value / 100,
          }));
          for (const one of data) history.add(one.at, id, { cpu: one.value });
          for (const [offset, width, buckets] of ranges) {
            const from = start + offset;
            const to = from + width;
            const result = ask(history, from, to, buckets, Math.max(at, to) + age, id);
            const tier = tiers.find(({ name }) => name === result.tier);
            // Of a row, nobody knows when in its time the peak was: it is told with every range that it touches.
            const stepMs = (tier?.step ?? 0) * 1000;
            const rowOf = (time: number): number => Math.floor(time / stepMs) * stepMs;
            const values = data
              .filter((one) =>
                tier === undefined
                  ? one.at >= from && one.at < to
                  : rowOf(one.at) < to && rowOf(one.at) + stepMs > from,
              )
              .map(({ value }) => value);
            const { max, min } = cpu(result);
            expect(largest(max)).toBe(values.length === 0 ? NaN : Math.max(...values));
            expect(smallest(min)).toBe(values.length === 0 ? NaN : Math.min(...values));
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('single samples in buckets narrower than their pauses', () => {
  /** Adds them and answers the times. */
  function take(history: History, pauses: readonly number[], id = 'alpha'): number[] {
    let at = start;
    return pauses.map((pause) => {
      history.add((at += pause), id, { cpu: 7 });
      return at;
    });
  }
  const many = (pause: number, count: number): number[] => Array<number>(count).fill(pause);

  test.each([
    ['3 s', many(3000, 100)],
    ['60 s', many(minute, 12)],
    ['3 s, then 10 s', [...many(3000, 60), ...many(10_000, 40)]],
    ['10 s, then 3 s', [...many(10_000, 40), ...many(3000, 60)]],
    ['5 s, then 60 s', [...many(5000, 60), ...many(minute, 40)]],
    ['now and then one left out', [...many(3000, 20), 6000, ...many(3000, 20), 6000, ...many(3000, 9)]],
    ['a PC that is busy for a moment', [...many(3000, 20), 10_000, 10_000, ...many(3000, 20)]],
  ])('have no hole between them: %s', async (_, pauses) => {
    const history = await openHistory();
    const times = take(history, pauses);
    const [from, to] = [times[0] ?? NaN, times.at(-1) ?? NaN];
    for (const buckets of [100, 333, 5000]) {
      const result = ask(history, from, to, buckets);
      expect(result.tier).toBe('raw');
      // The last one is not in the range: what comes before it is its time.
      const end = ((times.at(-2) ?? NaN) - from) / ((to - from) / buckets);
      expect(holes(result).filter((bucket) => bucket < Math.floor(end))).toEqual([]);
    }
  });

  test('have none whatever the pauses are, up to what is a gap', () => {
    return openHistory().then((history) => {
      let run = 0;
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 10, max: 150 }), { minLength: 3, maxLength: 60 }),
          fc.integer({ min: 1, max: 900 }),
          (tenths, buckets) => {
            const id = `server-${String(run++)}`;
            const times = take(
              history,
              tenths.map((one) => one * 100),
              id,
            );
            const [from, to] = [times[0] ?? NaN, times.at(-1) ?? NaN];
            // Only what is finer than any other tier.
            if ((to - from) / buckets >= minute) return;
            const result = ask(history, from, to, buckets, to, id);
            const end = ((times.at(-2) ?? NaN) - from) / ((to - from) / buckets);
            expect(holes(result).filter((bucket) => bucket < Math.floor(end))).toEqual([]);
          },
        ),
      );
    });
  });

  test.each([
    ['3 s', 3000, 30_000],
    ['3 s, for long', 3000, 2 * hour],
    ['60 s', minute, 4 * minute],
    ['60 s, for long', minute, hour],
  ])('have one where samples are missing: %s', async (_, pause, missing) => {
    const history = await openHistory();
    const times = take(history, [...many(pause, 30), missing, ...many(pause, 30)]);
    const [before, after] = [times[29] ?? NaN, times[30] ?? NaN];
    const from = start;
    const bucketMs = Math.min(pause / 2, missing / 10);
    const buckets = Math.floor(((times.at(-1) ?? NaN) - from) / bucketMs);
    const result = ask(history, from, from + buckets * bucketMs, buckets);
    expect(result.tier).toBe('raw');
    const missed = holes(result);
    const inside = [...result.at.keys()].filter((bucket) => {
      const at = from + bucket * bucketMs;
      return at > before && at + bucketMs < after;
    });
    expect(inside.length).toBeGreaterThan(5);
    expect(missed).toEqual(expect.arrayContaining(inside));
    expect(missed.length).toBeLessThanOrEqual(inside.length + 2 + (2 * pause) / bucketMs);
  });

  test('have one of long pauses, even where there are no others', async () => {
    const history = await openHistory();
    take(history, many(20 * minute, 3));
    const result = ask(history, start + 20 * minute, start + 61 * minute, 410);
    expect(result.tier).toBe('raw');
    expect(holes(result)).toHaveLength(407);
  });

  test('are told of each server by itself, and of each metric', async () => {
    const history = await openHistory();
    for (let index = 0; index < 200; index++) {
      history.add(start + index * 3000, 'alpha', { cpu: 7, players: index > 50 && index < 100 ? null : 2 });
      if (index % 20 === 0) history.add(start + index * 3000, 'beta', { cpu: 90 });
    }
    const query = { id: 'alpha', metrics: ['cpu', 'players'], from: start, to: start + 10 * minute, buckets: 600 };
    const alpha = history.range(query, query.to, retention);
    expect(largest(cpu(alpha).max)).toBe(7);
    // The last sample is 3 s before the end.
    expect(holes(alpha).filter((bucket) => bucket < 597)).toEqual([]);
    const players = alpha.metrics.players?.mean ?? new Float64Array();
    expect([players[100], players[200], players[320]]).toEqual([2, NaN, 2]);
    const beta = history.range({ ...query, id: 'beta' }, query.to, retention);
    expect(smallest(cpu(beta).min)).toBe(90);
    expect(holes(beta).filter((bucket) => bucket < 540)).toEqual([]);
  });

  test('are told in the order of their times where a clock was set back', async () => {
    const history = await openHistory();
    for (const offset of [0, 3, 6, 9, 12, 15, 18, 7, 10, 13, 16, 19, 22, 25]) {
      history.add(start + offset * 1000, 'alpha', { cpu: offset });
    }
    const result = ask(history, start, start + 26_000, 26);
    expect(holes(result).filter((bucket) => bucket < 25)).toEqual([]);
    expect(largest(cpu(result).max)).toBe(25);
    expect(history.query.samples(1, start, start + minute)).toHaveLength(14);
  });
});
