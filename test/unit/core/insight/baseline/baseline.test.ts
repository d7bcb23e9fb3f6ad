import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Baseline } from '../../../../../src/core/insight/baseline/baseline.js';
import { insightMetrics, metricCount, placeOf } from '../../../../../src/core/insight/baseline/insightMetrics.js';
import { lagsMs } from '../../../../../src/core/insight/baseline/pointRing.js';
import { Random } from '../simulator/random.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** A Monday. */
const origin = Date.UTC(2026, 0, 5);

type Minute = Partial<Record<(typeof insightMetrics)[number], number>>;

/** Tells every minute of that time; NaN where a metric is left out. */
function learn(baseline: Baseline, days: number, minute: (at: number) => Minute, from = origin): number {
  const means = new Float64Array(metricCount);
  let at = from;
  for (const end = from + days * dayMs; at < end;) {
    at += minuteMs;
    const values = minute(at);
    for (const metric of insightMetrics) means[placeOf[metric]] = values[metric] ?? NaN;
    baseline.players(at, values.players ?? NaN);
    baseline.minute(at, means, at - origin + dayMs);
  }
  baseline.refreshAll();
  return at;
}

const evening = (at: number): number => Math.max(0, Math.round(6 + 6 * Math.sin((2 * Math.PI * (at % dayMs)) / dayMs)));

