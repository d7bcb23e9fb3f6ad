import { beforeEach, describe, expect, test } from 'vitest';
import { Caches, type Cache } from '../../../../src/core/pressure/caches.js';
import { MemoryPressure, type LevelChange } from '../../../../src/core/pressure/memoryPressure.js';

/** Entries by when they were last asked for, a kilobyte each. */
class FakeCache implements Cache {
  asked: number[] = [];

  bytes(): number {
    return this.asked.length * 1024;
  }

  dropOlderThan(ms: number): void {
    this.asked = this.asked.filter((at) => at > clock - ms);
  }

  dropAll(): void {
    this.asked = [];
  }
}

let clock = 0;
let cache: FakeCache;
let done: string[];
let changes: LevelChange[];
let pressure: MemoryPressure;
const limits = { highPercent: 80, criticalPercent: 90, cacheBytes: 10 * 1024 };
let historyBytes = 0;

beforeEach(() => {
  clock = 0;
  historyBytes = 0;
  cache = new FakeCache();
  done = [];
  changes = [];
  pressure = new MemoryPressure({
    caches: new Caches([cache]),
    limits: () => limits,
    historyBytes: () => historyBytes,
    flush: async () => {
      await Promise.resolve();
      done.push('flushed');
    },
    giveBack: async () => {
      done.push('gave back');
    },
    changed: (change) => {
      changes.push(change);
    },
  });
});

async function round(second: number, usedPercent: number): Promise<void> {
  clock = second * 1000;
  pressure.round({ usedPercent, stalls: null }, clock);
  await new Promise(setImmediate);
}

describe('memory is let go of', () => {
  test('high: what is older than a minute, again and again; nothing of the history', async () => {
    await round(100, 50);
    cache.asked = [1000, 39_000, 41_000, 99_000];
    await round(100, 85);
    expect(cache.asked).toEqual([41_000, 99_000]);
    expect(changes).toEqual([
      { level: 'high', before: 'none', by: 'use', usedPercent: 85, stalls: null, droppedBytes: 2048 },
    ]);
    await round(150, 85);
    expect(cache.asked).toEqual([41_000, 99_000]);
    await round(161, 85);
    expect(cache.asked).toEqual([]);
    expect(changes).toHaveLength(1);
    expect(done).toEqual([]);
  });

  test('critical: everything; the history is flushed first, and gives back once in ten minutes', async () => {
    cache.asked = [0, 0];
    await round(0, 93);
    expect(cache.asked).toEqual([]);
    expect(done).toEqual(['flushed', 'gave back']);
    cache.asked = [3000];
    await round(3, 93);
    expect(cache.asked).toEqual([3000]);
    await round(60, 93);
    expect(cache.asked).toEqual([]);
    await round(599, 93);
    expect(done).toHaveLength(2);
    await round(600, 93);
    expect(done).toEqual(['flushed', 'gave back', 'flushed', 'gave back']);
    expect(changes.map(({ level, droppedBytes }) => [level, droppedBytes])).toEqual([['critical', 2048]]);
  });

  test('it is told when it is over', async () => {
    await round(0, 93);
    await round(3, 50);
    await round(62, 50);
    expect(changes).toHaveLength(1);
    await round(63, 50);
    expect(changes.at(-1)).toMatchObject({ level: 'none', before: 'critical', usedPercent: 50 });
    expect(pressure.level).toBe('none');
  });

  test('while there is enough, all together keep within what is allowed; the history comes first', async () => {
    cache.asked = Array.from({ length: 10 }, () => 0);
    await round(1, 50);
    expect(cache.asked).toHaveLength(10);
    historyBytes = 9 * 1024;
    cache.asked = [1000, 119_000];
    await round(120, 50);
    expect(cache.asked).toEqual([119_000]);
    historyBytes = 20 * 1024;
    await round(180, 50);
    expect(cache.asked).toEqual([]);
    expect(changes).toEqual([]);
  });
});
