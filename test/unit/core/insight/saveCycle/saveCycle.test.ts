import { describe, expect, test } from 'vitest';
import { SaveCycle } from '../../../../../src/core/insight/saveCycle/saveCycle.js';
import { Random } from '../simulator/random.js';

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const origin = Date.UTC(2026, 0, 5);
const mb = 1024 ** 2;

/** Saves that the game tells of; answers when the last one was over. */
function told(cycle: SaveCycle, count: number, everyMs: number, tookMs: number): number {
  cycle.started(origin);
  let at = origin;
  for (let one = 0; one < count; one++) {
    at = origin + (one + 1) * everyMs;
    cycle.sample(at - minuteMs, 5000, 3, 0);
    cycle.begun(at - tookMs);
    cycle.saved(at, tookMs);
  }
  return at;
}

/** What a server writes, every 5 s; answers when that ended. */
function writes(cycle: SaveCycle, hours: number, rate: (at: number) => number, from = origin): number {
  let at = from;
  for (; at < from + hours * hourMs; at += 5 * secondMs) cycle.sample(at, 5 * secondMs, 4, rate(at));
  return at;
}

describe('saves that are told', () => {
  test('period, length and the next one', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 5 * minuteMs, 6 * secondMs);
    expect(cycle.view()).toMatchObject({
      by: 'events',
      periodMs: 5 * minuteMs,
      durationMs: 6000,
      nextAt: last + 5 * minuteMs,
    });
  });

  test('a save that is under way, is just over or is to come now is expected; the time between is not', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 5 * minuteMs, 6 * secondMs);
    expect(cycle.covers(last - 7000, last - 2000)).toBe(true);
    expect(cycle.covers(last + 60_000, last + 65_000)).toBe(false);
    expect(cycle.covers(last + 5 * minuteMs - 5000, last + 5 * minuteMs)).toBe(true);
    cycle.begun(last + 100_000);
    expect(cycle.covers(last + 101_000, last + 106_000)).toBe(true);
  });

  test('where saves make up most of the time, they are what is usual', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 30 * secondMs, 12 * secondMs);
    expect(cycle.covers(last - 6000, last - 1000)).toBe(false);
  });

  test('one that does not come is missing, one that does not end is long, and both are over with the next', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 5 * minuteMs, 6 * secondMs);
    expect(cycle.review(last + 9 * minuteMs)).toBeNull();
    expect(cycle.review(last + 13 * minuteMs)).toMatchObject({ is: 'missing', until: null });
    cycle.begun(last + 14 * minuteMs);
    expect(cycle.review(last + 15 * minuteMs)).toBeNull();
    expect(cycle.review(last + 16 * minuteMs)).toMatchObject({ is: 'long', since: last + 14 * minuteMs });
    // It was told of while it lasted; one that nobody looked at in between is told once it is over.
    cycle.saved(last + 17 * minuteMs, 3 * minuteMs);
    expect(cycle.review(last + 17 * minuteMs)).toBeNull();
    cycle.begun(last + 20 * minuteMs);
    cycle.saved(last + 23 * minuteMs, 3 * minuteMs);
    const over = { is: 'long', since: last + 20 * minuteMs, until: last + 23 * minuteMs };
    expect(cycle.review(last + 23 * minuteMs)).toMatchObject(over);
    expect(cycle.review(last + 23 * minuteMs)).toBeNull();
  });

  test('nothing is missing while nobody plays, where nothing was ever saved then', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 5 * minuteMs, 6 * secondMs);
    for (let at = last; at < last + hourMs; at += 5000) cycle.sample(at, 5000, 0, 0);
    expect(cycle.review(last + hourMs)).toBeNull();
    cycle.sample(last + hourMs + 5000, 5000, 2, 0);
    expect(cycle.review(last + hourMs + 9 * minuteMs)).toBeNull();
  });

  test('where nobody tells who plays: not on the first day, nor where it was silent before', () => {
    const cycle = new SaveCycle();
    cycle.started(origin);
    let at = origin;
    const saves = (hours: number): void => {
      for (const end = at + hours * hourMs; at < end;) {
        at += minuteMs;
        cycle.sample(at, minuteMs, NaN, NaN);
        if ((at - origin) % (5 * minuteMs) === 0) cycle.saved(at, 6 * secondMs);
      }
    };
    saves(2);
    expect(cycle.review(at + 20 * minuteMs)).toBeNull();
    saves(24);
    expect(cycle.review(at + 20 * minuteMs)).toMatchObject({ is: 'missing' });
    at += hourMs;
    saves(1);
    expect(cycle.review(at + 20 * minuteMs)).toBeNull();
  });

  test('one long save does not make the next one usual', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 5 * minuteMs, 6 * secondMs);
    for (const from of [last + 5 * minuteMs, last + 15 * minuteMs]) {
      cycle.begun(from);
      cycle.saved(from + 4 * minuteMs, 4 * minuteMs);
      expect(cycle.review(from + 4 * minuteMs)).toMatchObject({ is: 'long', tookMs: 4 * minuteMs });
    }
  });

  test('nor after its end, nor where somebody calls such a time normal', () => {
    const cycle = new SaveCycle();
    const last = told(cycle, 8, 5 * minuteMs, 6 * secondMs);
    cycle.allow(30 * minuteMs);
    expect(cycle.review(last + 20 * minuteMs)).toBeNull();
    cycle.ended();
    expect(cycle.review(last + 5 * hourMs)).toBeNull();
  });
});

