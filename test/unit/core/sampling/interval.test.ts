import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultIntervals, IntervalPolicy } from '../../../../src/core/sampling/interval.js';

/** The reasons after each of these readings. */
function reasons(readings: readonly (number | null)[], policy = new IntervalPolicy()): string[] {
  return readings.map((reading) => {
    policy.observe(reading);
    return policy.reason;
  });
}
const steady = (percent: number, times = 30): number[] => Array.from({ length: times }, () => percent);
const last = (readings: number[], policy?: IntervalPolicy): string | undefined => reasons(readings, policy).at(-1);

describe('how often to look', () => {
  test('is the base while nothing is known', () => {
    const policy = new IntervalPolicy();
    expect([policy.intervalMs, policy.reason]).toEqual([3000, 'normal']);
    policy.observe(null);
    expect([policy.intervalMs, policy.reason]).toEqual([3000, 'normal']);
  });

  test.each([
    [0, 'normal', 3000],
    [69.9, 'normal', 3000],
    [70, 'busy', 5000],
    [89.9, 'busy', 5000],
    [90, 'saturated', 10_000],
    [100, 'saturated', 10_000],
  ])('at %f percent is %s', (percent, reason, intervalMs) => {
    const policy = new IntervalPolicy();
    expect(last(steady(percent), policy)).toBe(reason);
    expect(policy.intervalMs).toBe(intervalMs);
  });

  test.each([
    ['busy', 70, 65, 'busy'],
    ['busy', 70, 64.9, 'normal'],
    ['saturated', 95, 85, 'saturated'],
    ['saturated', 95, 84.9, 'busy'],
    ['saturated', 95, 64, 'normal'],
    ['saturated', 95, 66, 'busy'],
  ])('%s at %f percent, then at %f, is %s', (_, high, low, reason) => {
    expect(last([...steady(high), ...steady(low)])).toBe(reason);
  });

  test('does not jump at one reading, but follows within a few', () => {
    const calm = steady(20);
    expect(last([...calm, 100])).toBe('normal');
    expect(reasons([...calm, ...steady(100, 6)]).slice(-6)).toContain('busy');
    expect(last([...calm, ...steady(100, 8)])).toBe('saturated');
    expect(last([...steady(100), ...steady(10, 8)])).toBe('normal');
  });

  test('is not changed by a reading that is missing', () => {
    expect(reasons([...steady(95), null, null]).slice(-2)).toEqual(['saturated', 'saturated']);
  });

  test('follows new settings at once for its interval, and for its limits with the next reading', () => {
    const policy = new IntervalPolicy();
    reasons(steady(50), policy);
    policy.configure({ ...defaultIntervals, baseIntervalMs: 1000, busyIntervalMs: 2000, busyPercent: 40 });
    expect(policy.intervalMs).toBe(1000);
    policy.observe(50);
    expect([policy.reason, policy.intervalMs]).toEqual(['busy', 2000]);
  });
});

describe('near a limit', () => {
  const changes = (seen: readonly string[]): number =>
    seen.filter((reason, n) => n > 0 && reason !== seen[n - 1]).length;
  const limits = fc.record({ busyPercent: fc.integer({ min: 10, max: 80 }), gap: fc.integer({ min: 0, max: 19 }) });

  test.each(['busy', 'saturated'] as const)('%s: a load within 2 percent of it never flaps', (which) => {
    const wobble = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(limits, wobble, ({ busyPercent, gap }, offsets) => {
        const saturatedPercent = Math.min(98, busyPercent + 5 + gap);
        const limit = which === 'busy' ? busyPercent : saturatedPercent;
        const policy = new IntervalPolicy({ ...defaultIntervals, busyPercent, saturatedPercent });
        const seen = reasons(
          offsets.map((offset) => limit + offset),
          policy,
        );
        // Up once, perhaps, and never down again.
        return changes(seen) <= 1;
      }),
      { numRuns: 300 },
    );
  });

  test('a load that eases is let go in the end', () => {
    fc.assert(
      fc.property(limits, ({ busyPercent, gap }) => {
        const settings = { ...defaultIntervals, busyPercent, saturatedPercent: Math.min(99, busyPercent + gap) };
        return last([...steady(100), ...steady(busyPercent - 6)], new IntervalPolicy(settings)) === 'normal';
      }),
    );
  });
});
