import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { rulesOf } from '../../../../src/core/lifecycle/restartBudget.js';
import { Restarter } from '../../../../src/core/lifecycle/restarter.js';
import type { Exit } from '../../../../src/core/lifecycle/state.js';
import type { Definition } from '../../../../src/shared/contract.js';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});
const crash: Exit = { code: 1, signal: null, cause: 'crash', at: 0 };

class Bench {
  attempts: number[] = [];
  restartAt: number | null = null;
  /** What was done, in order. */
  readonly done: string[] = [];
  start: () => Promise<void> = () => Promise.resolve();
  readonly restarter: Restarter;

  constructor(restart: Definition['restart'] = { policy: 'on-crash' }) {
    const definition: Definition = { id: 'a', name: 'a', game: 'other', launch: { command: 'a' }, restart };
    this.restarter = new Restarter({
      id: 'a',
      log: { write: (_, __, text) => this.done.push(`log ${text}`) },
      rules: () => rulesOf(definition),
      attempts: () => this.attempts,
      note: ({ restartAttempts, restartAt }) => {
        this.attempts = restartAttempts ?? this.attempts;
        if (restartAt !== undefined) this.restartAt = restartAt;
      },
      planned: (nextAt) => {
        expect(this.restartAt).toBe(nextAt);
        this.done.push('planned');
      },
      gaveUp: () => this.done.push('gave up'),
      start: async () => {
        this.done.push(`start with ${this.attempts.length} noted`);
        await this.start();
      },
    });
  }
}
const pass = async (seconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
};

describe('a server that fell', () => {
  test('is started after its pause; the attempt is noted first', async () => {
    const bench = new Bench();
    bench.restarter.afterEnd(crash);
    expect(bench.restartAt).toBeGreaterThan(Date.now());
    await pass(3.9);
    expect(bench.done).toEqual(['planned']);
    await pass(2.2);
    expect(bench.done).toEqual(['planned', 'start with 1 noted']);
    expect(bench.restartAt).toBeNull();
    expect(bench.restarter.used).toBe(1);
  });

  test('again and again is given up, with a word about it, and stays down', async () => {
    const bench = new Bench();
    for (let n = 0; n < 3; n++) {
      bench.restarter.afterEnd(crash);
      await pass(60);
    }
    bench.restarter.afterEnd(crash);
    await pass(3600);
    expect(bench.done.filter((what) => what.startsWith('start'))).toHaveLength(3);
    expect(bench.done.slice(-2)).toEqual(['log not restarted again: too many attempts', 'gave up']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('only now and then is never given up', async () => {
    const bench = new Bench();
    for (let n = 0; n < 10; n++) {
      bench.restarter.afterEnd(crash);
      await pass(301);
    }
    expect(bench.done.filter((what) => what.startsWith('start'))).toHaveLength(10);
  });

  test('and cannot be started is told, and no more', async () => {
    const bench = new Bench();
    bench.start = () => Promise.reject(new Error('no such program'));
    bench.restarter.afterEnd(crash);
    await pass(60);
    expect(bench.done.at(-1)).toBe('log restart failed');
  });

  test('while no core was there is started at the time that was planned, or at once', async () => {
    const bench = new Bench();
    bench.restarter.plan(Date.now() + 10_000);
    await pass(9.9);
    expect(bench.done).toEqual(['planned']);
    await pass(0.2);
    expect(bench.done).toHaveLength(2);
    bench.restarter.plan(Date.now() - 3_600_000);
    await pass(0.1);
    expect(bench.done).toHaveLength(4);
  });
});

describe('nothing is started', () => {
  test.each([
    ['after an end that was asked for', { ...crash, cause: 'asked' as const }, {}],
    ['after a clean end', { ...crash, cause: 'stopped-from-inside' as const }, {}],
    ['where the rules say never', crash, { policy: 'never' as const }],
  ])('%s', async (_, exit, restart) => {
    const bench = new Bench({ policy: 'on-crash', ...restart });
    bench.restarter.afterEnd(exit);
    await pass(3600);
    expect(bench.done).toEqual([]);
  });

  test('once it is called off', async () => {
    const bench = new Bench();
    bench.restarter.afterEnd(crash);
    bench.restarter.cancel();
    await pass(3600);
    expect(bench.done).toEqual(['planned']);
    expect(bench.restartAt).toBeNull();
  });

  test('twice for two plans', async () => {
    const bench = new Bench();
    bench.restarter.plan(Date.now() + 1000);
    bench.restarter.plan(Date.now() + 2000);
    await pass(60);
    expect(bench.done).toEqual(['planned', 'planned', 'start with 1 noted']);
  });

  test('after the end of this core, and the plan stays for the next one', async () => {
    const bench = new Bench();
    bench.restarter.afterEnd(crash);
    const { restartAt } = bench;
    bench.restarter.dispose();
    await pass(3600);
    expect(bench.done).toEqual(['planned']);
    expect(bench.restartAt).toBe(restartAt);
  });
});

test('a person who takes over starts with all attempts', async () => {
  const bench = new Bench();
  for (let n = 0; n < 3; n++) {
    bench.restarter.afterEnd(crash);
    await pass(60);
  }
  expect(bench.restarter.used).toBe(3);
  bench.restarter.clear();
  expect(bench.restarter.used).toBe(0);
  bench.restarter.afterEnd(crash);
  await pass(60);
  expect(bench.done.at(-1)).toBe('start with 1 noted');
});
