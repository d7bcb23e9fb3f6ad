import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PerPlayerCosts, perPlayerValues, type LoadRange } from '../../../../src/core/perPlayer/perPlayer.js';

const minute = 60_000;
const start = 1_800_000_000_000;
let now: number;
let asked: string[];
let changed: string[];
let logged: number;
let answer: () => Promise<LoadRange>;
let costs: PerPlayerCosts;
let starts: readonly number[];

/** cpu: 3 percent and memory 100 bytes per player. */
async function week(): Promise<LoadRange> {
  const count = 2016;
  const from = start - 7 * 24 * 60 * minute;
  const players = Float64Array.from({ length: count }, (_, index) => Math.floor(index / 6) % 5);
  const chance = (index: number): number => Math.sin(index * 12.9898) * 10;
  return {
    at: Float64Array.from({ length: count }, (_, index) => from + index * 5 * minute),
    metrics: {
      players: { mean: players },
      cpu: { mean: players.map((value, index) => 20 + 3 * value + chance(index) / 10) },
      memory: { mean: players.map((value, index) => 1e6 + 100 * value + chance(index)) },
    },
  };
}

beforeEach(() => {
  now = start;
  asked = [];
  changed = [];
  logged = 0;
  starts = [];
  answer = week;
  costs = new PerPlayerCosts({
    range: async ({ id, metrics, from, to, buckets }) => {
      asked.push(id);
      expect(metrics).toEqual(['cpu', 'memory', 'players']);
      expect((to - from) / buckets).toBe(5 * minute);
      return await answer();
    },
    starts: async () => starts,
    changed: (id) => changed.push(id),
    log: { write: () => logged++ },
    now: () => now,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const sample = (players: number | null): Parameters<typeof perPlayerValues>[0] => ({ cpu: 60, memory: 900, players });

describe('what is used now, by the number of players', () => {
  test.each([
    [3, { cpuPerPlayer: 20, memoryPerPlayer: 300 }],
    [0, { cpuPerPlayer: null, memoryPerPlayer: null }],
    [null, { cpuPerPlayer: null, memoryPerPlayer: null }],
    [NaN, { cpuPerPlayer: null, memoryPerPlayer: null }],
  ])('of %s', (players, values) => {
    expect(perPlayerValues(sample(players))).toEqual(values);
  });

  test('nothing of nothing', () => {
    expect(perPlayerValues(null)).toEqual({ cpuPerPlayer: null, memoryPerPlayer: null });
    expect(perPlayerValues({ cpu: null, memory: 5, players: 5 })).toEqual({ cpuPerPlayer: null, memoryPerPlayer: 1 });
  });
});

test('before anything is known of the history there is the quotient alone', () => {
  expect(costs.of('a', sample(3))).toEqual({
    cpu: { quotient: 20, marginal: null },
    memory: { quotient: 300, marginal: null },
  });
  expect(costs.of('a', sample(0))).toEqual({ cpu: null, memory: null });
  expect(costs.of('a', null)).toEqual({ cpu: null, memory: null });
});

test('asks ten minutes after its beginning, then every hour, each server by itself', async () => {
  await costs.review(['a', 'b']);
  now += 10 * minute - 1;
  await costs.review(['a', 'b']);
  expect(asked).toEqual([]);
  now += 1;
  await costs.review(['a', 'b']);
  await costs.review(['a', 'b']);
  await costs.review(['a', 'b']);
  expect(asked).toEqual(['a', 'b']);
  expect(changed).toEqual(['a', 'b']);
  now += 60 * minute - 1;
  await costs.review(['a', 'b']);
  expect(asked).toHaveLength(2);
  now += 10_000;
  await costs.review(['a', 'b']);
  expect(asked).toHaveLength(3);
});

test('tells what one more player adds, also while nobody plays', async () => {
  now += 10 * minute;
  await costs.review(['a']);
  const { cpu, memory } = costs.of('a', sample(0));
  expect(cpu?.quotient).toBeNull();
  expect(cpu?.marginal?.value).toBeCloseTo(3, 1);
  expect(cpu?.marginal?.low).toBeLessThan(3);
  expect(memory?.marginal?.value).toBeCloseTo(100, 0);
  expect(memory?.marginal?.hours).toBe(168);
  costs.forget('a');
  expect(costs.of('a', sample(0)).cpu).toBeNull();
});

test('knows of the starts', async () => {
  now += 10 * minute;
  starts = [start - 24 * 60 * minute];
  await costs.review(['a']);
  expect(costs.of('a', null).memory?.marginal?.hours).toBe(167.75);
});

test('never two at once', async () => {
  now += 10 * minute;
  let tell: (range: LoadRange) => void = () => undefined;
  answer = async () => await new Promise((resolve) => (tell = resolve));
  const first = costs.review(['a', 'b']);
  await costs.review(['a', 'b']);
  expect(asked).toEqual(['a']);
  tell(await week());
  await first;
  answer = week;
  await costs.review(['a', 'b']);
  expect(asked).toEqual(['a', 'b']);
});

test('what fails or never answers is logged, keeps what was known, and is asked for again an hour later', async () => {
  now += 10 * minute;
  await costs.review(['a']);
  const before = costs.of('a', sample(3));
  now += 60 * minute;
  answer = async () => await Promise.reject(new Error('closed'));
  await costs.review(['a']);
  await costs.review(['a']);
  expect([asked.length, logged]).toEqual([2, 1]);
  expect(costs.of('a', sample(3))).toEqual(before);

  now += 60 * minute;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  answer = async () => await new Promise(() => undefined);
  const waiting = costs.review(['a']);
  await vi.advanceTimersByTimeAsync(60_000);
  await waiting;
  expect([asked.length, logged]).toEqual([3, 2]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a server without any history, and one that is removed meanwhile', async () => {
  now += 10 * minute;
  answer = async () => ({ at: new Float64Array(2016), metrics: {} });
  await costs.review(['a']);
  expect(costs.of('a', null)).toEqual({ cpu: null, memory: null });
  answer = week;
  const asking = costs.review(['b']);
  costs.forget('b');
  await asking;
  expect(costs.of('b', null).cpu).toBeNull();
  expect(changed).toEqual(['a']);
});
