import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultIntervals, IntervalPolicy, type Attention } from '../../../../src/core/sampling/interval.js';

/** Monotonic milliseconds, as far as the policies here have come. */
const clocks = new WeakMap<IntervalPolicy, number>();

/** The reasons after each of these readings, which come when the policy wishes them. */
function reasons(readings: readonly (number | null)[], policy = new IntervalPolicy()): string[] {
  return readings.map((reading) => {
    const now = (clocks.get(policy) ?? 0) + policy.intervalMs;
    clocks.set(policy, now);
    policy.observe(reading, now);
    return policy.reason;
  });
}
const steady = (percent: number, times = 30): number[] => Array.from({ length: times }, () => percent);
const last = (readings: number[], policy?: IntervalPolicy): string | undefined => reasons(readings, policy).at(-1);

describe('how often to look', () => {
  test('is the base while nothing is known', () => {
    const policy = new IntervalPolicy();
    expect([policy.intervalMs, policy.reason]).toEqual([3000, 'normal']);
    policy.observe(null, 0);
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
    policy.observe(50, 0);
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

describe('a load that comes and goes', () => {
  const ranks: Record<string, number> = { normal: 0, busy: 1, saturated: 2 };
  const noisy = fc.array(fc.constantFrom(0, 20, 50, 64, 66, 69, 71, 84, 86, 89, 91, 100), {
    minLength: 50,
    maxLength: 300,
  });

  /** When the reason was which, with readings at the intervals that it leads to. */
  const timeline = (readings: readonly number[]): { at: number; rank: number }[] => {
    const policy = new IntervalPolicy();
    let at = 0;
    return readings.map((reading) => {
      at += policy.intervalMs;
      policy.observe(reading, at);
      return { at, rank: ranks[policy.reason]! };
    });
  };

  test('lengthens at once, and shortens 30 s after that at the earliest', () => {
    fc.assert(
      fc.property(noisy, (readings) => {
        let roseAt = -Infinity;
        let before = 0;
        for (const { at, rank } of timeline(readings)) {
          if (rank > before) roseAt = at;
          if (rank < before && at - roseAt < 30_000) return false;
          before = rank;
        }
        return true;
      }),
      { numRuns: 500 },
    );
  });

  test('changes the interval at most ten times in any minute, and turns back at most three times', () => {
    fc.assert(
      fc.property(noisy, (readings) => {
        const seen = timeline(readings);
        const changes = seen.filter(({ rank }, n) => n > 0 && rank !== seen[n - 1]!.rank);
        const falls = seen.filter(({ rank }, n) => n > 0 && rank < seen[n - 1]!.rank);
        const within = (all: { at: number }[], from: number): number =>
          all.filter(({ at }) => at >= from && at < from + 60_000).length;
        for (const { at } of changes) expect(within(changes, at)).toBeLessThanOrEqual(10);
        // Of a fall in two steps, the first counts.
        const turns = falls.filter(({ at }) => !falls.some((other) => other.at < at && at - other.at < 30_000));
        for (const { at } of turns) expect(within(turns, at)).toBeLessThanOrEqual(3);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever was before, a constant load has its interval within 20 rounds', () => {
    const right = (percent: number): number => (percent >= 90 ? 10_000 : percent >= 70 ? 5000 : 3000);
    // Between a limit and its hysteresis both are right.
    const percents = fc
      .double({ min: 0, max: 100, noNaN: true })
      .filter((percent) => ![70, 90].some((limit) => percent >= limit - 5.1 && percent < limit + 0.1));
    fc.assert(
      fc.property(noisy, percents, (readings, percent) => {
        const policy = new IntervalPolicy();
        reasons(readings, policy);
        reasons(steady(percent, 20), policy);
        expect(policy.intervalMs).toBe(right(percent));
      }),
      { numRuns: 300 },
    );
  });

  test('never makes it shorter than the settings say', () => {
    const interval = fc.integer({ min: 2000, max: 60_000 });
    const settings = fc.record({ baseIntervalMs: interval, busyIntervalMs: interval, saturatedIntervalMs: interval });
    fc.assert(
      fc.property(settings, noisy, fc.boolean(), (set, readings, relaxWhenHidden) => {
        const policy = new IntervalPolicy({ ...defaultIntervals, ...set, relaxWhenHidden }, 2500);
        const least = Math.max(2500, Math.min(...Object.values(set)));
        for (const reading of readings) {
          reasons([reading], policy);
          expect(policy.intervalMs).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });
});

describe('who looks', () => {
  const settings = { ...defaultIntervals, panelIntervalMs: 2000 };
  const watched = { isWatched: true, hasPanel: false };
  const panel = { isWatched: true, hasPanel: true };
  const nobody = { isWatched: false, hasPanel: false };
  const now = (policy: IntervalPolicy): [string, number, boolean] => [
    policy.reason,
    policy.intervalMs,
    policy.isStretched,
  ];

  test('at charts gets the quick interval, while the host has time for it', () => {
    const policy = new IntervalPolicy(settings);
    policy.attend(watched);
    expect(now(policy)).toEqual(['normal', 3000, false]);
    policy.attend(panel);
    expect(now(policy)).toEqual(['panel', 2000, false]);
    reasons(steady(75), policy);
    expect(now(policy)).toEqual(['busy', 5000, true]);
    reasons(steady(20), policy);
    expect(now(policy)).toEqual(['panel', 2000, false]);
    policy.attend(watched);
    expect(now(policy)).toEqual(['normal', 3000, false]);
  });

  test.each([0, 3000, 4000])('a quick interval of %i ms changes nothing where it is none', (panelIntervalMs) => {
    const policy = new IntervalPolicy({ ...settings, panelIntervalMs });
    policy.attend(panel);
    expect(now(policy)).toEqual(['normal', 3000, false]);
  });

  test('nobody: as seldom as at the limit, where that is allowed', () => {
    const policy = new IntervalPolicy(settings);
    policy.attend(nobody);
    expect(now(policy)).toEqual(['normal', 3000, false]);
    policy.configure({ ...settings, relaxWhenHidden: true });
    expect(now(policy)).toEqual(['hidden', 10_000, true]);
    reasons(steady(75), policy);
    expect(now(policy)).toEqual(['hidden', 10_000, true]);
    reasons(steady(100), policy);
    expect(now(policy)).toEqual(['saturated', 10_000, true]);
    policy.attend(watched);
    reasons(steady(20), policy);
    expect(now(policy)).toEqual(['normal', 3000, false]);
  });

  test('never makes it shorter than measuring allows', () => {
    const policy = new IntervalPolicy(settings, 10_000);
    policy.attend(panel);
    expect(policy.intervalMs).toBe(10_000);
  });
});

describe('a floor that somebody asks for', () => {
  const settings = { ...defaultIntervals, panelIntervalMs: 2000, relaxWhenHidden: true };
  const watched = { isWatched: true, hasPanel: false };
  const panel = { isWatched: true, hasPanel: true };
  const nobody = { isWatched: false, hasPanel: false };

  /** Of a host with this load, floored at so much: the interval, the one without the floor, the reason, and what follows. */
  const told = (percent: number, attention: Attention, floorMs: number | null): unknown[] => {
    const policy = new IntervalPolicy(settings);
    policy.attend(attention);
    policy.floor(floorMs, 'budget');
    reasons(steady(percent), policy);
    return [policy.intervalMs, policy.unflooredMs, policy.reason, policy.isStretched];
  };

  test.each([
    ['at rest', 20, watched, 3000, 'normal'],
    ['while charts are in sight', 20, panel, 2000, 'panel'],
    ['on a busy host', 75, watched, 5000, 'busy'],
    ['on a busy host with charts in sight', 75, panel, 5000, 'busy'],
    ['on a saturated host', 100, watched, 10_000, 'saturated'],
    ['while nobody looks', 20, nobody, 10_000, 'hidden'],
    ['while nobody looks at a busy host', 75, nobody, 10_000, 'hidden'],
  ])('%s: the longer one decides, and gives the reason', (_, percent, attention, ms, reason) => {
    const isStretched = reason !== 'normal' && reason !== 'panel';
    expect(told(percent, attention, null)).toEqual([ms, ms, reason, isStretched]);
    expect(told(percent, attention, ms - 1)).toEqual([ms, ms, reason, isStretched]);
    // The same of both: the floor changes nothing, so it is not the reason.
    expect(told(percent, attention, ms)).toEqual([ms, ms, reason, isStretched]);
    expect(told(percent, attention, ms + 1)).toEqual([ms + 1, ms, 'budget', true]);
  });

  test('holds while the load and who looks change below it, and what is above it shows through', () => {
    const policy = new IntervalPolicy(settings);
    policy.attend(panel);
    policy.floor(6000, 'budget');
    const now = (): [number, string] => [policy.intervalMs, policy.reason];
    expect(now()).toEqual([6000, 'budget']);
    reasons(steady(75), policy);
    expect(now()).toEqual([6000, 'budget']);
    reasons(steady(100), policy);
    expect(now()).toEqual([10_000, 'saturated']);
    policy.floor(null, 'budget');
    reasons(steady(20), policy);
    expect(now()).toEqual([2000, 'panel']);
  });

  test('whatever the load and who looks: never below it, and the reason is never the word of who did not decide', () => {
    const loads = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 });
    const floorMs = fc.option(fc.integer({ min: 1000, max: 12_000 }), { nil: null });
    fc.assert(
      fc.property(loads, floorMs, fc.boolean(), fc.boolean(), (readings, ms, isWatched, hasPanel) => {
        const policy = new IntervalPolicy(settings);
        policy.attend({ isWatched, hasPanel });
        policy.floor(ms, 'budget');
        for (const reading of readings) {
          reasons([reading], policy);
          expect(policy.intervalMs).toBe(Math.max(ms ?? 0, policy.unflooredMs));
          expect(policy.reason === 'budget').toBe(policy.intervalMs !== policy.unflooredMs);
        }
      }),
    );
  });
});
