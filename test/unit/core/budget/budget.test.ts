import { beforeEach, describe, expect, test } from 'vitest';
import { Budget, budgetOn, type BudgetChange, type BudgetLimits } from '../../../../src/core/budget/budget.js';
import { defaultIntervals, IntervalPolicy } from '../../../../src/core/sampling/interval.js';

const megabyte = 1024 * 1024;
const minuteMs = 60_000;

let now = 0;
let cpuMs = 0;
let memory = 0;
let limits: BudgetLimits;
let policy: IntervalPolicy;
let told: BudgetChange[] = [];
let budget: Budget;

beforeEach(() => {
  [now, cpuMs, memory, told] = [5000, 0, 100 * megabyte, []];
  limits = { cpuPercent: 1, memoryBytes: 140 * megabyte };
  policy = new IntervalPolicy();
  budget = new Budget({
    ...{ limits: () => limits, slowed: policy, now: () => now },
    ...{ cpuMs: () => cpuMs, memoryBytes: () => memory },
    changed: (change) => told.push(change),
  });
});

/** So many minutes of rounds each 3 s, at this share of one core. */
function live(minutes: number, percent: number): void {
  for (let ms = 0; ms < minutes * minuteMs; ms += 3000) {
    now += 3000;
    cpuMs += 30 * percent;
    budget.note();
  }
}
const states = (): string[] => told.map(({ state, intervalMs }) => `${state} ${intervalMs}`);

describe('the budget of the monitoring', () => {
  test('is kept by what costs less: nothing is told, nothing slowed down', () => {
    live(60, 0.9);
    expect([budget.state, policy.intervalMs, policy.reason, told]).toEqual(['ok', 3000, 'normal', []]);
  });

  test('is not broken by a start that takes a while, or by a minute of work', () => {
    cpuMs = 2000;
    // As while many servers start.
    memory = 160 * megabyte;
    live(1, 0.3);
    memory = 100 * megabyte;
    live(20, 0.3);
    live(1, 4);
    live(20, 0.3);
    expect(told).toEqual([]);
  });

  test('over it in the mean of ten minutes, it measures half as often', () => {
    live(20, 0.5);
    live(10, 1.2);
    expect(states()).toEqual(['over 6000']);
    expect([budget.state, policy.intervalMs, policy.reason]).toEqual(['over', 6000, 'budget']);
    expect(told[0]?.cpuPercent).toBeGreaterThan(1);
    expect(told[0]?.cpuPercent).toBeLessThan(1.2);
    expect(told[0]?.memoryBytes).toBe(100 * megabyte);
  });

  test('what has been spent before ten minutes are over counts at once', () => {
    live(3, 6);
    expect(states()).toEqual(['over 6000']);
  });

  test('where that is not enough, it measures every 10 s, and never more seldom', () => {
    live(8, 2);
    expect(states()).toEqual(['over 6000']);
    live(9, 2);
    expect(states()).toEqual(['over 6000', 'over 10000']);
    live(60, 2);
    expect(states()).toHaveLength(2);
  });

  test('it goes back when it would stay within it at the old interval, not when it only just does now', () => {
    live(10, 1.5);
    // Half as often and half the cost: at the old interval it would be over it again.
    live(40, 0.75);
    expect(states()).toEqual(['over 6000']);
    live(20, 0.4);
    expect(states()).toEqual(['over 6000', 'ok 3000']);
    expect([budget.state, policy.intervalMs, policy.reason]).toEqual(['ok', 3000, 'normal']);
  });

  test('it stays slow for ten minutes at least', () => {
    live(5, 2.5);
    expect(budget.state).toBe('over');
    live(7, 0);
    expect(budget.state).toBe('over');
    live(8, 0);
    expect(budget.state).toBe('ok');
  });

  test('memory: over it in two looks running, back when there is room again', () => {
    live(5, 0.1);
    memory = 150 * megabyte;
    live(1, 0.1);
    expect(told).toEqual([]);
    memory = 100 * megabyte;
    live(2, 0.1);
    memory = 150 * megabyte;
    live(2, 0.1);
    expect(states()).toEqual(['over 6000']);
    expect(told[0]?.memoryBytes).toBe(150 * megabyte);
    memory = 130 * megabyte;
    live(30, 0.1);
    expect(states()).toEqual(['over 6000']);
    memory = 120 * megabyte;
    live(12, 0.1);
    expect(states()).toEqual(['over 6000', 'ok 3000']);
  });

  test('other limits count with the next round, also with the first', () => {
    limits = { cpuPercent: 1, memoryBytes: 50 * megabyte };
    now += 3000;
    budget.note();
    expect(states()).toEqual(['over 6000']);
  });

  test('other limits count with the next round, both ways', () => {
    live(5, 0.1);
    limits = { ...limits, memoryBytes: 50 * megabyte };
    live(0.05, 0.1);
    expect(states()).toEqual(['over 6000']);
    limits = { ...limits, memoryBytes: 200 * megabyte };
    live(0.05, 0.1);
    expect(states()).toEqual(['over 6000', 'ok 3000']);
  });

  test('an interval that is long already stays as it is', () => {
    policy.configure({
      ...defaultIntervals,
      ...{ baseIntervalMs: 60_000, busyIntervalMs: 60_000, saturatedIntervalMs: 60_000 },
    });
    live(10, 2);
    expect(states()).toEqual(['over 60000']);
    expect(policy.reason).toBe('normal');
  });

  test('for charts in sight it measures half as often as for them; it goes back only when it could afford them again', () => {
    policy.configure({ ...defaultIntervals, panelIntervalMs: 2000 });
    policy.attend({ isWatched: true, hasPanel: true });
    live(10, 1.5);
    expect(states()).toEqual(['over 4000']);
    // Half of it would be enough for every 3 s, and is not for every 2 s.
    live(40, 0.6);
    expect(states()).toEqual(['over 4000']);
    policy.attend({ isWatched: true, hasPanel: false });
    live(1, 0.6);
    expect(states()).toEqual(['over 4000', 'ok 3000']);
  });
});

test('what is allowed follows the runtime, which is larger where it is newer, or VS Code’s own', () => {
  const allowed = (node: string, electron?: string): number =>
    budgetOn(electron === undefined ? { node } : { node, electron }).memoryBytes / megabyte;
  expect([allowed('20.20.2'), allowed('22.23.3'), allowed('24.21.0'), allowed('20.9.0', '30.0.0')]).toEqual([
    140, 190, 190, 190,
  ]);
});
