import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isWorthRepeating, retry } from '../../../../../src/core/games/runner/retry.js';
import { usualTimes } from '../../../../../src/core/games/runner/times.js';
import { Failure, type FailureData } from '../../../../../src/shared/failure.js';
import type { ErrorCode } from '../../../../../src/shared/contract.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const options = {
  times: usualTimes,
  signal: new AbortController().signal,
  random: () => 0.5,
  mayRepeat: () => true,
};

/** The times, from the start, at which something that always fails is tried. */
async function triesOf(failure: () => Failure, more: Partial<typeof options> = {}): Promise<number[]> {
  const begunAt = Date.now();
  const tries: number[] = [];
  const outcome = retry(
    async () => {
      tries.push(Date.now() - begunAt);
      return await Promise.reject(failure());
    },
    { ...options, ...more },
  ).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Failure.is(await outcome)).toBe(true);
  return tries;
}

test('tries three times, with pauses that differ', async () => {
  expect(await triesOf(() => new Failure('timeout'))).toEqual([0, 375, 375 + 1125]);
  expect(await triesOf(() => new Failure('timeout'), { random: () => 0 })).toEqual([0, 250, 1000]);
  expect(await triesOf(() => new Failure('timeout'), { random: () => 1 })).toEqual([0, 500, 2000]);
});

test('gives the first answer', async () => {
  let tried = 0;
  const answer = retry(async () => {
    tried += 1;
    if (tried < 3) throw new Failure('unreachable');
    return await Promise.resolve('here');
  }, options);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await answer).toBe('here');
});

test('waits as long as it is put off, unless that is long', async () => {
  expect(await triesOf(() => new Failure('unreachable', { retryAt: Date.now() + 1300 }))).toEqual([0, 1300, 2600]);
  expect(await triesOf(() => new Failure('unreachable', { retryAt: Date.now() + 5000 }))).toEqual([0]);
});

test('stops where it is not wanted any more', async () => {
  expect(await triesOf(() => new Failure('timeout'), { mayRepeat: () => false })).toEqual([0]);
  const own = new AbortController();
  const stopped = retry(async () => await Promise.reject(new Failure('timeout')), { ...options, signal: own.signal });
  const ended = expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  await vi.advanceTimersByTimeAsync(10);
  own.abort();
  await ended;
  expect(vi.getTimerCount()).toBe(0);
});

describe('worth another try', () => {
  test.each<[ErrorCode, FailureData, boolean]>([
    ['timeout', {}, true],
    ['unreachable', {}, true],
    ['bad-reply', {}, true],
    ['bad-reply', { status: 503 }, true],
    ['bad-reply', { status: 404 }, false],
    ['bad-reply', { field: 'players' }, false],
    ['auth-rejected', {}, false],
    ['secret-missing', {}, false],
    ['cancelled', {}, false],
    ['unsupported', {}, false],
    ['invalid-definition', {}, false],
  ])('%s %o: %s', (code, data, expected) => {
    expect(isWorthRepeating(new Failure(code, data))).toBe(expected);
  });
});