describe('saves that only show in what is written', () => {
  test.each([
    [90, 5],
    [300, 8],
    [307, 20],
    [1500, 15],
    [3600, 30],
  ])('every %d s for %d s', (period, length) => {
    const random = new Random(period);
    const cycle = new SaveCycle();
    cycle.started(origin);
    const last = writes(cycle, 9, (at) => {
      const little = 20_000 * Math.exp(0.8 * random.normal());
      return ((at - origin) / 1000) % period < length ? 20 * mb * Math.exp(0.2 * random.normal()) : little;
    });
    const view = cycle.view();
    expect(view.by).toBe('rhythm');
    expect(Math.abs((view.periodMs ?? 0) / 1000 - period)).toBeLessThan(Math.max(10, 0.03 * period));
    expect(view.confidence).toBeGreaterThan(0.6);
    expect(cycle.review(last)).toBeNull();
    const silent = writes(cycle, (5 * period) / 3600, () => 20_000, last);
    expect(cycle.review(silent)).toMatchObject({ is: 'missing' });
  });

  test('one that does not come is missing for as long as it does not', () => {
    const random = new Random(4);
    const cycle = new SaveCycle();
    cycle.started(origin);
    const little = (): number => 20_000 * Math.exp(0.8 * random.normal());
    let at = writes(cycle, 3, (now) => (((now - origin) / 1000) % 300 < 8 ? 20 * mb : little()));
    at = writes(cycle, 0.5, little, at);
    for (let half = 0; half < 10; half++) {
      expect(cycle.review(at)).toMatchObject({ is: 'missing' });
      at = writes(cycle, 0.5, little, at);
    }
  });

  test('there is no rhythm in a busy evening', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = new Random(seed);
      const cycle = new SaveCycle();
      cycle.started(origin);
      for (let at = origin; at < origin + 24 * hourMs; at += minuteMs) {
        const players = 10 * Math.exp(-((((at - origin) / hourMs - 20) / 3) ** 2));
        cycle.sample(at, minuteMs, players, 8192 * Math.exp(0.5 * random.normal()) * (1 + players));
        expect(cycle.view().by).toBeNull();
      }
    }
  });

  test('there is no rhythm in what comes by chance', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const cycle = new SaveCycle();
      cycle.started(origin);
      let until = 0;
      writes(cycle, 6, (at) => {
        if (random.chance(1 / 60)) until = at + 15_000;
        return at < until ? 20 * mb : 20_000 * Math.exp(0.8 * random.normal());
      });
      expect(cycle.view().by).toBeNull();
    }
  });
});

test('what a save adds is known after a few', () => {
  const cycle = new SaveCycle();
  for (let one = 0; one < 60; one++) {
    cycle.measure(false, [40, 1e9, 20]);
    cycle.measure(true, [90, 1.1e9, 15]);
  }
  const { added } = cycle.view();
  expect(added.cpu).toBeCloseTo(50);
  expect(added.tickRate).toBeCloseTo(-5);
});

test('a state knows the cycle again', () => {
  const cycle = new SaveCycle();
  told(cycle, 8, 5 * minuteMs, 6 * secondMs);
  const again = new SaveCycle();
  again.restore(JSON.parse(JSON.stringify(cycle.state())) as ReturnType<SaveCycle['state']>);
  expect(again.view()).toMatchObject({ periodMs: 5 * minuteMs, durationMs: 6000, nextAt: null });
});
