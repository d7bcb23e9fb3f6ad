import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NumbersSource, ToldProcess, ToldProcesses } from '../../../../../src/core/platform/portable/numbers.js';
import { PsIdentities } from '../../../../../src/core/platform/portable/identities.js';
import { PortableProcesses } from '../../../../../src/core/platform/portable/processes.js';
import { noSurroundings } from '../../../../../src/core/platform/portable/surroundings.js';
import { TreeMeter } from '../../../../../src/core/lifecycle/treeMeter.js';

const second = 1000;
const root = { pid: 100, startTime: null };

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const told = (change: Partial<ToldProcess> = {}): ToldProcess => ({
  ...{ cpuMs: 0, rssBytes: 1000, parent: 1, startTime: null, startedAt: 900_000_000 },
  ...{ isSuspended: false, name: null },
  ...change,
});

class Bench {
  isAlive = true;
  world: ToldProcesses = new Map([[100, told()]]);
  answer: () => Promise<ToldProcesses> = () => Promise.resolve(this.world);
  readonly asked: (readonly number[])[] = [];
  readonly processes: PortableProcesses;

  constructor(isRootsOnly = false) {
    const source: NumbersSource = {
      isRootsOnly,
      ask: (pids) => {
        this.asked.push(pids);
        return this.answer();
      },
    };
    this.processes = new PortableProcesses({
      ...{ source, around: noSurroundings, shortfall: 'koffi: gone', everyMs: 10_000 },
      isAlive: () => this.isAlive,
    });
  }

  is(processes: Record<number, ToldProcess>): void {
    this.world = new Map(Object.entries(processes).map(([pid, one]) => [Number(pid), one]));
  }

  /** A round after so many milliseconds. */
  async after(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
    const fetched = this.processes.refresh();
    await vi.advanceTimersByTimeAsync(5000);
    await fetched;
  }
}

describe('asking', () => {
  test('is for all that are followed, in one question, every 10 s at most; for nobody, none', async () => {
    const bench = new Bench();
    await bench.processes.refresh();
    expect(bench.asked).toEqual([]);
    bench.processes.tree(root);
    bench.processes.tree({ pid: 200, startTime: null });
    bench.processes.tree(root);
    await bench.processes.refresh();
    await vi.advanceTimersByTimeAsync(9 * second);
    await bench.processes.refresh();
    expect(bench.asked).toEqual([[100, 200]]);
    await vi.advanceTimersByTimeAsync(second);
    await bench.processes.refresh();
    expect(bench.asked).toHaveLength(2);
  });

  test('is never done twice at once, and waited for 5 s; late answers count', async () => {
    const bench = new Bench();
    const tree = bench.processes.tree(root);
    let late: () => void = () => undefined;
    bench.answer = () => new Promise((resolve) => (late = () => resolve(bench.world)));
    const begun = Date.now();
    const fetched = bench.processes.refresh();
    await vi.advanceTimersByTimeAsync(5000);
    await fetched;
    expect(Date.now() - begun).toBe(5000);
    expect(tree.read()).toMatchObject({ rssBytes: null, cpuMs: null });
    await bench.after(10_000);
    expect(bench.asked).toHaveLength(1);
    late();
    await vi.advanceTimersByTimeAsync(0);
    expect(tree.read()).toMatchObject({ rssBytes: 1000, cpuMs: null });
    await bench.after(10_000);
    expect(bench.asked).toHaveLength(2);
  });

  test('that fails three times is told once, and in the means until it works again', async () => {
    const bench = new Bench();
    bench.processes.tree(root);
    bench.answer = () => Promise.reject(new Error('spawn wmic ENOENT'));
    const means = { leastIntervalMs: 10_000, shortfall: 'koffi: gone' };
    await bench.after(0);
    await bench.after(10_000);
    expect(bench.processes.means).toEqual(means);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(bench.processes.refresh()).rejects.toThrow('no numbers: spawn wmic ENOENT');
    await bench.after(10_000);
    expect(bench.processes.means.shortfall).toBe('koffi: gone; spawn wmic ENOENT');
    bench.answer = () => Promise.resolve(bench.world);
    await bench.after(10_000);
    expect(bench.processes.means).toEqual(means);
  });
});

