import { describe, expect, it } from 'vitest';
import { spread, TickSchedule, TickStats } from '../../../src/demoServer/tickLoop.js';

describe('when ticks are due', () => {
  it('does not drift, however late the timers are', () => {
    const schedule = new TickSchedule(1_000);
    let now = 1_000;
    for (let n = 0; n < 1_000; n++) {
      expect(schedule.dueAt).toBe(1_000 + n * 50);
      now = Math.max(now, schedule.dueAt) + (n % 7);
      expect(schedule.take(now)?.index).toBe(n);
    }
  });

  it('does not run a tick before its time', () => {
    const schedule = new TickSchedule(0);
    schedule.take(0);
    expect(schedule.take(49.9)).toBeNull();
    expect(schedule.take(50)).toEqual({ index: 1, late: 0, warning: null });
  });

  it('catches up after a short delay, without leaving one out', () => {
    const schedule = new TickSchedule(0);
    const indexes = [];
    for (let due = schedule.take(1_990); due !== null; due = schedule.take(1_990)) {
      expect(due.warning).toBeNull();
      indexes.push(due.index);
    }
    expect(indexes).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('leaves ticks out when it is far behind, and says so', () => {
    const schedule = new TickSchedule(0);
    expect(schedule.take(2_400)).toEqual({ index: 48, late: 2_400, warning: { ms: 2_400, ticks: 48 } });
    expect(schedule.dueAt).toBe(2_450);
  });

  it('says so every 15 seconds at most, and then for all of the time', () => {
    const schedule = new TickSchedule(0);
    expect(schedule.take(3_000)?.warning).toEqual({ ms: 3_000, ticks: 60 });
    expect(schedule.take(6_050)?.warning).toBeNull();
    expect(schedule.take(9_100)?.warning).toBeNull();
    expect(schedule.take(18_150)?.warning).toEqual({ ms: 15_000, ticks: 300 });
    expect(schedule.take(22_000)?.warning).toBeNull();
  });
});

describe('tick statistics', () => {
  it('are of the last minute', () => {
    const stats = new TickStats(0);
    for (let n = 0; n < 5_000; n++) stats.add(n * 50, n < 3_700 ? 40 : 2, 1);
    const { tps, tick, late } = stats.summary(4_999 * 50);
    expect(tps).toBeCloseTo(20);
    expect(tick).toEqual({ mean: 2, p99: 2, max: 2 });
    expect(late.mean).toBe(1);
  });

  it('tell that ticks are missing', () => {
    const stats = new TickStats(0);
    for (let n = 0; n < 600; n++) stats.add(n * 100, 1, 0);
    expect(stats.summary(60_000).tps).toBeCloseTo(10, 0);
    expect(stats.summary(1_000_000).tps).toBe(0);
  });

  it('are there from the first moment on', () => {
    expect(new TickStats(5).summary(5)).toEqual({
      tps: 0,
      tick: { mean: 0, p99: 0, max: 0 },
      late: { mean: 0, p99: 0, max: 0 },
    });
    const stats = new TickStats(0);
    for (let n = 0; n < 10; n++) stats.add(n * 50, 1, 0);
    expect(stats.summary(500).tps).toBe(20);
  });

  it('find the slowest hundredth', () => {
    expect(spread(Array.from({ length: 200 }, (_, i) => i + 1))).toEqual({ mean: 100.5, p99: 198, max: 200 });
  });
});
