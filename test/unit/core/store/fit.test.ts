import { afterEach, describe, expect, test, vi } from 'vitest';
import { Store } from '../../../../src/core/store/store.js';
import { defaultRetention, type TierName } from '../../../../src/core/store/tiers/tiers.js';
import { day, engineFolder, hour, largest, minute, start } from './support/history.js';
import { MemoryFiles } from './support/memoryFiles.js';

const stores: Store[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.dispose();
});

/** A store whose clocks stand until they are moved; every flush is a sweep when they were. */
async function open(files: MemoryFiles, at: number): Promise<Bench> {
  const clock = { now: at, monotonic: 1e6, maxBytes: 1e9 };
  const write = vi.fn();
  const store = new Store({
    ...{ files, engineFolder, log: { write }, isQuiet: () => true, trouble: () => undefined, found: () => undefined },
    settings: () => ({ flushIntervalMs: 1e8, flushRows: 1e9, maxBytes: clock.maxBytes, retention: defaultRetention }),
    now: () => clock.now,
    monotonic: () => clock.monotonic,
  });
  stores.push(store);
  await store.open();
  const pass = async (minutes: number): Promise<void> => {
    for (let left = minutes; left > 0; left--) {
      clock.now += minute;
      clock.monotonic += minute;
      await store.flush();
    }
  };
  return { store, clock, pass, write };
}

interface Bench {
  readonly store: Store;
  readonly clock: { now: number; monotonic: number; maxBytes: number };
  /** Lets minutes go by, with a sweep in each. */
  pass(minutes: number): Promise<void>;
  readonly write: ReturnType<typeof vi.fn>;
}

/** Six metrics that never are the same. */
function fill(store: Store, from: number, to: number, pause: number): void {
  for (let at = from; at < to; at += pause) {
    const one = (at / 1000) * 7919;
    const [cpu, memory, ioRead, threads] = [one % 97, (one % 100_003) * 4096, one % 100_019, one % 89];
    store.add(at, 'alpha', { cpu, memory, ioRead, ioWrite: ioRead * 3, threads, players: one % 83 });
  }
}

async function tierAt({ store }: Bench, at: number): Promise<{ tier: TierName; isKnown: boolean }> {
  const found = await store.range({ id: 'alpha', metrics: ['cpu'], from: at, to: at + 10 * minute, buckets: 200 });
  return { tier: found.tier, isKnown: !Number.isNaN(largest(found.metrics.cpu?.max ?? new Float64Array())) };
}

describe('what is kept', { timeout: 60_000 }, () => {
  test('is not too much for the memory allowed: less, then no less than needed, then as long as before', async () => {
    const now = start + 8 * day;
    const bench = await open(new MemoryFiles(), now);
    const { store, clock, pass, write } = bench;
    fill(store, start, now, minute);
    await pass(10);
    const whole = store.status().rows;
    const used = store.status().bytes;
    expect(await tierAt(bench, start + hour)).toEqual({ tier: '1m', isKnown: true });

    clock.maxBytes = used * 0.6;
    const warnings = (): unknown[] => write.mock.calls.filter(([level]) => level === 'warn');
    await pass(120);
    const left = store.status().rows / whole;
    expect(left).toBeLessThan(0.7);
    // Of what is too much some goes at a time, and it is looked what that brings before more goes.
    expect(left).toBeGreaterThan(0.52);
    expect(warnings()).toHaveLength(1);
    // The past is coarser then, but it is there.
    expect(await tierAt(bench, start + hour)).toEqual({ tier: '15m', isKnown: true });
    expect(await tierAt(bench, now - 2 * day)).toEqual({ tier: '1m', isKnown: true });

    clock.maxBytes = 1e9;
    await pass(60);
    expect(store.status().rows).toBeGreaterThan(whole * left * 0.98);
    const from = clock.now;
    fill(store, from, from + 7.5 * day, minute);
    for (let days = 0; days < 15; days++) {
      clock.now += day / 2;
      clock.monotonic += day / 2;
      await store.flush();
    }
    // As long as it is wished for.
    await pass(5);
    expect(await tierAt(bench, from + hour)).toEqual({ tier: '1m', isKnown: true });
  });

  test('does not shrink more and more while the clock is not believed', async () => {
    const now = start + 8 * day;
    const files = new MemoryFiles();
    const first = await open(files, now);
    fill(first.store, start, now, minute);
    await first.pass(1);
    const { bytes } = first.store.status();
    expect(await first.store.snapshot()).toBe(true);
    await first.store.close();

    const later = await open(files, now + day);
    const rows = later.store.status().rows;
    later.clock.maxBytes = bytes * 0.9;
    await later.pass(55);
    expect(later.store.status().rows).toBe(rows);
    await later.pass(120);
    expect(later.store.status().rows).toBeLessThan(rows);
    expect(later.store.status().rows).toBeGreaterThan(rows * 0.5);
  });

  test('stays where a clock leaps ahead by days and back within the hour', async () => {
    const now = start + 8 * day;
    const bench = await open(new MemoryFiles(), now);
    const { store, clock, pass } = bench;
    fill(store, now - 2 * day, now, minute);
    await pass(2);
    const { rows } = store.status();
    clock.now += 300 * day;
    await pass(50);
    clock.now -= 300 * day;
    await pass(120);
    // The last two hours and a bit of single samples are too old by now.
    expect(store.status().rows).toBeGreaterThan(rows * 0.95);
    expect(await tierAt(bench, now - 2 * hour)).toEqual({ tier: 'raw', isKnown: true });
    clock.now += 300 * day;
    await pass(100);
    expect(store.status().rows).toBeLessThan(rows * 0.2);
  });
});