describe('a tree', () => {
  test('knows nothing without an answer, and nothing twice', async () => {
    const bench = new Bench();
    const tree = bench.processes.tree(root);
    const unknown = {
      ...{ cpuMs: null, rssBytes: null, threads: null, readBytes: null, writeBytes: null },
      ...{ isSuspended: false, isRootOnly: false },
    };
    expect(tree.read()).toEqual(unknown);
    await bench.after(0);
    expect(tree.read()).toEqual({ ...unknown, rssBytes: 1000 });
    expect(tree.read()).toEqual(unknown);
  });

  test('CPU is what was used between two answers, over the time between them, whenever it is read', async () => {
    const bench = new Bench();
    const meter = new TreeMeter(bench.processes.tree(root));
    await bench.after(0);
    expect(meter.read()?.numbers).toMatchObject({ cpu: null, memory: 1000, threads: null, ioRead: null });
    bench.is({ 100: told({ cpuMs: 5000 }) });
    await bench.after(5000);
    vi.advanceTimersByTime(3000);
    expect(meter.read()?.numbers.cpu).toBe(50);
    // One question failed: the next answer is for both intervals.
    bench.answer = () => Promise.reject(new Error('busy'));
    await bench.after(2000);
    expect(meter.read()?.numbers).toMatchObject({ cpu: null, memory: null });
    bench.answer = () => Promise.resolve(bench.world);
    bench.is({ 100: told({ cpuMs: 25_000 }) });
    await bench.after(5000);
    expect(meter.read()?.numbers.cpu).toBe(100);
  });

  test('is all that the root has started; of a newborn all counts, of one taken in later nothing of its past', async () => {
    const bench = new Bench();
    const tree = bench.processes.tree(root);
    bench.is({ 100: told(), 101: told({ parent: 100, cpuMs: 70 }), 7: told({ cpuMs: 1 }) });
    await bench.after(0);
    expect(tree.read()).toMatchObject({ rssBytes: 2000 });
    bench.is({
      ...{ 100: told(), 101: told({ parent: 100, cpuMs: 100 }), 7: told({ cpuMs: 9000 }) },
      102: told({ parent: 101, cpuMs: 500, startedAt: Date.now() }),
      103: told({ parent: 101, cpuMs: 50_000 }),
    });
    await bench.after(5000);
    expect(tree.read()).toMatchObject({ rssBytes: 4000, cpuMs: 530, overMs: 10_000 });
    bench.is({ 100: told({ isSuspended: true }) });
    await bench.after(5000);
    expect(tree.read()).toMatchObject({ rssBytes: 1000, cpuMs: 0, isSuspended: true });
  });

  test('of single processes says that it is no more than that', async () => {
    const bench = new Bench(true);
    const tree = bench.processes.tree(root);
    bench.is({ 100: told(), 101: told({ parent: 100 }) });
    await bench.after(0);
    expect(tree.read()).toMatchObject({ rssBytes: 1000, isRootOnly: true });
  });

  test('is undefined once the root is gone, for good; not where an answer lacks it', async () => {
    const bench = new Bench();
    const tree = bench.processes.tree(root);
    bench.is({});
    await bench.after(0);
    expect(tree.read()).toMatchObject({ rssBytes: null });
    bench.isAlive = false;
    expect(tree.read()).toBeUndefined();
    bench.isAlive = true;
    expect(tree.read()).toBeUndefined();
  });

  test.each([
    ['another start', '5', told({ startTime: '6' })],
    ['another age', null, told({ startedAt: 999_990_000 })],
  ])('of a pid that is another process’s now, by %s, is undefined', async (_, startTime, other) => {
    const bench = new Bench();
    const tree = bench.processes.tree({ pid: 100, startTime });
    bench.is({ 100: told({ startTime }) });
    await bench.after(0);
    expect(tree.read()).toBeDefined();
    bench.is({ 100: other });
    await bench.after(5000);
    expect(tree.read()).toBeUndefined();
  });
});

describe('identities', () => {
  test('are told by the last answer, and by a question where there is none that is new enough', () => {
    const asked: number[] = [];
    const latest: { is?: Partial<ToldProcess> } = {};
    let at = performance.now();
    let now: string | null | undefined = '5';
    const identities = new PsIdentities(
      () =>
        latest.is === undefined ? undefined : { processes: new Map([[process.pid, told(latest.is)]]), at, wallAt: 0 },
      (pid) => {
        asked.push(pid);
        return now;
      },
    );
    const isAlive = (startTime: string | null): boolean => identities.isAlive({ pid: process.pid, startTime });
    expect(isAlive(null)).toBe(true);
    expect(asked).toEqual([]);
    expect([isAlive('5'), isAlive('4')]).toEqual([true, false]);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(21_000);
    now = null;
    expect(isAlive('5')).toBe(false);
    // Nobody can tell: the pid is taken.
    now = undefined;
    expect(isAlive('5')).toBe(true);
    latest.is = { startTime: '6' };
    at = performance.now();
    expect([isAlive('6'), isAlive('5')]).toEqual([true, false]);
    expect(asked).toHaveLength(3);
    expect(identities.isAlive({ pid: 4_194_305, startTime: '1' })).toBe(false);
  });
});
