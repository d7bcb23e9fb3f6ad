import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ApiDegraded,
  CpuSaturated,
  DiskNearlyFull,
  TickRateLow,
  type Turn,
} from '../../../../src/core/alerts/thresholds.js';

const second = 1000;
const minute = 60_000;
const gigabyte = 1024 ** 3;

interface Told {
  readonly turn: Turn;
  readonly at: number;
}

/** Feeds the same value every few seconds; the time goes on from call to call. */
class Feeder<T> {
  at = 0;
  readonly told: string[] = [];

  constructor(
    private readonly detector: { feed(at: number, value: T): Turn | null },
    private readonly every = 10 * second,
  ) {}

  run(value: T, forMs: number): this {
    for (const end = this.at + forMs; this.at < end; this.at += this.every) {
      const turn = this.detector.feed(this.at, value);
      if (turn !== null) this.told.push(`${turn} ${this.at / second}`);
    }
    return this;
  }
}

describe('a CPU that is full', () => {
  const cpu = (): Feeder<number> => new Feeder(new CpuSaturated(() => ({ percent: 90, minutes: 5 })));

  test('is told after its minutes, once, and its end after two minutes clearly below', () => {
    const feeder = cpu()
      .run(100, 20 * minute)
      .run(20, 20 * minute);
    // The mean needs a moment to come down.
    expect(feeder.told).toEqual(['began 300', 'over 1320']);
  });

  test('is none for less than that, nor just below the limit', () => {
    expect(
      cpu()
        .run(100, 5 * minute)
        .run(10, minute)
        .run(100, 3 * minute)
        .run(89, 60 * minute).told,
    ).toEqual([]);
  });

  test('is not over just below the limit', () => {
    expect(
      cpu()
        .run(100, 6 * minute)
        .run(85, 60 * minute).told,
    ).toEqual(['began 300']);
  });

  test('may pause for a moment', () => {
    const feeder = cpu();
    while (feeder.at < 6 * minute) feeder.run(100, 50 * second).run(80, 10 * second);
    expect(feeder.told).toEqual(['began 300']);
  });

  test('is not what was before the PC slept; what is not known says nothing', () => {
    const feeder = cpu().run(100, 4 * minute);
    feeder.at += 60 * minute;
    feeder.run(100, 4 * minute).run(NaN, 110 * second);
    expect(feeder.told).toEqual([]);
    expect(feeder.run(100, 20 * second).told).toHaveLength(1);
  });

  test('takes a limit that is set while it looks', () => {
    let percent = 95;
    const feeder = new Feeder(new CpuSaturated(() => ({ percent, minutes: 5 })));
    feeder.run(60, 10 * minute);
    percent = 50;
    expect(feeder.run(60, 6 * minute).told).toEqual(['began 900']);
  });
});

describe('a disk', () => {
  const disk = (): Feeder<{ freeBytes: number; totalBytes: number } | null> =>
    new Feeder(new DiskNearlyFull(() => ({ freePercent: 10, freeBytes: 10 * gigabyte })));
  const volume = (free: number, total: number): { freeBytes: number; totalBytes: number } => ({
    ...{ freeBytes: free * gigabyte, totalBytes: total * gigabyte },
  });

  test('is nearly full by percent and by bytes', () => {
    expect(disk().run(volume(9, 40), 60 * minute).told).toEqual([]);
    expect(disk().run(volume(90, 1000), 60 * minute).told).toEqual([]);
    expect(disk().run(volume(3.9, 40), 60 * minute).told).toEqual(['began 60']);
    expect(disk().run(volume(9.9, 1000), 60 * minute).told).toEqual(['began 60']);
  });

  test('is over when there is clearly more, for five minutes', () => {
    const feeder = disk()
      .run(volume(9, 1000), 5 * minute)
      .run(volume(11, 1000), 60 * minute);
    expect(feeder.told).toEqual(['began 60']);
    expect(feeder.run(volume(12, 1000), 10 * minute).told).toEqual(['began 60', 'over 4200']);
  });

  test('that cannot be read says nothing', () => {
    expect(
      disk()
        .run(null, 60 * minute)
        .run(volume(0, 0), 60 * minute).told,
    ).toEqual([]);
  });
});

describe('a tick rate', () => {
  const tick = () => new Feeder(new TickRateLow(() => ({ percent: 75, minutes: 5 })), 15 * second);

  test('is low after its minutes, while somebody plays', () => {
    expect(tick().run({ rate: 14, usual: 20, players: 2 }, 10 * minute).told).toEqual(['began 300']);
    expect(tick().run({ rate: 14, usual: 20, players: 0 }, 60 * minute).told).toEqual([]);
    expect(tick().run({ rate: 14, usual: 20, players: null }, 60 * minute).told).toEqual([]);
    expect(tick().run({ rate: 15, usual: 20, players: 2 }, 60 * minute).told).toEqual([]);
  });

  test('is over when it is clearly better, or nobody is left', () => {
    const low = () => tick().run({ rate: 10, usual: 20, players: 2 }, 6 * minute);
    expect(low().run({ rate: 16, usual: 20, players: 2 }, 60 * minute).told).toEqual(['began 300']);
    expect(low().run({ rate: 17, usual: 20, players: 2 }, 6 * minute).told).toEqual(['began 300', 'over 420']);
    expect(low().run({ rate: 10, usual: 20, players: 0 }, 6 * minute).told).toEqual(['began 300', 'over 420']);
    expect(low().run({ rate: null, usual: 20, players: 2 }, 60 * minute).told).toEqual(['began 300']);
  });

  test('that cannot be better than its limit can be over', () => {
    const feeder = new Feeder(new TickRateLow(() => ({ percent: 100, minutes: 1 })));
    feeder.run({ rate: 19, usual: 20, players: 1 }, 2 * minute).run({ rate: 20, usual: 20, players: 1 }, 2 * minute);
    expect(feeder.told).toEqual(['began 60', 'over 180']);
  });
});

