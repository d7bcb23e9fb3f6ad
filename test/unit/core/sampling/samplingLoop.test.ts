import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HostSample, ProcessReaderPort } from '../../../../src/core/ports.js';
import { defaultIntervals } from '../../../../src/core/sampling/interval.js';
import { SamplingLoop, type Round, type Sampled } from '../../../../src/core/sampling/samplingLoop.js';
import type { Sample } from '../../../../src/shared/contract.js';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const sampleAt = (at: number): Sample => ({
  ...{ at, cpu: 1, memory: 2, ioRead: null, ioWrite: null, threads: 1 },
  ...{ players: null, tickRate: null, frameTime: null, apiTime: null },
});

class Bench {
  cpuPercent: number | null = 10;
  servers: Sampled[] = [];
  readonly rounds: Round[] = [];
  readonly calls: string[] = [];
  readonly loop: SamplingLoop;

  readonly errors: unknown[] = [];

  /** dear: asks for the numbers, where that has to be done and is not to be done often. */
  constructor(onRound: (round: Round) => void = () => undefined, dear?: () => Promise<void>) {
    const host = (): HostSample => {
      this.calls.push('host');
      return { cpuPercent: this.cpuPercent, memoryUsedPercent: 50, memoryTotalBytes: 1 };
    };
    const processes = {
      ...{ host, beginRound: () => this.calls.push('beginRound') },
      means: { leastIntervalMs: dear === undefined ? 0 : 10_000, shortfall: null },
      ...(dear === undefined ? {} : { refresh: dear }),
    } as unknown as ProcessReaderPort;
    this.loop = new SamplingLoop(
      processes,
      () => this.servers,
      (round) => {
        this.rounds.push(round);
        onRound(round);
      },
      (error) => this.errors.push(error),
    );
  }

  server(id: string, sample: (now: number) => Sample | null = sampleAt, process: object | null = {}): void {
    const takeSample = (now: number): Sample | null => {
      this.calls.push(id);
      return sample(now);
    };
    this.servers.push({ id, process, takeSample });
  }

  /** Seconds since the beginning at which there were rounds. */
  get times(): number[] {
    return this.rounds.map((round) => (round.at - 1_000_000) / 1000);
  }
}

describe('rounds', () => {
  test('come at the interval, the first one too', () => {
    const bench = new Bench();
    bench.loop.start();
    expect(bench.loop.host).toMatchObject({ memoryUsedPercent: 50 });
    vi.advanceTimersByTime(10_000);
    expect(bench.times).toEqual([3, 6, 9]);
  });

  test('look for new processes once, then read every server that runs', () => {
    const bench = new Bench();
    bench.server('a');
    bench.server('off', sampleAt, null);
    bench.server('unknown', () => null);
    bench.server('b');
    bench.loop.start();
    bench.calls.length = 0;
    vi.advanceTimersByTime(3000);
    expect(bench.calls).toEqual(['host', 'beginRound', 'a', 'unknown', 'b']);
    expect(Object.keys(bench.rounds[0]?.samples ?? {})).toEqual(['a', 'b']);
    expect(bench.rounds[0]?.samples.a?.at).toBe(bench.rounds[0]?.at);
    expect(bench.rounds[0]?.host).toBe(bench.loop.host);
  });

  test('have no numbers of the round before, whoever goes, comes or changes places', () => {
    const seen: [string[], Record<string, number>][] = [];
    const bench = new Bench(({ ids, samples }) => {
      seen.push([[...ids], Object.fromEntries(Object.entries(samples).map(([id, { at }]) => [id, at - 1_000_000]))]);
    });
    const all = ['a', 'b', 'c', 'd'];
    for (const id of all) bench.server(id);
    const [a, b, c, d] = bench.servers;
    bench.loop.start();
    const orders = [[a, b, c, d], [a, b, c, d], [a, c, d], [d, a, b], [a, d, b, c], [], [b]];
    for (const order of orders) {
      bench.servers = order.filter((one) => one !== undefined);
      vi.advanceTimersByTime(3000);
    }
    expect(seen).toEqual(
      orders.map((order, n) => {
        const ids = order.map((one) => one?.id ?? '');
        return [ids, Object.fromEntries(ids.map((id) => [id, 3000 * (n + 1)]))];
      }),
    );
  });

  test('get rarer under load, and come more often when it is over', () => {
    const bench = new Bench();
    bench.cpuPercent = 100;
    bench.loop.start();
    vi.advanceTimersByTime(60_000);
    expect(bench.times.slice(0, 4)).toEqual([3, 13, 23, 33]);
    bench.cpuPercent = 0;
    vi.advanceTimersByTime(60_000);
    const times = bench.times;
    expect(times.at(-1)! - times.at(-2)!).toBe(3);
  });

  test('after a sleep of the machine there is one, not a burst', () => {
    const bench = new Bench();
    bench.loop.start();
    vi.advanceTimersByTime(3000);
    // The clock goes on while nothing runs; timers that came due fire once when it is over.
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    vi.advanceTimersByTime(3000);
    expect(bench.rounds).toHaveLength(2);
    vi.advanceTimersByTime(2999);
    expect(bench.rounds).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(bench.rounds).toHaveLength(3);
  });

  test('are never closer together because one took long', () => {
    const bench = new Bench(() => vi.setSystemTime(Date.now() + 5000));
    bench.loop.start();
    vi.advanceTimersByTime(9000);
    expect(bench.times).toEqual([3, 11, 19]);
  });
});

