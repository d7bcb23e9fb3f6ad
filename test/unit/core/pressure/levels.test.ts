import { describe, expect, test } from 'vitest';
import { MemoryLevels, type MemoryLevel } from '../../../../src/core/pressure/levels.js';

const limits = { highPercent: 80, criticalPercent: 90 };
type Step = readonly [second: number, usedPercent: number, level: MemoryLevel, stalls?: number | null];

function run(steps: readonly Step[], levels = new MemoryLevels(() => limits)): void {
  for (const [second, usedPercent, level, stalls = null] of steps) {
    const what = `${String(usedPercent)} % and ${String(stalls)} at ${String(second)} s`;
    expect(levels.observe({ usedPercent, stalls }, second * 1000), what).toBe(level);
    expect(levels.level).toBe(level);
  }
}

describe('how short of memory the PC is', () => {
  test('rises at once', () => {
    run([
      [0, 79.9, 'none'],
      [3, 80, 'high'],
      [6, 89.9, 'high'],
      [9, 90, 'critical'],
    ]);
    run([[0, 97, 'critical']]);
  });

  test('falls when it is five points lower, for a minute', () => {
    run([
      [0, 91, 'critical'],
      [3, 85, 'critical'],
      [300, 85, 'critical'],
      [303, 84.9, 'critical'],
      [362, 84.9, 'critical'],
      [363, 84.9, 'high'],
      [366, 75, 'high'],
      [500, 75, 'high'],
      [503, 74, 'high'],
      [563, 74, 'none'],
    ]);
  });

  test('a minute is one without a break, and from the top it may fall all the way', () => {
    run([
      [0, 91, 'critical'],
      [3, 50, 'critical'],
      [60, 86, 'critical'],
      [66, 50, 'critical'],
      [125, 50, 'critical'],
      [126, 50, 'none'],
    ]);
  });

  test('does not flap around a limit', () => {
    const levels = new MemoryLevels(() => limits);
    const seen = Array.from({ length: 600 }, (_, n) =>
      levels.observe({ usedPercent: n % 2 === 0 ? 91 : 86, stalls: null }, n * 3000),
    );
    expect(new Set(seen)).toEqual(new Set(['critical']));
  });

  test('what waits for memory is an earlier sign, one level each, with a margin of its own', () => {
    run([
      [0, 50, 'none', 9.9],
      [3, 50, 'high', 10],
      [6, 50, 'high', 5],
      [100, 50, 'high', 5],
      [103, 50, 'high', 4],
      [163, 50, 'none', 0],
    ]);
    run([
      [0, 82, 'high', 3],
      [3, 82, 'critical', 12],
      [6, 82, 'critical', 3],
      [66, 82, 'high', 3],
    ]);
    const levels = new MemoryLevels(() => limits);
    levels.observe({ usedPercent: 82, stalls: 12 }, 0);
    expect(levels.isByStalls).toBe(true);
    levels.observe({ usedPercent: 95, stalls: 12 }, 3);
    expect(new MemoryLevels(() => limits).isByStalls).toBe(false);
  });

  test('where it is not told, nothing changes', () => {
    run([
      [0, NaN, 'none'],
      [3, 95, 'critical'],
      [200, NaN, 'critical'],
      [203, 10, 'critical'],
    ]);
  });

  test('other limits count at once, whatever was', () => {
    let now = limits;
    const levels = new MemoryLevels(() => now);
    run([[0, 30, 'none']], levels);
    now = { highPercent: 80, criticalPercent: 1 };
    run([[3, 30, 'critical']], levels);
    now = limits;
    run([[6, 30, 'none']], levels);
    now = { highPercent: 20, criticalPercent: 90 };
    run([[9, 30, 'high']], levels);
  });
});
