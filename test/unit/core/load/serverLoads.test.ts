import { beforeEach, describe, expect, test } from 'vitest';
import { ServerLoads, type Loaded } from '../../../../src/core/load/serverLoads.js';
import type { ProcessRef } from '../../../../src/core/ports.js';

const begun = 1_700_000_000_000;
let now = begun;
let looks: number[] = [];
let duty: number | null = 97;
const processes = {
  busiestThread: ({ pid }: ProcessRef): number | null => {
    looks.push(pid);
    return duty;
  },
};

type Numbers = Partial<Omit<NonNullable<Loaded['sample']>, 'at'>>;
interface Made {
  readonly id?: string;
  readonly pid?: number;
  readonly nonce?: string;
  readonly numbers?: Numbers;
}

function server({ id = 'a', pid = 1, nonce = 'first', numbers = {} }: Made = {}): Loaded {
  const sample = { at: now, cpu: 100, tickRate: null, frameTime: null, ...numbers };
  return { id, process: { pid, startTime: '1', nonce }, sample };
}

function rounds(loads: ServerLoads, seconds: number, made: readonly Made[] = [{}], every = 3): void {
  for (let passed = 0; passed < seconds; passed += every) {
    now += every * 1000;
    loads.review(made.map(server), now);
  }
}

beforeEach(() => {
  now = begun;
  looks = [];
  duty = 97;
});

describe('what is shown', () => {
  test('nothing before a measurement, then what is known', () => {
    const loads = new ServerLoads({});
    expect(loads.view('a')).toBeUndefined();
    loads.review([server()], now);
    expect(loads.view('a')).toMatchObject({ cpu1: null, cpuPeak: null, isBoundToOneCore: false, tickRate: null });
    rounds(loads, 30);
    expect(loads.view('a')).toMatchObject({ cpu1: 100, cpu5: null, cpuP95: null, cpuPeak: 100, busiestThread: null });
  });

  test('a new start begins anew, and so does a server that was gone', () => {
    const loads = new ServerLoads({});
    rounds(loads, 900);
    expect(loads.view('a')).toMatchObject({ cpu15: 100, cpuP95: 100 });
    rounds(loads, 6, [{ nonce: 'second', numbers: { cpu: 5 } }]);
    expect(loads.view('a')).toMatchObject({ cpu1: null, cpu15: null, cpuPeak: 5 });
    loads.forget('a');
    expect(loads.view('a')).toBeUndefined();
  });

  test('what no game tells is not there; a low rate and a long frame are the bad ones', () => {
    const loads = new ServerLoads({});
    rounds(loads, 870, [{ numbers: { tickRate: 60, frameTime: 16 } }]);
    rounds(loads, 30, [{ numbers: { tickRate: 22.5, frameTime: 44.4 } }]);
    rounds(loads, 30, [{ numbers: { tickRate: 60, frameTime: 16 } }]);
    expect(loads.view('a')).toMatchObject({
      tickRate: { m1: 41.25, p95: 60, worst: 22.5 },
      frameTime: { m1: 30.2, p95: 16, worst: 44.4 },
    });
    rounds(loads, 30, [{ numbers: { tickRate: 22.5, frameTime: 44.4 } }]);
    expect(loads.view('a')).toMatchObject({ tickRate: { p95: 22.5 }, frameTime: { p95: 44.4 } });
  });

  test('sleep and a clock that is set are gaps, not measurements', () => {
    const loads = new ServerLoads({});
    rounds(loads, 600);
    now += 9 * 60_000;
    loads.review([server({ numbers: { cpu: 3000 } })], now);
    expect(loads.view('a')).toMatchObject({ cpu1: null, cpu15: null, cpuPeak: 100 });
    now -= 3_600_000;
    loads.review([server({ numbers: { cpu: 3000 } })], now);
    expect(loads.view('a')?.cpuPeak).toBe(100);
    rounds(loads, 30, [{ numbers: { cpu: 50 } }]);
    expect(loads.view('a')?.cpu1).toBe(50);
  });

  test('is told to those who look on every 30 s', () => {
    const loads = new ServerLoads({});
    rounds(loads, 3, [{}, { id: 'b' }]);
    expect(Object.keys(loads.news(now) ?? {})).toEqual(['a', 'b']);
    expect(loads.news(now + 29_000)).toBeUndefined();
    expect(loads.news(now + 30_000)).toBeDefined();
    expect(loads.news(now - 3_600_000)).toBeDefined();
  });
});

describe('threads', () => {
  test('are read once a minute, where the tree uses more than 70 % of a core, and nowhere else', () => {
    const loads = new ServerLoads(processes);
    rounds(loads, 603, [
      { pid: 1, numbers: { cpu: 71 } },
      { id: 'b', pid: 2, numbers: { cpu: 69 } },
    ]);
    expect(looks).toEqual(Array.from({ length: 10 }, () => 1));
    expect(loads.view('a')?.busiestThread).toBe(97);
    expect(loads.view('b')).toMatchObject({ busiestThread: null, isBoundToOneCore: false });
  });

  test('of one server in a round, whoever waits longest: all get their turn', () => {
    const loads = new ServerLoads(processes);
    const made = Array.from({ length: 30 }, (_, n): Made => ({ id: `s${n}`, pid: n }));
    let before = 0;
    for (let round = 0; round < 120; round++) {
      rounds(loads, 3, made);
      expect(looks.length - before).toBeLessThanOrEqual(1);
      before = looks.length;
    }
    const counts = made.map((_, n) => looks.filter((pid) => pid === n).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(Math.max(...counts) - 1);
  });

  test('one at its limit for three minutes is told, until it has clearly more air', () => {
    const loads = new ServerLoads(processes);
    const bound = (): boolean | undefined => loads.view('a')?.isBoundToOneCore;
    rounds(loads, 179);
    expect(bound()).toBe(false);
    rounds(loads, 30);
    expect(bound()).toBe(true);
    duty = 85;
    rounds(loads, 60);
    expect([bound(), loads.view('a')?.busiestThread]).toEqual([true, 85]);
    duty = 79;
    rounds(loads, 60);
    expect(bound()).toBe(false);
    duty = 85;
    rounds(loads, 600);
    expect(bound()).toBe(false);
  });

  test('three minutes are three in a row', () => {
    const loads = new ServerLoads(processes);
    for (const next of [97, 97, 85, 97, 97, 60, 97, 97]) {
      duty = next;
      rounds(loads, 60);
      expect(loads.view('a')?.isBoundToOneCore).toBe(false);
    }
    rounds(loads, 60);
    expect(loads.view('a')?.isBoundToOneCore).toBe(true);
  });

  test('what is not known, or a tree that rests, is not at its limit', () => {
    const loads = new ServerLoads(processes);
    rounds(loads, 600);
    expect(loads.view('a')?.isBoundToOneCore).toBe(true);
    rounds(loads, 180, [{ numbers: { cpu: 20 } }]);
    expect(loads.view('a')).toMatchObject({ busiestThread: null, isBoundToOneCore: false });
    rounds(loads, 600);
    expect(loads.view('a')?.isBoundToOneCore).toBe(true);
    duty = null;
    rounds(loads, 60);
    expect(loads.view('a')).toMatchObject({ busiestThread: null, isBoundToOneCore: false });
  });
});
