import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Measuring } from '../../../src/shared/contract.js';
import { Rounds, type RoundsParts } from '../../../src/core/rounds.js';
import { defaultIntervals, type Attention, type IntervalSettings } from '../../../src/core/sampling/interval.js';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const nothing = (): void => undefined;

class Bench {
  cpuPercent = 10;
  attention: Attention = { isWatched: true, hasPanel: false };
  settings: IntervalSettings = { ...defaultIntervals, panelIntervalMs: 2000 };
  limits = { cpuPercent: 100, memoryBytes: Infinity };
  /** Of the monitoring itself, since it began. */
  cpuMs = 0;
  readonly measuring: Measuring[] = [];
  readonly told: unknown[] = [];
  readonly alerts: unknown[] = [];
  readonly roundsAt: number[] = [];
  readonly rounds: Rounds;

  constructor() {
    // Without a process of its own it has nothing to do with this test's.
    vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: this.cpuMs * 1000, system: 0 }));
    const host = () => ({ cpuPercent: this.cpuPercent, memoryUsedPercent: 1, memoryTotalBytes: 1 });
    const processes = { host, beginRound: nothing, means: { leastIntervalMs: 0, shortfall: null } };
    this.rounds = new Rounds({
      ...{ platform: { processes, oom: { look: nothing } }, log: { write: nothing } },
      ...{ incidents: { ring: { add: nothing } }, care: { review: nothing }, alerting: { round: nothing } },
      insight: { round: nothing },
      alertRules: {
        review: nothing,
        overBudget: (data: unknown) => this.alerts.push(data),
        withinBudget: () => this.alerts.push('over'),
      },
      ...{ lowMemory: { round: nothing, makesWait: false }, launcher: { pid: null } },
      ...{ recorder: { budgetChanged: nothing }, limits: () => this.limits },
      measuringChanged: (measuring: Measuring) => this.measuring.push(measuring),
      recording: { round: () => this.roundsAt.push((Date.now() - 1_000_000) / 1000) },
      ...{ servers: () => [], watchesConsole: () => false, sampled: nothing },
      intervals: () => this.settings,
      attention: () => this.attention,
      told: (change: { sampling: unknown }) => this.told.push(change.sampling),
    } as unknown as RoundsParts);
  }

  looks(isWatched: boolean, hasPanel = false): void {
    this.attention = { isWatched, hasPanel };
    this.rounds.wake();
  }
}

const intervals = (bench: Bench): unknown[] => bench.told.map((one) => (one as { intervalMs: number }).intervalMs);

