import { describe, expect, test } from 'vitest';
import type { History } from '../../../../src/core/store/history.js';
import { BelievedClock, sweep } from '../../../../src/core/store/retention.js';
import { defaultRetention, type TierName } from '../../../../src/core/store/tiers/tiers.js';
import { countOf, day, hour, minute, oldestOf, openHistory, start } from './support/history.js';

const names: readonly TierName[] = ['raw', '1m', '15m', '1h'];
const counts = (history: History): number[] => names.map((name) => countOf(history, name));

function sweepAt(history: History, now: number, part = 1): boolean {
  let isDone = false;
  history.write(() => {
    isDone = sweep(history.database, history.catalogue, { now, retention: defaultRetention, part });
  });
  return isDone;
}

/** As often as it takes, with what may be taken at once. Answers how often that was. */
function sweepAll(history: History, now: number, part = 1): number {
  for (let times = 1; times < 1000; times++) {
    const before = counts(history);
    const isDone = sweepAt(history, now, part);
    for (const [index, count] of counts(history).entries())
      expect((before[index] ?? 0) - count).toBeLessThanOrEqual(500);
    if (isDone) return times;
  }
  throw new Error('never done');
}

describe('a sweep', () => {
  test('takes of each tier what is too old, and nothing else', async () => {
    const history = await openHistory();
    const now = start + 420 * day;
    const kept = { raw: day, '1m': 8 * day, '15m': 60 * day, '1h': 400 * day } as Record<TierName, number>;
    for (const name of names) {
      // Around each end every ten minutes, for more than what a pack and an hour are long.
      const end = now - kept[name];
      for (let at = end - 5 * hour; at < end + 5 * hour; at += 10 * minute)
        history.add(at, 'alpha', { cpu: 1, players: 1 });
    }
    history.complete('alpha');
    sweepAll(history, now);
    for (const name of names) {
      const oldest = oldestOf(history, name);
      const step = { raw: 15 * minute, '1m': minute, '15m': 15 * minute, '1h': hour }[name];
      // What reaches into the time that is kept stays.
      expect(oldest).toBeGreaterThanOrEqual(now - kept[name] - 2 * step);
      expect(oldest).toBeLessThanOrEqual(now - kept[name] + 10 * minute);
    }
    const before = counts(history);
    expect(sweepAt(history, now)).toBe(true);
    expect(counts(history)).toEqual(before);
    expect(sweepAt(history, now + 1000 * day)).toBe(true);
    expect(counts(history)).toEqual([0, 0, 0, 0]);
  });

  test('takes a part only at once, of each source and each group of metrics', async () => {
    const history = await openHistory();
    const values = { cpu: 1, memory: 4096, ioRead: 1, ioWrite: 1, threads: 1, players: 1, tickRate: 20 };
    for (const id of ['alpha', 'beta']) {
      for (let at = start; at < start + 1300 * minute; at += minute) history.add(at, id, values);
      history.complete(id);
    }
    const rows = countOf(history, '1m');
    expect(rows).toBe(2 * 2 * 1300);
    const now = start + 500 * day;
    expect(sweepAt(history, now)).toBe(false);
    expect(countOf(history, '1m')).toBe(rows - 2 * 2 * 500);
    expect(sweepAt(history, now)).toBe(false);
    expect(sweepAt(history, now)).toBe(true);
    expect(counts(history)).toEqual([0, 0, 0, 0]);
  });

  test('of packs that follow one another quickly takes no more at once either', async () => {
    const history = await openHistory();
    // A clock that is set back again and again: each time another pack.
    for (let index = 0; index < 1300; index++) history.add(start + 2e6 - index * 1000, 'alpha', { cpu: 1 });
    history.complete('alpha');
    expect(countOf(history, 'raw')).toBe(1300);
    expect(sweepAll(history, start + 30 * day)).toBe(3);
    expect(countOf(history, 'raw')).toBe(0);
  });

  test('keeps less where less is wished for, but events as long as ever', async () => {
    const history = await openHistory();
    const now = start + 8 * day;
    for (let at = start; at < now; at += 10 * minute) history.add(at, 'alpha', { cpu: 1 });
    history.addEvent({ at: start, id: 'alpha', kind: 'crashed', data: {} });
    history.complete('alpha');
    sweepAll(history, now, 0.5);
    expect(oldestOf(history, '1m')).toBeGreaterThanOrEqual(now - 4 * day - 2 * minute);
    expect(oldestOf(history, '1m')).toBeLessThanOrEqual(now - 4 * day + 10 * minute);
    expect(oldestOf(history, '15m')).toBe(start);
    expect(history.find({ from: 0, to: now, limit: 5 })).toHaveLength(1);
  });

  test('takes events that are too old, some at a time', async () => {
    const history = await openHistory();
    for (let index = 0; index < 1200; index++) {
      history.addEvent({ at: start + index, id: 'alpha', kind: 'saved', data: {} });
    }
    history.addEvent({ at: start + 5 * day, id: 'alpha', kind: 'saved', data: {} });
    const all = (): number => history.find({ from: 0, to: 8e15, limit: 5000 }).length;
    const now = start + 402 * day;
    for (const left of [701, 201, 1, 1]) {
      sweepAt(history, now);
      expect(all()).toBe(left);
    }
    sweepAt(history, start + 404 * day);
    expect(all()).toBe(1);
  });

  test('gives back the room, some at a time', async () => {
    const history = await openHistory();
    for (let at = start; at < start + 8 * day; at += minute)
      history.add(at, 'alpha', { cpu: at % 97, players: at % 89 });
    history.complete('alpha');
    const { bytes } = history.database;
    const now = start + 500 * day;
    sweepAll(history, now);
    let last = history.database.bytes;
    for (let times = 0; times < 100; times++) {
      sweepAt(history, now);
      expect(last - history.database.bytes).toBeLessThanOrEqual(250 * 4096);
      last = history.database.bytes;
    }
    expect(last).toBeLessThan(bytes / 3);
    expect(history.database.value('PRAGMA integrity_check')).toBe('ok');
  });
});

