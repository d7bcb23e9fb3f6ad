import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoreKeeper } from '../../../src/launcher/coreKeeper.js';

const started = vi.hoisted((): { at: number; child: EventEmitter; args: unknown[] }[] => []);
vi.mock('../../../src/node/startDetached.js', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  return {
    startDetached: (...args: unknown[]) => {
      const child = new Emitter();
      started.push({ at: Date.now(), child, args });
      return child;
    },
  };
});

const command = { exec: '/node', args: ['core.js', '--data-dir', '/d'], cwd: '/d' };
const minute = 60_000;
const begun = 1_000_000;
let keeper: CoreKeeper;

beforeEach(() => {
  vi.useFakeTimers({ now: begun });
  started.length = 0;
  keeper = new CoreKeeper();
});
afterEach(() => {
  keeper.cancel();
  vi.useRealTimers();
});
const newest = (): EventEmitter => started.at(-1)!.child;
const secondsOfStarts = (): number[] => started.map(({ at }) => (at - begun) / 1000);

/** Every core that is started dies at once, for so long. */
function dieFor(ms: number, code: number | null = 1): void {
  for (const end = Date.now() + ms; Date.now() < end;) {
    const count = started.length;
    vi.advanceTimersByTime(100);
    if (started.length > count) newest().emit('exit', code, null);
  }
}

describe('a core that left unasked', () => {
  test('is started again, as it was started before', () => {
    keeper.connected(command);
    keeper.disconnected();
    expect(started).toHaveLength(0);
    vi.advanceTimersByTime(1000);
    const own = { MALLOC_MMAP_THRESHOLD_: '131072', ELECTRON_RUN_AS_NODE: '1' };
    expect(started.map(({ args }) => args)).toEqual([['/node', command.args, '/d', expect.objectContaining(own)]]);
    vi.advanceTimersByTime(60 * minute);
    expect(started).toHaveLength(1);
  });

  test('is started once, though its connection and its process both tell', () => {
    keeper.connected(command);
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    keeper.connected(command);
    keeper.disconnected();
    newest().emit('exit', null, 'SIGKILL');
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    expect(started).toHaveLength(2);
  });

  test('dying again and again: three times in ten minutes at once, then every five minutes', () => {
    keeper.connected(command);
    keeper.disconnected();
    dieFor(9 * minute);
    const [first, second, third, fourth, ...more] = secondsOfStarts();
    expect([first, second, third].every((at) => at! < 2)).toBe(true);
    expect(fourth).toBeGreaterThanOrEqual(300);
    expect(fourth).toBeLessThan(303);
    expect(more).toEqual([]);
  });

  test('is never started more than three times in any five minutes, however long it goes on', () => {
    keeper.connected(command);
    keeper.disconnected();
    dieFor(120 * minute);
    const times = secondsOfStarts();
    expect(times.length).toBeGreaterThan(20);
    for (const [n, at] of times.entries()) expect((times[n + 3] ?? Infinity) - at).toBeGreaterThanOrEqual(299);
  });

  test('after a good time has its three attempts again', () => {
    keeper.connected(command);
    keeper.disconnected();
    dieFor(5000);
    expect(started).toHaveLength(3);
    keeper.connected(command);
    vi.advanceTimersByTime(11 * minute);
    keeper.disconnected();
    dieFor(5000);
    expect(started).toHaveLength(6);
  });

  test('that cannot even be started is tried again', () => {
    keeper.connected(command);
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    newest().emit('error', new Error('ENOENT'));
    vi.advanceTimersByTime(1000);
    expect(started).toHaveLength(2);
  });

  test('is started by the newest command', () => {
    keeper.connected(command);
    keeper.connected({ ...command, exec: '/newer' });
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    expect(started[0]?.args[0]).toBe('/newer');
  });
});

describe('nothing is started', () => {
  test('when another core owns the directory', () => {
    keeper.connected(command);
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    newest().emit('exit', 3, null);
    vi.advanceTimersByTime(60 * minute);
    expect(started).toHaveLength(1);
  });

  test('when it said that it would leave', () => {
    keeper.connected(command);
    keeper.release();
    keeper.disconnected();
    vi.advanceTimersByTime(60 * minute);
    expect(started).toHaveLength(0);
  });

  test('when a core that was started again leaves on purpose', () => {
    keeper.connected(command);
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    keeper.connected(command);
    keeper.release();
    keeper.disconnected();
    newest().emit('exit', 0, null);
    vi.advanceTimersByTime(60 * minute);
    expect(started).toHaveLength(1);
  });

  test('when none was ever connected, or it gave no command', () => {
    keeper.disconnected();
    keeper.connected(null);
    keeper.disconnected();
    vi.advanceTimersByTime(60 * minute);
    expect(started).toHaveLength(0);
  });

  test('when another has connected meanwhile', () => {
    keeper.connected(command);
    keeper.disconnected();
    vi.advanceTimersByTime(100);
    keeper.connected(command);
    vi.advanceTimersByTime(60 * minute);
    expect(started).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('when the one that left on purpose ends only after the next has connected', () => {
    keeper.connected(command);
    keeper.disconnected();
    vi.advanceTimersByTime(1000);
    keeper.connected(command);
    keeper.release();
    keeper.disconnected();
    keeper.connected(command);
    newest().emit('exit', 0, null);
    vi.advanceTimersByTime(minute);
    expect(started).toHaveLength(1);
  });
});