describe('what is learned', () => {
  test('middle, spread and quantiles are those of what was measured', () => {
    const random = new Random(1);
    const baseline = new Baseline();
    learn(baseline, 7, () => ({ apiTime: 40 + 5 * random.normal() }));
    const all = baseline.model('apiTime')?.all;
    expect(all?.mean).toBeCloseTo(40, 0);
    expect(all?.sd).toBeGreaterThan(4.7);
    expect(all?.sd).toBeLessThan(5.3);
    expect(all?.median).toBeCloseTo(40, 0);
    expect(all?.quantiles).toHaveLength(7);
    expect(all?.quantiles).toEqual([...(all?.quantiles ?? [])].sort((a, b) => a - b));
  });

  test('plain three sigma is the mean and three standard deviations, whatever plays', () => {
    const random = new Random(2);
    const baseline = new Baseline();
    baseline.method = 'three-sigma';
    const at = learn(baseline, 3, (now) => ({ players: evening(now), cpu: 20 + 8 * evening(now) + random.normal() }));
    const all = baseline.model('cpu')?.all;
    const expected = baseline.expected('cpu', at, 3);
    expect(expected?.by).toBe('three-sigma');
    expect(expected?.mid).toBe(all?.mean);
    expect(expected?.high).toBeCloseTo((all?.mean ?? 0) + 3 * (all?.sd ?? 0), 6);
  });

  test('CPU follows players, also where one minute in six is something else', () => {
    const random = new Random(3);
    const baseline = new Baseline();
    const at = learn(baseline, 5, (now) => {
      const odd = random.chance(1 / 6) ? random.between(50, 200) : 0;
      return { players: evening(now), cpu: 30 + 8 * evening(now) + 3 * random.normal() + odd };
    });
    for (const players of [0, 3, 6, 12])
      expect(baseline.expected('cpu', at, players)?.mid).toBeCloseTo(30 + 8 * players, -1.2);
    const line = baseline.model('cpu')?.line;
    expect(line?.slopeLow).toBeLessThan(8);
    expect(line?.slopeHigh).toBeGreaterThan(8);
    expect((line?.slopeHigh ?? 0) - (line?.slopeLow ?? 0)).toBeLessThan(2);
  });

  test('CPU follows players, also where much else is done while many play', () => {
    const random = new Random(12);
    const baseline = new Baseline();
    learn(baseline, 6, (now) => {
      const isOdd = evening(now) > 8 && Math.floor(now / hourMs) % 4 === 0;
      return { players: evening(now), cpu: 30 + 8 * evening(now) + 3 * random.normal() + (isOdd ? 250 : 0) };
    });
    const line = baseline.model('cpu')?.line;
    expect(line?.slope).toBeGreaterThan(7);
    expect(line?.slope).toBeLessThan(9.5);
  });

  test('memory that follows players slowly is explained by them slowly', () => {
    const random = new Random(4);
    const baseline = new Baseline();
    let slow = 0;
    let players = 0;
    learn(baseline, 5, () => {
      if (random.chance(1 / 45)) players = Math.floor(random.between(0, 15));
      slow += (players - slow) / 30;
      return { players, memory: 2e9 + 5e7 * slow + 5e6 * random.normal() };
    });
    const line = baseline.model('memory')?.line;
    expect(lagsMs[line?.lag ?? 0]).toBeGreaterThanOrEqual(24 * minuteMs);
    expect(line?.slope).toBeGreaterThan(4e7);
    expect(line?.slope).toBeLessThan(6e7);
  });

  test('what comes every night at the same hour is expected there, and at no other hour', () => {
    const random = new Random(5);
    const baseline = new Baseline();
    const at = learn(baseline, 6, (now) => {
      const minute = (now % dayMs) / minuteMs;
      return { cpu: 40 + 2 * random.normal() + (minute >= 190 && minute < 210 ? 120 : 0) };
    });
    const night = Math.floor(at / dayMs) * dayMs + 3 * hourMs + 15 * minuteMs;
    expect(baseline.expected('cpu', night, null)?.limitHigh).toBeGreaterThan(150);
    expect(baseline.expected('cpu', night + 9 * hourMs, null)?.limitHigh).toBeLessThan(120);
  });

  test('an hour of the day that is different is expected so, also in the second week', () => {
    const random = new Random(13);
    const baseline = new Baseline();
    learn(baseline, 9, (now) => ({
      cpu: 40 + 2 * random.normal() + (Math.floor((now % dayMs) / hourMs) === 3 ? 30 : 0),
    }));
    const night = origin + 12 * dayMs + 3.5 * hourMs;
    expect(baseline.expected('cpu', night, null)?.mid).toBeGreaterThan(55);
    expect(baseline.expected('cpu', night + 4 * hourMs, null)?.mid).toBeCloseTo(40, -0.5);
  });

  test('what comes every week at the same hour is expected there once it has come twice', () => {
    const random = new Random(9);
    const baseline = new Baseline();
    const job = (now: number): boolean =>
      (now - origin) % (7 * dayMs) > 6 * dayMs + 4 * hourMs && now % hourMs < 25 * minuteMs;
    const sunday = origin + 6 * dayMs + 4 * hourMs + 10 * minuteMs;
    const cpu = (now: number): Minute => {
      const isJob = job(now) && Math.floor((now % dayMs) / hourMs) === 4;
      // Nobody has said that it is normal.
      baseline.cover('cpu', isJob);
      return { cpu: 50 + 3 * random.normal() + (isJob ? 100 : 0) };
    };
    const at = learn(baseline, 13, cpu);
    expect(baseline.expected('cpu', sunday + 7 * dayMs, null)?.limitHigh).toBeLessThan(120);
    learn(baseline, 5, cpu, at);
    expect(baseline.expected('cpu', sunday + 14 * dayMs, null)?.limitHigh).toBeGreaterThan(150);
    expect(baseline.expected('cpu', sunday + 14 * dayMs + 5 * hourMs, null)?.limitHigh).toBeLessThan(120);
    expect(baseline.expected('cpu', sunday + 13 * dayMs, null)?.limitHigh).toBeLessThan(120);
  });

  test('when clocks change, what comes every night is expected at the new hour', () => {
    const random = new Random(10);
    const baseline = new Baseline(60);
    const at = learn(baseline, 6, (now) => {
      const minute = (now % dayMs) / minuteMs;
      return { cpu: 40 + 2 * random.normal() + (minute >= 190 && minute < 210 ? 120 : 0) };
    });
    baseline.zoneMinutes = 120;
    // By the clock as before, which is an hour earlier.
    const night = Math.floor(at / dayMs) * dayMs + 2 * hourMs + 15 * minuteMs;
    expect(baseline.expected('cpu', night, null)?.limitHigh).toBeGreaterThan(150);
    expect(baseline.expected('cpu', night + 9 * hourMs, null)?.limitHigh).toBeLessThan(120);
  });

  test('twice the values are twice what is expected', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 2, max: 50, noNaN: true }), (seed, factor) => {
        const made = (times: number): number => {
          const random = new Random(seed);
          const baseline = new Baseline();
          const at = learn(baseline, 1, () => ({ frameTime: times * (200 + 20 * random.normal()) }));
          return baseline.expected('frameTime', at, null)?.limitHigh ?? NaN;
        };
        expect(made(factor) / made(1)).toBeCloseTo(factor, 0);
      }),
      { numRuns: 8 },
    );
  });
});

