import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CostFeed } from '../../../src/extension/panels/costFeed.js';
import type { CoreStatus } from '../../../src/shared/contract.js';

const half = 30_000;
const [one, two] = [{}, {}];
let isConnected: boolean;
let answers: ((status: CoreStatus | undefined) => void)[];
let changes: number;
let feed: CostFeed;

beforeEach(() => {
  vi.useFakeTimers();
  [isConnected, answers, changes] = [true, [], 0];
  const status = (): Promise<CoreStatus | undefined> => new Promise((resolve) => answers.push(resolve));
  feed = new CostFeed({ isConnected: () => isConnected, status }, () => changes++);
});
afterEach(() => {
  feed.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const statusOf = (pid: number): CoreStatus => ({ pid }) as CoreStatus;
async function answer(status: CoreStatus | undefined): Promise<void> {
  answers.at(-1)?.(status);
  await vi.advanceTimersByTimeAsync(0);
}

test('asks while a panel is shown, every half a minute, however many there are', async () => {
  expect(answers).toHaveLength(0);
  feed.show(one, true);
  feed.show(two, true);
  expect(answers).toHaveLength(1);
  await answer(statusOf(1));
  expect([feed.status, changes]).toEqual([statusOf(1), 1]);
  await vi.advanceTimersByTimeAsync(half - 1);
  expect(answers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(answers).toHaveLength(2);
  feed.show(one, false);
  await vi.advanceTimersByTimeAsync(half);
  expect(answers).toHaveLength(3);
  feed.show(two, false);
  await vi.advanceTimersByTimeAsync(10 * half);
  expect(answers).toHaveLength(3);
});

test('what nobody waits for any more is dropped', async () => {
  feed.show(one, true);
  feed.show(one, false);
  await answer(statusOf(1));
  expect([feed.status, changes]).toEqual([undefined, 0]);
});

test('no answer is nothing known', async () => {
  feed.show(one, true);
  await answer(statusOf(1));
  await vi.advanceTimersByTimeAsync(half);
  await answer(undefined);
  expect([feed.status, changes]).toEqual([undefined, 2]);
});

test('a lost connection ends it, and with the next one it begins at once', async () => {
  feed.show(one, true);
  await answer(statusOf(1));
  isConnected = false;
  expect(feed.status).toBeUndefined();
  feed.update();
  await vi.advanceTimersByTimeAsync(3 * half);
  expect(answers).toHaveLength(1);
  isConnected = true;
  feed.update();
  expect(answers).toHaveLength(2);
  // Of the monitoring before nothing is left.
  expect(feed.status).toBeUndefined();
});
