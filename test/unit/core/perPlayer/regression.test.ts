import { describe, expect, test } from 'vitest';
import { marginalOf, type PlayerLoad } from '../../../../src/core/perPlayer/regression.js';

/** mulberry32: the same numbers from the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

interface World {
  stepMinutes: number;
  hours: number;
  slope: number;
  /** Of the noise that lasts, and for how many minutes it does; of the noise that does not last. */
  lasting: number;
  lastsMinutes: number;
  fleeting: number;
  /** On top, once every 15 minutes. */
  save: number;
  /** Per hour of uptime; and what a cache that fills comes to. */
  leak: number;
  cache: number;
  /** Hours of one life. */
  life: number;
}
const usual: World = {
  ...{ stepMinutes: 5, hours: 168, slope: 4, lasting: 6, lastsMinutes: 20, fleeting: 2, save: 60 },
  ...{ leak: 0, cache: 0, life: 1000 },
};

/** Players come by an evening's rhythm and stay an hour; a percent of the buckets is missing. */
function simulated(seed: number, change: Partial<World> = {}): PlayerLoad {
  const world = { ...usual, ...change };
  const { stepMinutes, slope, life } = world;
  const next = random(seed * 7919 + 13);
  const count = Math.round((world.hours * 60) / stepMinutes);
  const [at, players, value] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const starts: number[] = [];
  const phase = next() * 24;
  let playing = 0;
  let noise = 0;
  for (let index = 0; index < count; index++) {
    const hour = (index * stepMinutes) / 60;
    at[index] = hour * 3_600_000;
    const wanted = 5 + 5 * Math.sin((2 * Math.PI * (hour + phase)) / 24);
    for (let minute = 0; minute < stepMinutes; minute++) {
      if (next() < wanted / 60) playing++;
      if (next() < playing / 60) playing--;
    }
    const kept = Math.exp(-stepMinutes / world.lastsMinutes);
    noise = kept * noise + Math.sqrt(1 - kept * kept) * normal(next);
    const uptime = hour % life;
    if (index > 0 && (index * stepMinutes) % (life * 60) === 0) starts.push(hour * 3_600_000);
    const saves = (index * stepMinutes) % 15 < stepMinutes ? world.save * (0.5 + next()) : 0;
    const drift = world.leak * uptime + world.cache * (1 - Math.exp(-uptime / 10));
    value[index] = 50 + slope * playing + world.lasting * noise + world.fleeting * normal(next) + saves + drift;
    players[index] = next() < 0.01 ? NaN : playing;
    if (next() < 0.01) value[index] = NaN;
  }
  return { at, players, value, starts };
}

const memory = { slope: 80, lasting: 60, lastsMinutes: 60, fleeting: 10, save: 0, leak: 50, life: 72 };

describe('over 300 worlds', () => {
  test.each<[string, Partial<World>]>([
    ['with saves and noise that lasts', {}],
    ['in minutes', { stepMinutes: 1, hours: 48 }],
    ['in quarters of an hour', { stepMinutes: 15 }],
    ['with noise that lasts for two hours', { lastsMinutes: 120 }],
    ['of half a day', { hours: 12 }],
    ['that leak, with restarts', memory],
    ['that leak and fill a cache', { ...memory, leak: 20, cache: 2000 }],
    ['where players cost nothing', { ...memory, slope: 0 }],
  ])(
    '%s, the slope is right on average and within its borders in about 95 of 100',
    (_, change) => {
      const { slope } = { ...usual, ...change };
      const found = Array.from({ length: 300 }, (__, seed) => marginalOf(simulated(seed, change))!);
      const covered = found.filter(({ low, high }) => low <= slope && slope <= high).length / 300;
      expect(covered).toBeGreaterThanOrEqual(0.88);
      expect(covered).toBeLessThanOrEqual(0.99);
      const mean = found.reduce((sum, { value }) => sum + value, 0) / 300;
      const width = found.reduce((sum, { low, high }) => sum + high - low, 0) / 300;
      expect(Math.abs(mean - slope)).toBeLessThan(width / 12);
    },
    60_000,
  );
});

describe('says nothing', () => {
  const flat = (change: (load: PlayerLoad) => void): PlayerLoad => {
    const load = simulated(1);
    change(load);
    return load;
  };

  test('where the players never vary', () => {
    expect(marginalOf(flat(({ players }) => players.fill(3)))).toBeNull();
    expect(marginalOf(flat(({ players }) => players.fill(0)))).toBeNull();
  });

  test('where one came and stayed', () => {
    expect(marginalOf(flat(({ players }) => players.fill(0).fill(1, 900)))).toBeNull();
  });

  test('of less than three hours, of nothing, of gaps only', () => {
    expect(marginalOf(simulated(1, { hours: 2.5 }))).toBeNull();
    const empty = new Float64Array();
    expect(marginalOf({ at: empty, players: empty, value: empty, starts: [] })).toBeNull();
    expect(marginalOf(flat(({ value }) => value.fill(NaN)))).toBeNull();
  });
});

test('hours are those that are known, without the first quarter of an hour of each life', () => {
  const load = simulated(1, { hours: 48, life: 24 });
  load.players.fill(2).forEach((_, index) => (load.players[index] = index % 3));
  load.value.fill(10, 0, 576);
  load.value.fill(NaN, 100, 112);
  // 48 h, one of them unknown, and a start whose bucket and the two after it are left out.
  expect(marginalOf(load)?.hours).toBe(46.75);
});

test('a leak is not taken for players who become more and more', () => {
  const load = simulated(5, { hours: 72, slope: 0, leak: 100, save: 0 });
  load.players.forEach((_, index) => (load.players[index] = Math.floor(index / 60) + (index % 7 === 0 ? 1 : 0)));
  const found = marginalOf(load)!;
  expect(found.low).toBeLessThan(0);
  expect(found.high).toBeGreaterThan(0);
  expect(found.high).toBeLessThan(20);
});

test('a restart in between is no player leaving', () => {
  const load = simulated(3, { ...memory, life: 7, leak: 400, slope: 0 });
  const found = marginalOf(load)!;
  expect(Math.abs(found.value)).toBeLessThan(20);
  // Not knowing of the starts makes it worse: the level falls by gigabytes in the middle of a stretch.
  const unaware = marginalOf({ ...load, starts: [] })!;
  expect(unaware.high - unaware.low).toBeGreaterThan(2 * (found.high - found.low));
});

test('saves that happen to come while many play do not bend the line', () => {
  const load = simulated(4, { save: 0 });
  load.value.forEach((value, index) => {
    if (index % 20 === 0 && (load.players[index] ?? 0) > 6) load.value[index] = value + 1000;
  });
  const found = marginalOf(load)!;
  expect(Math.abs(found.value - 4)).toBeLessThan(1);
  expect(found.high - found.low).toBeLessThan(3);
});

test('without any noise it is the slope itself', () => {
  const load = simulated(2, { lasting: 0, fleeting: 0, save: 0 });
  const found = marginalOf(load)!;
  expect(found.value).toBeCloseTo(4, 6);
  expect(found.high - found.low).toBeLessThan(1e-6);
});

test('a week of minutes is a matter of milliseconds', () => {
  const load = simulated(1, { stepMinutes: 1 });
  marginalOf(load);
  const begun = performance.now();
  marginalOf(load);
  // Of one core that others use too: about 10 of them here.
  expect(performance.now() - begun).toBeLessThan(500);
});