describe('what is left out', () => {
  test('a covered time is not learned from, and is as soon as it is called normal', () => {
    const baseline = new Baseline();
    const steady = (): Minute => ({ cpu: 50 });
    let at = learn(baseline, 2, steady);
    const from = at;
    baseline.cover('cpu', true);
    at = learn(baseline, 2, () => ({ cpu: 200 }), at);
    baseline.cover('cpu', false);
    at = learn(baseline, 0.1, steady, at);
    expect(baseline.model('cpu')?.all.mean).toBeCloseTo(50, 0);
    baseline.flag('cpu', from, at, false);
    baseline.refreshAll();
    expect(baseline.model('cpu')?.all.mean).toBeGreaterThan(100);
  });

  test('nothing from before a date is learned from once that is asked for', () => {
    const baseline = new Baseline();
    let at = learn(baseline, 3, () => ({ cpu: 50 }));
    const from = at;
    at = learn(baseline, 1, () => ({ cpu: 90 }), at);
    baseline.relearn(from);
    expect(baseline.expected('cpu', at, null)?.mid).toBeCloseTo(90, 0);
    expect(baseline.confidence('cpu').days).toBeLessThan(1.1);
  });

  test('what is older than seven days is gone', () => {
    const baseline = new Baseline();
    const at = learn(baseline, 3, () => ({ cpu: 500 }));
    learn(baseline, 7, () => ({ cpu: 90 }), at);
    expect(baseline.model('cpu')?.all.quantiles[6]).toBeCloseTo(90, 0);
  });

  test('another level is taken over with what is known of players', () => {
    const random = new Random(6);
    const baseline = new Baseline();
    const cpu = (now: number): Minute => ({ players: evening(now), cpu: 30 + 8 * evening(now) + 2 * random.normal() });
    let at = learn(baseline, 5, cpu);
    const from = at;
    at = learn(baseline, 0.5, (now) => ({ ...cpu(now), cpu: (cpu(now).cpu ?? 0) + 60 }), at);
    baseline.shift('cpu', from, 60);
    expect(baseline.expected('cpu', at, 10)?.mid).toBeCloseTo(170, -1.2);
    expect(baseline.expected('cpu', at, 0)?.mid).toBeCloseTo(90, -1.2);
  });
});

describe('confidence', () => {
  test('nothing is judged in the first half day, and limits come closer with the days', () => {
    const random = new Random(7);
    const baseline = new Baseline();
    const minute = (): Minute => ({ cpu: 100 + 10 * random.normal() });
    let at = learn(baseline, 0.3, minute);
    expect(baseline.look(placeOf.cpu, at)).toBeUndefined();
    expect(baseline.confidence('cpu').level).toBe('none');
    at = learn(baseline, 1.7, minute, at);
    const early = baseline.expected('cpu', at, null);
    expect(baseline.confidence('cpu')).toMatchObject({ of: 7, level: 'learning' });
    expect(baseline.confidence('cpu').days).toBeCloseTo(2, 0);
    at = learn(baseline, 5.5, minute, at);
    const late = baseline.expected('cpu', at, null);
    expect(baseline.confidence('cpu').level).toBe('good');
    expect(late?.limitHigh).toBeLessThan(early?.limitHigh ?? 0);
  });
});

test('a server that is up in the evenings is known after a week of them', () => {
  const random = new Random(11);
  const baseline = new Baseline();
  for (let day = 0; day < 7; day++)
    learn(baseline, 4 / 24, () => ({ cpu: 100 + 10 * random.normal() }), origin + day * dayMs + 18 * hourMs);
  expect(baseline.confidence('cpu').days).toBe(6);
  expect(baseline.model('cpu')?.points).toBeLessThan(200);
});

describe('a state', () => {
  test('gives the same expectations, in less than 200 KB', () => {
    const random = new Random(8);
    const baseline = new Baseline(60);
    const at = learn(baseline, 7, (now) => ({
      players: evening(now),
      cpu: 30 + 8 * evening(now) + 4 * random.normal(),
    }));
    const text = JSON.stringify(baseline.state(true));
    expect(text.length).toBeLessThan(200 * 1024);
    const again = new Baseline(60);
    expect(again.restore(JSON.parse(text) as ReturnType<Baseline['state']>)).toBe(true);
    expect(again.expected('cpu', at, 7)).toEqual(baseline.expected('cpu', at, 7));
  });

  test('of another version, or damaged, is not taken', () => {
    const baseline = new Baseline();
    const state = baseline.state(true);
    expect(new Baseline().restore({ ...state, version: 99 })).toBe(false);
    expect(new Baseline().restore({ ...state, points: 'AAAA' })).toBe(false);
    expect(new Baseline().restore({ ...state, levels: '' })).toBe(false);
  });
});
