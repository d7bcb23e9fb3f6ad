import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { insightMetrics } from '../../../../../src/core/insight/baseline/insightMetrics.js';
import type { InsightView } from '../../../../../src/core/insight/findings/insightView.js';
import { ServerInsight } from '../../../../../src/core/insight/findings/serverInsight.js';
import { Random } from '../simulator/random.js';
import { dayMs, fourDays, hourMs, minuteMs, more, origin, Server } from './playedServer.js';

let learned = '';
let server: Server;
let view: InsightView;

beforeAll(() => {
  learned = fourDays();
  server = new Server(learned);
  view = server.insight.view(server.at, 5);
});

/** Every number in it, and what is none. */
function numbersIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return Object.values(value).flatMap(numbersIn);
}

describe('what is shown', () => {
  test('is the same as JSON, with no NaN in it', () => {
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    for (const one of numbersIn(view)) if (typeof one === 'number') expect(Number.isFinite(one)).toBe(true);
    expect(Object.keys(view.metrics)).toEqual([...insightMetrics]);
  });

  test('says how much is known, and from when', () => {
    expect(view).toMatchObject({ version: 1, method: 'robust', zoneMinutes: 0 });
    expect(view.confidence).toMatchObject({ of: 7, level: 'learning' });
    expect(view.confidence.days).toBeCloseTo(4, 0);
    expect(view.data.from).toBeGreaterThanOrEqual(origin);
    expect(view.data.from).toBeLessThan(origin + hourMs);
    expect(view.data.to).toBeGreaterThan(origin + 4 * dayMs - hourMs);
    expect(view.metrics.cpu?.relearnedFrom).toBeNull();
  });

  test('has the distribution of what was measured', () => {
    const { apiTime } = view.metrics;
    // The noise is half of a normal one: its mean lies 0.8 deviations of 2 above, its deviation is 0.6 of 2.
    expect(apiTime?.mean).toBeCloseTo(21.6, 0);
    expect(apiTime?.median).toBeCloseTo(21.5, 0);
    expect(apiTime?.standardDeviation).toBeGreaterThan(1);
    expect(apiTime?.standardDeviation).toBeLessThan(1.4);
    const { p5, p25, p50, p75, p95 } = apiTime?.quantiles ?? {};
    const ascending = [p5, p25, p50, p75, p95].map((one) => one ?? NaN);
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    expect(apiTime?.medianAbsoluteDeviation).toBeGreaterThan(0);
  });

  test('explains CPU by players', () => {
    const { players, now, day } = view.metrics.cpu ?? {};
    expect(players?.perPlayer).toBeCloseTo(8, 0);
    expect(players?.low).toBeLessThan(players?.perPlayer ?? NaN);
    expect(players?.high).toBeGreaterThan(players?.perPlayer ?? NaN);
    expect(now).toMatchObject({ players: 5 });
    expect(now?.mid).toBeCloseTo(80, -1);
    expect(now?.low).toBeLessThan(now?.mid ?? NaN);
    expect(now?.limitHigh).toBeGreaterThan(now?.high ?? NaN);
    expect(day?.empty?.[12]?.mid).toBeCloseTo(40, -1.3);
    expect(day?.withPlayers?.map((band) => band.players)).toEqual(Array.from({ length: 24 }, () => 5));
    // Most play at six, fewest at eighteen.
    expect(day?.usual).toHaveLength(24);
    expect((day?.usual[6]?.mid ?? NaN) - (day?.usual[18]?.mid ?? NaN)).toBeGreaterThan(50);
  });

  test('has the hours of the week, from Monday on', () => {
    const { week } = view.metrics.cpu ?? {};
    expect(week).toHaveLength(168);
    expect(week?.[5]).toBeCloseTo(40 + 8 * 10, -1);
    expect(week?.[17]).toBeCloseTo(40, -1.2);
    expect(week?.[6 * 24]).toBeNull();
  });

  test('of nothing is nothing', () => {
    const nothing = new ServerInsight().view(origin, null);
    expect(nothing).toMatchObject({ metrics: {}, findings: [], muted: {}, data: { from: null, to: null } });
    expect(nothing.confidence).toMatchObject({ days: 0, level: 'none' });
    expect(nothing.saves).toMatchObject({ by: null, periodMs: null, nextAt: null });
  });

  test('of a few hours has no day and no week yet', () => {
    const young = new Server();
    young.runs(6 * hourMs);
    const { cpu } = young.insight.view(young.at, null).metrics;
    expect(cpu).toMatchObject({ day: null, week: null });
    expect(cpu?.mean).toBeGreaterThan(40);
    expect(cpu?.now?.players).toBeNull();
  });

  test('names what is found, muted and learned anew', () => {
    const other = new Server(learned);
    other.runs(20 * minuteMs, more(150));
    other.insight.mute('apiTime', other.at + hourMs);
    const from = other.at - dayMs;
    expect(other.insight.view(other.at, 5).findings[0]).toMatchObject({ kind: 'cpu-without-players', end: null });
    expect(other.insight.view(other.at, 5).muted).toEqual({ apiTime: other.at + hourMs });
    other.insight.relearn(from);
    expect(other.insight.view(other.at, 5).metrics.cpu?.relearnedFrom).toBe(from);
    expect(other.insight.view(other.at, 5).data.from).toBeGreaterThanOrEqual(from);
  });
});

/** Anything, at any time, with anything happening. */
function strange(seed: number, method: 'robust' | 'three-sigma'): ServerInsight {
  const random = new Random(seed);
  const insight = new ServerInsight({ method });
  insight.resume(origin, random.pick([null, origin - hourMs]));
  const value = (): number | null => random.pick([null, 0, 0, 7, 7, NaN, -5, 1e12, random.between(0, 1e9)]);
  const kinds = [
    'started',
    'ready',
    'saved',
    'save-begun',
    'save-failed',
    'crashed',
    'stopping',
    'called-off',
  ] as const;
  let at = origin;
  for (let step = 0; step < 2500; step++) {
    at += random.chance(0.01) ? random.pick([-90_000, 0, 10 * hourMs, 5000]) : minuteMs;
    if (random.chance(0.02)) insight.event(at, random.pick(kinds), { tookMs: value() });
    if (random.chance(0.01)) insight.normal(at, random.pick(insightMetrics));
    const [cpu, memory, tickRate, frameTime] = [value(), value(), value(), value()];
    const host = { cpu: value(), memoryUsed: value(), memoryTotalBytes: value(), cores: value() };
    insight.sample(
      { at, cpu, memory, tickRate, frameTime, players: 3, ioRead: value(), ioWrite: value(), apiTime: value() },
      random.chance(0.5) ? host : undefined,
    );
  }
  return insight;
}

test('whatever is measured, nothing that is shown or kept is no number', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom('robust' as const, 'three-sigma' as const), (seed, method) => {
      const insight = strange(seed, method);
      const shown = insight.view(origin + dayMs, 3);
      expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
      const state = insight.state(true);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }),
    { numRuns: 12 },
  );
});
