import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoadWindow } from '../../../../src/core/load/loadWindow.js';

const minute = 60_000;
type Step = readonly [value: number | null, ms: number];

function windowOf(steps: readonly Step[]): LoadWindow {
  const made = new LoadWindow();
  for (const [value, ms] of steps) made.add(value, ms);
  return made;
}

const unknown = { m1: null, m5: null, m15: null, p95: null, peak: null };
const times = (count: number, ...step: Step): Step[] => Array.from({ length: count }, () => step);

describe('averages', () => {
  test('are weighed by time: 3, 5 and 10 s count as what they are', () => {
    const steps: Step[] = [
      [10, 30_000],
      [100, 3000],
      [40, 5000],
      [20, 10_000],
      [0, 12_000],
    ];
    expect(windowOf(steps).mean(minute)).toBeCloseTo((300 + 300 + 200 + 200) / 60);
  });

  test('of a measurement that reaches out of the window only the part within counts', () => {
    expect(
      windowOf([
        [100, 10_000],
        [0, 55_000],
      ]).mean(minute),
    ).toBeCloseTo((100 * 5) / 60);
  });

  test('are not told before half of their time is known', () => {
    expect(windowOf([]).figures()).toEqual(unknown);
    expect(windowOf(times(9, 50, 3000)).figures()).toEqual({ ...unknown, peak: 50 });
    expect(windowOf(times(10, 50, 3000)).figures()).toEqual({ ...unknown, m1: 50, peak: 50 });
    expect(windowOf(times(50, 50, 3000)).figures()).toEqual({ ...unknown, m1: 50, m5: 50, peak: 50 });
    expect(windowOf(times(149, 50, 3000)).figures()).toMatchObject({ m15: null, p95: null });
    expect(windowOf(times(150, 50, 3000)).figures()).toEqual({ m1: 50, m5: 50, m15: 50, p95: 50, peak: 50 });
  });

  test('a gap is a gap: nothing of it counts, and what was before it ages', () => {
    const before = times(100, 80, 5000);
    expect(windowOf([...before, [null, 40_000]]).figures()).toEqual({ m1: null, m5: 80, m15: 80, p95: 80, peak: 80 });
    const late = windowOf([...before, [null, 10 * minute], [20, 10_000]]);
    expect(late.figures()).toEqual({ ...unknown, peak: 80 });
    expect(windowOf([...before, [null, 60 * minute]]).figures()).toEqual(unknown);
  });

  test('nothing older than a quarter of an hour is told, at any rate of measuring', () => {
    for (const ms of [1000, 2000, 3000, 10_000, 60_000]) {
      const steps = [...times(Math.ceil((3 * 15 * minute) / ms), 400, ms), ...times((15 * minute) / ms, 7, ms)];
      expect(windowOf(steps).figures()).toEqual({ m1: 7, m5: 7, m15: 7, p95: 7, peak: 7 });
      expect(windowOf(steps.slice(0, -1)).figures().peak).toBe(400);
    }
  });

  test('a clock that stands still adds nothing', () => {
    expect(windowOf([...times(20, 5, 3000), [900, 0]]).figures().peak).toBe(5);
  });
});

/** By the definition, with everything kept. */
function reference(steps: readonly Step[], overMs: number): { mean: number | null; p95: number | null; peak: number } {
  const within: { value: number; ms: number }[] = [];
  let age = 0;
  for (const [value, ms] of [...steps].reverse()) {
    const part = Math.min(ms, Math.max(0, overMs - age));
    if (value !== null && part > 0) within.push({ value: Math.fround(value), ms: part });
    age += ms;
  }
  const known = within.reduce((sum, { ms }) => sum + ms, 0);
  const sorted = within.sort((a, b) => a.value - b.value);
  const isEnough = known * 2 >= overMs;
  const notAbove = (limit: number): number =>
    sorted.filter(({ value }) => value <= limit).reduce((sum, { ms }) => sum + ms, 0);
  return {
    mean: isEnough ? within.reduce((sum, { value, ms }) => sum + value * ms, 0) / known : null,
    p95: isEnough ? (sorted.find(({ value }) => notAbove(value) >= 0.95 * known)?.value ?? null) : null,
    peak: sorted.at(-1)?.value ?? -Infinity,
  };
}

test('averages, p95 and peak are those of a list that is kept whole and sorted', () => {
  const value = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -9000, max: 320_000 }) }, fc.constant(null));
  const ms = fc.oneof(fc.constantFrom(3000, 5000, 10_000), fc.integer({ min: 1000, max: 20_000 }));
  const gap = fc.tuple(fc.constant(null), fc.integer({ min: 1000, max: 20 * minute }));
  const hundredths = fc.tuple(value, ms).map(([v, t]): Step => [v === null ? null : v / 100, t]);
  const step = fc.oneof({ weight: 60, arbitrary: hundredths }, gap);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 900, size: 'max' }), (steps) => {
      const { m1, m5, m15, p95, peak } = windowOf(steps).figures();
      for (const [mine, over] of [
        [m1, 1],
        [m5, 5],
        [m15, 15],
      ] as const) {
        const { mean } = reference(steps, over * minute);
        if (mean === null) expect(mine).toBeNull();
        else expect(mine).toBeCloseTo(mean, 3);
      }
      const right = reference(steps, 15 * minute);
      if (right.p95 === null) expect(p95).toBeNull();
      else expect(p95).toBeCloseTo(right.p95, 2);
      expect(peak ?? -Infinity).toBe(right.peak);
    }),
    { numRuns: 150 },
  );
}, 60_000);
