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

/** How many were polled at each moment since the polls were cleared; what lies 50 ms apart is the same moment. */
function perMoment(): number[] {
  const counts: number[] = [];
  let last = -Infinity;
  for (const { at } of polls) {
    if (at - last > 50) counts.push(0);
    counts[counts.length - 1]! += 1;
    last = at;
  }
  return counts;
}

/** Of the next interval: everybody once, unless a server is between two moments. */
async function nextInterval(): Promise<number[]> {
  polls = [];
  await vi.advanceTimersByTimeAsync(intervalMs);
  return perMoment();
}

const addServers = (count: number): void => {
  for (let server = 0; server < count; server += 1) poller.add(`s${server}`);
};

test('twenty servers that are up at once are asked at four moments', async () => {
  addServers(20);
  await vi.advanceTimersByTimeAsync(2000);
  expect(new Set(polls.map(({ id }) => id)).size).toBe(20);
  expect(perMoment()).toEqual([5, 5, 5, 5]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await nextInterval()).toEqual([5, 5, 5, 5]);
  expect(new Set(polls.map(({ id }) => id)).size).toBe(20);
  const moments = [...new Set(polls.map(({ at }) => Math.round(at / 50) * 50))];
  for (const gap of gaps(moments)) expect(gap).toBeCloseTo(intervalMs / 4, -2);
});

test.each([1, 2, 3, 4, 5, 7, 11])('of %i servers no more than a quarter, rounded up, share a moment', async (count) => {
  addServers(count);
  await vi.advanceTimersByTimeAsync(45_000);
  const counts = await nextInterval();
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
  expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(count / 4));
});

test('where servers are removed, the others share the moments anew', async () => {
  addServers(12);
  await vi.advanceTimersByTimeAsync(45_000);
  for (const server of [0, 4, 8, 1, 5, 9]) poller.remove(`s${server}`);
  polls = [];
  await vi.advanceTimersByTimeAsync(60_000);
  for (const server of [2, 3, 6, 7, 10, 11]) {
    const times = timesOf(`s${server}`);
    expect(times.length).toBeGreaterThanOrEqual(3);
    for (const gap of gaps(times)) expect(gap).toBeGreaterThanOrEqual(intervalMs / 2 - 5);
    for (const gap of gaps(times)) expect(gap).toBeLessThanOrEqual(intervalMs * 1.5 + 5);
  }
  const counts = await nextInterval();
  expect(counts.length).toBe(4);
  expect(Math.max(...counts)).toBeLessThanOrEqual(2);
});

test('who is removed and added again is asked soon, and then where there is room', async () => {
  addServers(6);
  await vi.advanceTimersByTimeAsync(45_000);
  for (const id of ['s2', 's2', 's0', 's5']) {
    poller.remove(id);
    poller.remove(id);
    poller.add(id);
    polls = [];
    await vi.advanceTimersByTimeAsync(2000);
    expect(timesOf(id).length).toBe(1);
    await vi.advanceTimersByTimeAsync(43_000);
    expect((await nextInterval()).sort()).toEqual([1, 1, 2, 2]);
  }
});

test('after a hint or a change of the interval the servers are at their moments again', async () => {
  addServers(8);
  await vi.advanceTimersByTimeAsync(41_000);
  poller.hint('s1');
  intervalMs = 30_000;
  poller.reschedule();
  await vi.advanceTimersByTimeAsync(90_000);
  expect(await nextInterval()).toEqual([2, 2, 2, 2]);
  intervalMs = 4000;
  poller.reschedule();
  await vi.advanceTimersByTimeAsync(8000);
  expect(await nextInterval()).toEqual([2, 2, 2, 2]);
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