test('an interface that does not answer', () => {
  const api = () => new Feeder(new ApiDegraded(() => ({ minutes: 5 })), 15 * second);
  expect(
    api()
      .run(false, 10 * minute)
      .run(true, 10 * minute).told,
  ).toEqual(['began 300', 'over 660']);
  expect(
    api()
      .run(false, 5 * minute)
      .run(true, 15 * second)
      .run(false, 5 * minute).told,
  ).toEqual([]);
  const unasked = api()
    .run(false, 4 * minute)
    .run(null, 60 * minute)
    .run(false, 4 * minute);
  expect(unasked.told).toEqual([]);
});

test('what was told before is only to be over', () => {
  const told = <T>(detector: { feed(at: number, value: T): Turn | null }, bad: T, good: T): readonly string[] =>
    new Feeder<T>(detector, 10 * second).run(bad, 30 * minute).run(good, 30 * minute).told;
  const volume = (freeBytes: number) => ({ freeBytes, totalBytes: 1000 });
  const rate = (now: number) => ({ rate: now, usual: 20, players: 1 });
  expect(told(new CpuSaturated(() => ({ percent: 90, minutes: 5 }), true), 100, 0)).toEqual(['over 1920']);
  const disk = new DiskNearlyFull(() => ({ freePercent: 1, freeBytes: 10 }), true);
  expect(told(disk, volume(1), volume(900))).toEqual(['over 2100']);
  const ticks = new TickRateLow(() => ({ percent: 75, minutes: 5 }), true);
  expect(told(ticks, rate(5), rate(20))).toEqual(['over 1860']);
  expect(told(new ApiDegraded(() => ({ minutes: 5 }), true), false, true)).toEqual(['over 1860']);
});

test('what is told after seconds is over after seconds', () => {
  const feeder = new Feeder(new ApiDegraded(() => ({ minutes: 0.1 })), 2 * second);
  expect(feeder.run(false, 20 * second).run(true, 20 * second).told).toEqual(['began 6', 'over 26']);
});

test('a clock that is set back makes nothing last', () => {
  const api = new ApiDegraded(() => ({ minutes: 1 }));
  const at = [0, 50, 10, 60, 69, 70].map((seconds) => api.feed(seconds * second, false));
  expect(at).toEqual([null, null, null, null, null, 'began']);
});

describe('whatever is fed, none turns faster than it may', () => {
  const passes = fc.integer({ min: 1, max: 150 * second });
  const values = {
    cpu: fc.constantFrom(0, 50, 79, 81, 90, 100, NaN),
    disk: fc.constantFrom(null, ...[1, 9, 11, 13, 500].map((free) => ({ freeBytes: free, totalBytes: 1000 }))),
    tick: fc.record({
      rate: fc.constantFrom(null, 0, 14, 16, 18, 20),
      usual: fc.constant(20),
      players: fc.constantFrom(null, 0, 3),
    }),
    api: fc.constantFrom(null, true, false),
  };
  // A value mostly stays for a while, so that there is something to tell at all.
  const runs = <T>(value: fc.Arbitrary<T>) =>
    fc.array(fc.record({ value, passes: fc.array(passes, { minLength: 1, maxLength: 12 }) }), { maxLength: 30 });

  function turnsOf<T>(detector: { feed(at: number, value: T): Turn | null }, all: { value: T; passes: number[] }[]) {
    const told: Told[] = [];
    let at = 0;
    for (const run of all) {
      for (const ms of run.passes) {
        at += ms;
        const turn = detector.feed(at, run.value);
        if (turn !== null) told.push({ turn, at });
      }
    }
    return told;
  }

  test.each<[string, fc.Arbitrary<unknown>, () => { feed(at: number, value: never): Turn | null }, number, number]>([
    ['CPU', values.cpu, () => new CpuSaturated(() => ({ percent: 90, minutes: 3 })), 3, 2],
    ['disk', values.disk, () => new DiskNearlyFull(() => ({ freePercent: 1, freeBytes: 10 })), 1, 5],
    ['tick rate', values.tick, () => new TickRateLow(() => ({ percent: 75, minutes: 3 })), 3, 1],
    ['interface', values.api, () => new ApiDegraded(() => ({ minutes: 3 })), 3, 1],
  ])('%s', (_, value, make, beginMinutes, endMinutes) => {
    let turns = 0;
    fc.assert(
      fc.property(runs(value), (all) => {
        const told = turnsOf(make(), all as { value: never; passes: number[] }[]);
        turns += told.length;
        let before = 0;
        for (const [n, { turn, at }] of told.entries()) {
          expect(turn).toBe(n % 2 === 0 ? 'began' : 'over');
          expect(at - before).toBeGreaterThanOrEqual((turn === 'began' ? beginMinutes : endMinutes) * minute);
          before = at;
        }
      }),
      { numRuns: 200 },
    );
    expect(turns).toBeGreaterThan(20);
  });
});
