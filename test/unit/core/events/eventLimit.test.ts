import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EventLimit } from '../../../../src/core/events/eventLimit.js';
import type { HistoryEvent } from '../../../../src/core/ports.js';
import type { EventKind } from '../../../../src/shared/events.js';

const start = 1_700_000_000_000;
let passed: HistoryEvent[];
let limit: EventLimit;
beforeEach(() => {
  vi.useFakeTimers({ now: start });
  passed = [];
  limit = new EventLimit({ add: (event) => passed.push(event) });
});
afterEach(() => {
  vi.useRealTimers();
});

function flood(count: number, kind: EventKind, id = 'a'): void {
  for (let n = 0; n < count; n++) limit.add({ at: Date.now(), id, kind, data: { name: `p${n}` } });
}
const tallyOf = (id: string, kind: EventKind): number =>
  passed.filter((event) => event.id === id && event.kind === kind).length;
const dropped = (): unknown[] => passed.filter(({ kind }) => kind === 'history').map(({ id, data }) => [id, data]);
const tooMany = (kind: EventKind, count: number): object => ({ trouble: 'too-many-events', kind, dropped: count });

test('a full server falls and comes back within what passes, and no timer is left', () => {
  flood(200, 'player-left');
  flood(200, 'player-joined');
  expect(passed).toHaveLength(400);
  expect(vi.getTimerCount()).toBe(0);
});

test('a flood passes in part, in order; what is dropped is counted, and told once a minute', () => {
  flood(5000, 'player-joined');
  expect(passed.map(({ data }) => data.name)).toEqual(Array.from({ length: 200 }, (_, n) => `p${n}`));
  vi.advanceTimersByTime(59_000);
  expect(dropped()).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(dropped()).toEqual([['a', tooMany('player-joined', 4800)]]);
  vi.advanceTimersByTime(600_000);
  expect(dropped()).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('for hours no more than one a second, and one count a minute', () => {
  for (let second = 0; second < 7200; second++) {
    flood(50, 'saved');
    vi.advanceTimersByTime(1000);
  }
  expect(tallyOf('a', 'saved')).toBeLessThanOrEqual(200 + 7200);
  expect(dropped().length).toBeLessThanOrEqual(120);
  limit.dispose();
  const counts = passed.filter(({ kind }) => kind === 'history').map(({ data }) => Number(data.dropped));
  const all = counts.reduce((sum, count) => sum + count, 0) + tallyOf('a', 'saved');
  expect(all).toBe(50 * 7200);
});

test('one server or kind in flood does not silence another', () => {
  flood(1000, 'player-joined', 'a');
  flood(3, 'player-joined', 'b');
  flood(3, 'player-left', 'a');
  expect([tallyOf('b', 'player-joined'), tallyOf('a', 'player-left')]).toEqual([3, 3]);
});

test('steps of a life are never dropped', () => {
  const kinds: EventKind[] = ['started', 'ready', 'stopping', 'called-off', 'stopped', 'crashed', 'start-failed'];
  for (const kind of [...kinds, 'restarting', 'gave-up', 'stop-timeout'] as const) {
    flood(1000, kind);
    expect(tallyOf('a', kind)).toBe(1000);
  }
  expect(dropped()).toEqual([]);
});

test('at the end what was dropped is told at once', () => {
  flood(201, 'alert');
  limit.dispose();
  expect(dropped()).toEqual([['a', tooMany('alert', 1)]]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a clock that is set back gives nothing and takes nothing', () => {
  flood(150, 'saved');
  vi.setSystemTime(start - 3_600_000);
  flood(100, 'saved');
  expect(tallyOf('a', 'saved')).toBe(200);
});
