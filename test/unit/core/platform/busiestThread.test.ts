import { describe, expect, test } from 'vitest';
import { BusiestThread, type ProcessTime, type ThreadTime } from '../../../../src/core/platform/busiestThread.js';
import { parseThread, threadTimes } from '../../../../src/core/platform/linux/threadDuty.js';

const startTime = '7';

/** Processes and their threads by name, with what each has used so far; a minute passes between two looks. */
class Fake {
  now = 0;
  readonly asked: number[] = [];
  threads: Record<number, ThreadTime[] | undefined> = {};
  readonly busiest = new BusiestThread(
    ({ pid }) => {
      this.asked.push(pid);
      return this.threads[pid];
    },
    () => this.now,
  );

  look(used: Record<number, Record<number, number>>, passedMs = 60_000, start = startTime): number | null {
    this.now += passedMs;
    this.threads = {};
    const processes: ProcessTime[] = [];
    for (const [name, threads] of Object.entries(used)) {
      const all = Object.entries(threads).map(([id, cpuMs]) => ({ id: Number(id), startTime: start, cpuMs }));
      this.threads[Number(name)] = all;
      const cpuMs = all.reduce((sum, one) => sum + one.cpuMs, 0);
      processes.push({ pid: Number(name), startTime: start, cpuMs });
    }
    return this.busiest.look(processes);
  }
}

describe('the busiest thread', () => {
  test('is told from the second look on, by what it has used between the two', () => {
    const fake = new Fake();
    expect(fake.look({ 1: { 1: 900_000, 2: 0 } })).toBeNull();
    expect(fake.look({ 1: { 1: 900_600, 2: 58_200 } })).toBe(97);
    expect(fake.look({ 1: { 1: 930_600, 2: 58_200 } })).toBe(50);
    expect(fake.look({ 1: { 1: 930_600, 2: 58_200 } })).toBe(0);
  });

  test('may have begun since; its number may have been another one', () => {
    const fake = new Fake();
    fake.look({ 1: { 1: 1000 } });
    expect(fake.look({ 1: { 1: 1000, 9: 30_000 } })).toBe(50);
    fake.threads = {};
    const again = [{ id: 9, startTime: 'later', cpuMs: 45_000 }];
    const others = new BusiestThread(
      () => again,
      () => (fake.now += 60_000),
    );
    const one = { pid: 1, startTime, cpuMs: 60_000 };
    others.look([one]);
    again[0] = { id: 9, startTime: 'later still', cpuMs: 45_000 };
    expect(others.look([one])).toBe(75);
  });

  test('is never more than a whole core', () => {
    const fake = new Fake();
    fake.look({ 1: { 1: 0, 2: 1 } });
    expect(fake.look({ 1: { 1: 60_010, 2: 1 } })).toBe(100);
  });

  test('is looked for in the heaviest process only, which is another than before: then it is not known', () => {
    const fake = new Fake();
    fake.look({ 1: { 1: 500_000 }, 2: { 2: 10 } });
    expect(fake.look({ 1: { 1: 500_000 }, 2: { 2: 50_010 } })).toBeNull();
    expect(fake.look({ 1: { 1: 500_000 }, 2: { 2: 104_010 } })).toBe(90);
    // Of two alike the one stays that is followed.
    expect(fake.look({ 1: { 1: 550_000 }, 2: { 2: 152_010 } })).toBe(80);
    expect(fake.asked).toEqual([1, 2, 2, 2]);
  });

  test('another process with the same number is another', () => {
    const fake = new Fake();
    fake.look({ 1: { 1: 100 } });
    expect(fake.look({ 1: { 1: 200 } }, 60_000, 'later')).toBeNull();
  });

  test('threads that are not told, or not counted: not known, never 0', () => {
    const fake = new Fake();
    expect(new BusiestThread(() => undefined).look([{ pid: 1, startTime, cpuMs: 5 }])).toBeNull();
    fake.look({ 1: { 1: 0, 2: 0 } });
    expect(fake.look({ 1: { 1: 0, 2: 0 } })).toBeNull();
    expect(fake.look({})).toBeNull();
  });
});

describe('threads by /proc', () => {
  test('a stat file is read behind its name, whatever that holds', () => {
    const fields = '4 (a) b (c) R 1 4 4 0 -1 4194304 10 0 0 0 1234 66 900 900 20 0 12 0 555001 1 2 3';
    expect(parseThread(4, Buffer.from(fields))).toEqual({ id: 4, startTime: '555001', cpuMs: 13_000 });
  });

  test.runIf(process.platform === 'linux')('what is gone has none', () => {
    expect(threadTimes(2 ** 22 + 1)).toBeUndefined();
    expect(threadTimes(process.pid)?.map(({ id }) => id)).toContain(process.pid);
  });
});