describe('another interval', () => {
  const every = (baseIntervalMs: number) => ({ ...defaultIntervals, baseIntervalMs });

  test('counts from the last round: at once where it is shorter, and never twice', () => {
    const bench = new Bench();
    bench.loop.policy.configure(every(60_000));
    bench.loop.start();
    vi.advanceTimersByTime(60_000);
    vi.advanceTimersByTime(20_000);
    bench.loop.policy.configure(every(30_000));
    bench.loop.reschedule();
    vi.advanceTimersByTime(9_999);
    expect(bench.times).toEqual([60]);
    vi.advanceTimersByTime(1);
    expect(bench.times).toEqual([60, 90]);
    bench.loop.policy.configure(every(2000));
    vi.advanceTimersByTime(10_000);
    for (let n = 0; n < 5; n += 1) bench.loop.reschedule();
    vi.advanceTimersByTime(2000);
    expect(bench.times).toEqual([60, 90, 100, 102]);
  });

  test('somebody who looks gets numbers soon, however often: never more than a round a second', () => {
    const bench = new Bench();
    bench.loop.policy.configure(every(60_000));
    bench.loop.start();
    vi.advanceTimersByTime(30_000);
    bench.loop.reschedule(true);
    vi.advanceTimersByTime(0);
    expect(bench.times).toEqual([30]);
    for (let n = 0; n < 30; n += 1) {
      vi.advanceTimersByTime(100);
      bench.loop.reschedule(true);
    }
    expect(bench.times).toEqual([30, 31, 32, 33]);
  });

  test('before the start, and after the end, nothing begins', () => {
    const bench = new Bench();
    bench.loop.reschedule(true);
    expect(vi.getTimerCount()).toBe(0);
    bench.loop.start();
    bench.loop.dispose();
    bench.loop.reschedule(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a clock that jumps takes one round, also when somebody looks then', () => {
    const bench = new Bench();
    bench.loop.start();
    vi.advanceTimersByTime(3000);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    bench.loop.reschedule(true);
    vi.advanceTimersByTime(1000);
    expect(bench.rounds).toHaveLength(2);
    vi.advanceTimersByTime(2999);
    expect(bench.rounds).toHaveLength(2);
  });
});

describe('a nudge', () => {
  test('takes one round soon, and the next a whole interval later', () => {
    const bench = new Bench();
    bench.loop.start();
    vi.advanceTimersByTime(1500);
    bench.loop.nudge();
    bench.loop.nudge();
    vi.advanceTimersByTime(1000);
    expect(bench.times).toEqual([2.5]);
    vi.advanceTimersByTime(3500);
    expect(bench.times).toEqual([2.5, 5.5]);
    bench.loop.nudge();
    vi.advanceTimersByTime(1000);
    expect(bench.times).toEqual([2.5, 5.5, 7]);
  });
});

test('nothing comes any more after the end', () => {
  const bench = new Bench();
  bench.loop.start();
  bench.loop.nudge();
  bench.loop.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

test('a server that cannot be read does not end the rounds', () => {
  const bench = new Bench();
  let fails = true;
  bench.server('a', (now) => {
    if (fails) throw new Error('not readable');
    return sampleAt(now);
  });
  bench.loop.start();
  vi.advanceTimersByTime(3000);
  expect(bench.errors).toHaveLength(1);
  fails = false;
  vi.advanceTimersByTime(6000);
  expect(bench.rounds.length).toBeGreaterThan(0);
});

describe('where numbers are dear', () => {
  const fetches = (ms: number): (() => Promise<void>) & { at: number[] } => {
    const at: number[] = [];
    const refresh = async (): Promise<void> => {
      at.push(Math.round((Date.now() - 1_000_000) / 1000));
      await new Promise((resolve) => setTimeout(resolve, ms));
    };
    return Object.assign(refresh, { at });
  };

  test('rounds come every 10 s at most, whatever is set, when the numbers are there; the next pause begins then', async () => {
    const refresh = fetches(2000);
    const bench = new Bench(undefined, refresh);
    bench.server('a');
    bench.loop.policy.configure({ ...defaultIntervals, baseIntervalMs: 1000 });
    expect(bench.loop.policy.intervalMs).toBe(10_000);
    bench.loop.start();
    await vi.advanceTimersByTimeAsync(36_000);
    expect(refresh.at).toEqual([10, 22, 34]);
    expect(bench.times).toEqual([12, 24, 36]);
  });

  test('nothing is asked for while nothing runs', async () => {
    const refresh = fetches(0);
    const bench = new Bench(undefined, refresh);
    bench.server('off', sampleAt, null);
    bench.loop.start();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(refresh.at).toEqual([]);
    expect(bench.times).toEqual([10, 20]);
  });

  test('a nudge is soon where nothing was asked for of late; else it waits, and takes no round of its own', async () => {
    const refresh = fetches(0);
    const bench = new Bench(undefined, refresh);
    bench.loop.start();
    await vi.advanceTimersByTimeAsync(2000);
    bench.server('a');
    bench.loop.nudge();
    await vi.advanceTimersByTimeAsync(3000);
    bench.loop.nudge();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(refresh.at).toEqual([3, 13, 23]);
    // With a longer interval a nudge comes when it may.
    bench.loop.policy.configure({ ...defaultIntervals, baseIntervalMs: 60_000 });
    await vi.advanceTimersByTimeAsync(10_000);
    bench.loop.nudge();
    await vi.advanceTimersByTimeAsync(5000);
    bench.loop.nudge();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(refresh.at).toEqual([3, 13, 23, 33, 43]);
  });

  test('asking that fails is told, and the round is taken; nothing comes after the end', async () => {
    const bench = new Bench(undefined, () => Promise.reject(new Error('no numbers')));
    bench.server('a');
    bench.loop.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bench.errors).toEqual([new Error('no numbers')]);
    expect(bench.times).toEqual([10]);
    const slow = new Bench(undefined, fetches(2000));
    slow.server('a');
    slow.loop.start();
    await vi.advanceTimersByTimeAsync(11_000);
    slow.loop.dispose();
    bench.loop.dispose();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(slow.times).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