describe('the clock', () => {
  /** What it says of each moment: wall clock and the other one, in minutes from the beginning. */
  const said = (newest: number, moments: [wall: number, monotonic: number][]): boolean[] => {
    const clock = new BelievedClock(newest);
    return moments.map(([wall, monotonic]) => clock.isBelieved(start + wall * minute, monotonic * minute));
  };
  const days = 24 * 60;

  test('is believed where it goes on as it should, and where it is set by little', () => {
    expect(
      said(start - hour, [
        [0, 0],
        [1, 1],
        [2, 2],
        [65, 3],
        [66, 4],
      ]),
    ).toEqual([true, true, true, true, true]);
    expect(
      said(0, [
        [0, 0],
        [1, 1],
      ]),
    ).toEqual([true, true]);
  });

  test('is not believed for an hour when it leaps ahead', () => {
    expect(
      said(start, [
        [0, 0],
        [days + 1, 1],
        [days + 30, 30],
        [days + 60, 60],
        [days + 61, 61],
      ]),
    ).toEqual([true, false, false, false, true]);
  });

  test('that leaps ahead and back within the hour has been believed at no moment of it', () => {
    expect(
      said(start, [
        [0, 0],
        [days, 1],
        [days + 50, 51],
        [52, 52],
        [61, 61],
        [62, 62],
      ]),
    ).toEqual([true, false, false, false, true, true]);
  });

  test('after a long pause of the program is believed in an hour', () => {
    expect(
      said(start - 100 * day, [
        [0, 5],
        [59, 64],
        [60, 65],
      ]),
    ).toEqual([false, false, true]);
    expect(said(start - hour, [[0, 5]])).toEqual([true]);
  });

  test('after the PC has slept for days is believed in an hour', () => {
    expect(
      said(start, [
        [0, 0],
        [3 * days, 1],
        [3 * days + 59, 60],
        [3 * days + 60, 61],
      ]),
    ).toEqual([true, false, false, true]);
  });

  test('that is set back is believed, and not when it leaps ahead to where it was', () => {
    expect(
      said(start, [
        [0, 0],
        [-5 * days, 1],
        [-5 * days + 1, 2],
        [3, 3],
        [62, 62],
        [63, 63],
      ]),
    ).toEqual([true, true, true, false, false, true]);
    // The newest thing there is of a time to come.
    expect(
      said(start + 3000 * day, [
        [0, 0],
        [1, 1],
      ]),
    ).toEqual([true, true]);
  });
});
