import { expect, test, vi } from 'vitest';
import { Turns } from '../../../../../src/core/games/runner/turns.js';

const never = new AbortController().signal;
/** Lets every promise that can settle do so. */
const settled = async (): Promise<void> => await new Promise(setImmediate);

function held(): { work: () => Promise<void>; letGo: () => void } {
  let letGo = (): void => undefined;
  const over = new Promise<void>((resolve) => (letGo = resolve));
  return { work: async () => await over, letGo };
}

test('one at a time, wishes before polls, each kind in its order', async () => {
  const turns = new Turns(60_000);
  const order: string[] = [];
  let atOnce = 0;
  const note = (name: string) => async () => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    order.push(name);
    await settled();
    atOnce -= 1;
  };
  const first = held();
  const all = [
    turns.take('wish', never, first.work),
    turns.take('poll', never, note('poll')),
    turns.take('wish', never, note('a')),
    turns.take('wish', never, note('b')),
  ];
  first.letGo();
  await Promise.all(all);
  expect(order).toEqual(['a', 'b', 'poll']);
});

test('a poll makes room for a wish, a wish for nobody', async () => {
  const turns = new Turns(60_000);
  const poll = turns.take('poll', never, async (interrupted) => {
    await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve()));
    return 'made room';
  });
  await settled();
  const wish = held();
  let wasInterrupted = false;
  const first = turns.take('wish', never, async (interrupted) => {
    await wish.work();
    wasInterrupted = interrupted.aborted;
  });
  expect(await poll).toBe('made room');
  const second = turns.take('wish', never, settled);
  wish.letGo();
  await Promise.all([first, second]);
  expect(wasInterrupted).toBe(false);
});

test('who fails passes the turn on', async () => {
  const turns = new Turns(60_000);
  const failing = turns.take('wish', never, async () => await Promise.reject(new Error('x')));
  const next = turns.take('wish', never, async () => await Promise.resolve('mine'));
  await expect(failing).rejects.toThrow('x');
  expect(await next).toBe('mine');
});

test('only so many wait', async () => {
  const turns = new Turns(60_000);
  const first = held();
  const all = [turns.take('wish', never, first.work)];
  for (let count = 0; count < 8; count += 1) all.push(turns.take('wish', never, settled));
  await expect(turns.take('wish', never, settled)).rejects.toMatchObject({ code: 'busy' });
  first.letGo();
  await Promise.all(all);
});

test('who is called off while waiting leaves, and the others go on', async () => {
  const turns = new Turns(60_000);
  const first = held();
  const own = new AbortController();
  const holding = turns.take('wish', never, first.work);
  const leaving = turns.take('wish', own.signal, settled);
  const behind = turns.take('wish', never, settled);
  own.abort();
  await expect(leaving).rejects.toMatchObject({ code: 'cancelled' });
  first.letGo();
  await Promise.all([holding, behind]);
  await expect(turns.take('wish', own.signal, settled)).rejects.toMatchObject({ code: 'cancelled' });
});

test('a wish does not wait for ever', async () => {
  vi.useFakeTimers();
  try {
    const turns = new Turns(60_000);
    const first = held();
    const holding = turns.take('wish', never, first.work);
    const late = expect(turns.take('wish', never, first.work)).rejects.toMatchObject({ code: 'busy' });
    await vi.advanceTimersByTimeAsync(60_000);
    await late;
    first.letGo();
    await holding;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
