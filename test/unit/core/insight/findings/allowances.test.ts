import { describe, expect, test } from 'vitest';
import { Allowances } from '../../../../../src/core/insight/findings/allowances.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe('what somebody has called normal', () => {
  test('is a little more than that, at about that time, for a month', () => {
    const allowances = new Allowances();
    allowances.add('cpu', 23.5, 100, 0);
    expect(allowances.of('cpu', 23.5, dayMs, 100)).toBeCloseTo(115);
    expect(allowances.of('cpu', 0.5, dayMs, 100)).toBeCloseTo(115);
    expect(allowances.of('cpu', 3, dayMs, 100)).toBe(0);
    expect(allowances.of('memory', 23.5, dayMs, 100)).toBe(0);
    expect(allowances.of('cpu', 23.5, 31 * dayMs, 100)).toBe(0);
  });

  test('at two times of the day is normal at any, as far as both were', () => {
    const allowances = new Allowances();
    allowances.add('cpu', 4, 100, 0);
    allowances.add('cpu', 4.2, 120, 0);
    expect(allowances.of('cpu', 12, dayMs, 100)).toBe(0);
    allowances.add('cpu', 20, 60, 0);
    expect(allowances.of('cpu', 12, dayMs, 100)).toBeGreaterThan(60);
  });

  test('while it lasts is normal for as long as it does', () => {
    const allowances = new Allowances();
    allowances.add('cpu', 4, 100, 0);
    allowances.addLasting('cpu', 100, 0);
    for (let at = 0; at < 300 * minuteMs; at += 10 * minuteMs)
      expect(allowances.of('cpu', 12, at, 110)).toBeGreaterThan(110);
    expect(allowances.of('cpu', 12, 340 * minuteMs, 110)).toBe(0);
  });

  test('is kept in a state, and forgotten when all is learned anew', () => {
    const allowances = new Allowances();
    allowances.add('cpu', 4, 100, 0);
    const again = new Allowances();
    again.restore(allowances.state());
    expect(again.of('cpu', 4, dayMs, 100)).toBeCloseTo(115);
    again.forget();
    expect(again.of('cpu', 4, dayMs, 100)).toBe(0);
  });
});