describe('how often is measured', () => {
  test('is told to nobody before the start', () => {
    const bench = new Bench();
    expect(bench.told).toEqual([]);
    bench.rounds.start();
    expect(bench.told).toHaveLength(1);
    bench.rounds.dispose();
  });

  test('is told when it or its reason is another, and the load while that is the reason; nothing else', () => {
    const bench = new Bench();
    bench.rounds.start();
    bench.rounds.wake();
    expect(bench.told).toEqual([{ intervalMs: 3000, reason: 'normal', cpuPercent: null }]);
    vi.advanceTimersByTime(60_000);
    expect(bench.told).toHaveLength(1);
    bench.cpuPercent = 96;
    vi.advanceTimersByTime(120_000);
    expect(bench.told.at(-1)).toMatchObject({ intervalMs: 10_000, reason: 'saturated' });
    const { cpuPercent } = bench.told.at(-1) as { cpuPercent: number };
    expect(Math.abs(cpuPercent - 96)).toBeLessThan(5);
    const before = bench.told.length;
    vi.advanceTimersByTime(120_000);
    expect(bench.told).toHaveLength(before);
    bench.rounds.dispose();
  });

  test('follows who looks at charts, at once', () => {
    const bench = new Bench();
    bench.rounds.wake();
    bench.rounds.start();
    vi.advanceTimersByTime(4500);
    bench.looks(true, true);
    vi.advanceTimersByTime(0);
    expect(bench.roundsAt).toEqual([3, 4.5]);
    vi.advanceTimersByTime(2000);
    expect(bench.roundsAt).toEqual([3, 4.5, 6.5]);
    bench.looks(true, false);
    vi.advanceTimersByTime(3000);
    expect(bench.roundsAt).toEqual([3, 4.5, 6.5, 9.5]);
    expect(intervals(bench)).toEqual([3000, 2000, 3000]);
    bench.rounds.dispose();
  });

  test('where nobody looks is longer if that is allowed; who comes back gets numbers at once', () => {
    const bench = new Bench();
    bench.rounds.wake();
    bench.rounds.start();
    bench.looks(false);
    expect(intervals(bench)).toEqual([3000]);
    bench.settings = { ...bench.settings, relaxWhenHidden: true };
    bench.rounds.configure();
    expect(bench.told.at(-1)).toMatchObject({ intervalMs: 10_000, reason: 'hidden' });
    vi.advanceTimersByTime(17_000);
    expect(bench.roundsAt).toEqual([10]);
    bench.looks(true);
    vi.advanceTimersByTime(0);
    expect(bench.roundsAt).toEqual([10, 17]);
    // The same again is no reason for a round.
    for (let n = 0; n < 10; n += 1) bench.rounds.wake();
    vi.advanceTimersByTime(2999);
    expect(bench.roundsAt).toEqual([10, 17]);
    expect(intervals(bench)).toEqual([3000, 10_000, 3000]);
    bench.rounds.dispose();
  });

  test('new settings count from the last round', () => {
    const bench = new Bench();
    bench.settings = { ...defaultIntervals, baseIntervalMs: 60_000 };
    bench.rounds.configure();
    bench.rounds.start();
    vi.advanceTimersByTime(10_000);
    bench.settings = defaultIntervals;
    bench.rounds.configure();
    vi.advanceTimersByTime(0);
    expect(bench.roundsAt).toEqual([10]);
    bench.rounds.dispose();
  });

  test('over the budget of the monitoring: charts in sight make it no quicker; what is told is what is in force', () => {
    const bench = new Bench();
    bench.rounds.wake();
    bench.rounds.start();
    bench.limits = { cpuPercent: 1, memoryBytes: Infinity };
    bench.cpuMs = 60_000;
    vi.advanceTimersByTime(3000);
    expect(bench.told.at(-1)).toMatchObject({ intervalMs: 6000, reason: 'budget' });
    expect(bench.measuring).toMatchObject([{ overBudget: { intervalMs: 6000 } }]);
    const before = bench.told.length;
    bench.looks(true, true);
    vi.advanceTimersByTime(12_000);
    expect(bench.roundsAt).toEqual([3, 9, 15]);
    expect(bench.told).toHaveLength(before);
    bench.looks(false);
    bench.settings = { ...bench.settings, relaxWhenHidden: true };
    bench.rounds.configure();
    expect(bench.told.at(-1)).toMatchObject({ intervalMs: 10_000, reason: 'hidden' });
    expect(bench.measuring.at(-1)).toMatchObject({ overBudget: { intervalMs: 10_000 } });
    // Within it again, somebody who looks at charts gets them quickly.
    bench.limits = { cpuPercent: 100, memoryBytes: Infinity };
    vi.advanceTimersByTime(10_000);
    bench.looks(true, true);
    expect(bench.told.at(-1)).toMatchObject({ intervalMs: 2000, reason: 'panel' });
    expect(bench.measuring.at(-1)).not.toHaveProperty('overBudget');
    expect(bench.alerts).toMatchObject([{ memoryBytes: expect.any(Number) as number, intervalMs: 6000 }, 'over']);
    expect(bench.alerts[0]).not.toHaveProperty('state');
    bench.rounds.dispose();
  });

  test('games are not asked more often', () => {
    const bench = new Bench();
    const set = { pollIntervalMs: 15_000, busyPollIntervalMs: 30_000 };
    expect(bench.rounds.polls(set)).toEqual(set);
    bench.settings = { ...defaultIntervals, baseIntervalMs: 20_000 };
    bench.rounds.configure();
    expect(bench.rounds.polls(set)).toEqual({ pollIntervalMs: 20_000, busyPollIntervalMs: 30_000 });
    bench.settings = { ...defaultIntervals, baseIntervalMs: 60_000 };
    bench.rounds.configure();
    expect(bench.rounds.polls(set)).toEqual({ pollIntervalMs: 60_000, busyPollIntervalMs: 60_000 });
    bench.rounds.dispose();
  });
});
