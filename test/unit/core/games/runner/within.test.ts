import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from '../../../../../src/core/games/runner/within.js';
import { Failure } from '../../../../../src/shared/failure.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Heeds the signal, and says then whether it was sent. */
const obedient =
  (isSent?: boolean) =>
  async ({ signal }: { signal: AbortSignal }): Promise<never> =>
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Failure('cancelled', isSent === undefined ? {} : { isSent }));
      });
    });

test('gives what the work gives, and how long it has', async () => {
  expect(await within(5000, [], async ({ ms }) => await Promise.resolve(ms))).toBe(5000);
  const failure = new Failure('unreachable', { port: 1 });
  await expect(within(5000, [], async () => await Promise.reject(failure))).rejects.toBe(failure);
});

test('ends at the deadline, with what is known of the sending', async () => {
  for (const isSent of [undefined, true, false]) {
    const late = within(5000, [], obedient(isSent)).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await late).toMatchObject({ code: 'timeout', data: { ms: 5000 } });
    expect(((await late) as Failure).data.isSent).toBe(isSent);
  }
});

test('ends with its signals, also one that has fired before', async () => {
  const own = new AbortController();
  const ended = within(5000, [new AbortController().signal, own.signal], obedient(true)).catch(
    (error: unknown) => error,
  );
  own.abort();
  expect(await ended).toMatchObject({ code: 'cancelled', data: { isSent: true } });
  const work = vi.fn(obedient());
  await expect(within(5000, [own.signal], work)).rejects.toMatchObject({ code: 'cancelled' });
  expect(work).not.toHaveBeenCalled();
});

test('leaves what does not heed the signal a moment later', async () => {
  let isOver = false;
  const late = within(5000, [], async () => await new Promise(() => undefined))
    .catch((error: unknown) => error)
    .finally(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(5000);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await late).toMatchObject({ code: 'timeout' });
});

test('tells only the name of what is no failure', async () => {
  const broken = within(5000, [], async () => await Promise.reject(new TypeError('swordfish')));
  await expect(broken).rejects.toMatchObject({ code: 'bad-reply', data: { detail: 'TypeError' } });
});
