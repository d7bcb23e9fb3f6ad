import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Poller } from '../../../../../src/core/games/runner/poller.js';
import { usualTimes } from '../../../../../src/core/games/runner/times.js';

let intervalMs = 15_000;
let polls: { readonly id: string; readonly at: number }[] = [];
let takesMs = 0;
let poller: Poller;

beforeEach(() => {
  vi.useFakeTimers();
  [intervalMs, polls, takesMs] = [15_000, [], 0];
  poller = new Poller({
    times: usualTimes,
    intervalMs: () => intervalMs,
    poll: async (id) => {
      polls.push({ id, at: performance.now() });
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    },
  });
});
afterEach(() => {
  poller.dispose();
  vi.useRealTimers();
});

const timesOf = (id: string): number[] => polls.filter((poll) => poll.id === id).map(({ at }) => at);
const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, index) => at - times[index]!);

test('the first poll comes soon, the others by the interval', async () => {
  const begunAt = performance.now();
  poller.add('one');
  poller.add('one');
  await vi.advanceTimersByTimeAsync(100_000);
  const times = timesOf('one');
  expect(times[0]! - begunAt).toBeGreaterThanOrEqual(1000);
  expect(times[0]! - begunAt).toBeLessThanOrEqual(2000);
  expect(times.length).toBeGreaterThanOrEqual(6);
  for (const gap of gaps(times).slice(1)) expect(gap).toBeCloseTo(15_000, -1);
});

test('twenty servers that are up at once are asked one after the other', async () => {
  for (let count = 0; count < 20; count += 1) poller.add(`s${count}`);
  await vi.advanceTimersByTimeAsync(2000);
  expect(new Set(polls.map(({ id }) => id)).size).toBe(20);
  // In each interval, everybody once, and never more than a few in the same second.
  await vi.advanceTimersByTimeAsync(30_000);
  polls = [];
  const begunAt = performance.now();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(polls.length).toBe(20);
  const perSecond = new Map<number, number>();
  for (const { at } of polls) {
    const second = Math.floor((at - begunAt) / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(3);
});

test('a busy PC asks less, from the next poll on or at once', async () => {
  poller.add('one');
  await vi.advanceTimersByTimeAsync(40_000);
  intervalMs = 30_000;
  await vi.advanceTimersByTimeAsync(30_000);
  polls = [];
  await vi.advanceTimersByTimeAsync(120_000);
  expect(polls.length).toBe(4);
  intervalMs = 1000;
  poller.reschedule();
  polls = [];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(polls.length).toBeGreaterThanOrEqual(9);
});

test('never twice at a time, however long one takes', async () => {
  takesMs = 40_000;
  poller.add('one');
  await vi.advanceTimersByTimeAsync(200_000);
  expect(polls.length).toBeGreaterThanOrEqual(3);
  for (const gap of gaps(timesOf('one'))) expect(gap).toBeGreaterThanOrEqual(40_000);
});

test('a hint polls soon, and many hints no more than every five seconds', async () => {
  poller.add('one');
  await vi.advanceTimersByTimeAsync(3000);
  polls = [];
  const begunAt = performance.now();
  for (let count = 0; count < 70; count += 1) {
    poller.hint('one');
    await vi.advanceTimersByTimeAsync(100);
  }
  const times = timesOf('one').map((at) => at - begunAt);
  expect(times[0]).toBeCloseTo(300, -1);
  expect(times.length).toBeLessThanOrEqual(3);
  for (const gap of gaps(times)) expect(gap).toBeGreaterThanOrEqual(4999);
  poller.hint('nobody');
});

test('a hint during a poll is not lost', async () => {
  takesMs = 1000;
  poller.add('one');
  await vi.advanceTimersByTimeAsync(1500);
  expect(polls.length).toBe(1);
  poller.hint('one');
  await vi.advanceTimersByTimeAsync(1500);
  expect(polls.length).toBe(2);
});

test('who is removed is not asked any more, also in the middle of a poll', async () => {
  takesMs = 1000;
  poller.add('one');
  await vi.advanceTimersByTimeAsync(1200);
  poller.remove('one');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(polls.length).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
