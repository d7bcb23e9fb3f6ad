import { beforeEach, expect, test } from 'vitest';
import type { ServerInsight } from '../../../src/core/insight/findings/serverInsight.js';
import { InsightLearning, type LearningParts } from '../../../src/core/insightLearning.js';
import type { HistoryEvent } from '../../../src/core/ports.js';

const minute = 60_000;
const hour = 60 * minute;
const noon = Math.floor(1_800_000_000_000 / hour) * hour;

let told: string[];
let events: HistoryEvent[];
let asked: string[];
let tier: '1m' | '15m';
/** Minutes (after noon) of which something is known. */
let known: (at: number) => boolean;
/** The first minute of which the history has anything. */
let first: number | undefined;

beforeEach(() => {
  [told, events, asked, tier, known] = [[], [], [], '1m', () => true];
  first = 0;
});

const after = (at: number): number => (at - noon) / minute;
const insight = {
  sample: ({ at, cpu, memory }: { at: number; cpu: number | null; memory: number | null }) => {
    told.push(`${String(after(at))}: ${String(cpu)} ${String(memory)}`);
  },
  event: (at: number, kind: string) => told.push(`${String(after(at))}: ${kind}`),
  resume: (at: number, since: number | null) =>
    told.push(`${String(after(at))}: resumed ${since === null ? 'any time' : String(after(since))}`),
} as unknown as ServerInsight;

const parts: LearningParts = {
  history: {
    span: async () => (first === undefined ? undefined : { from: noon + first * minute, to: Infinity }),
    range: async ({ from, to, buckets }) => {
      asked.push(`${String(after(from))}-${String(after(to))}`);
      const at = Float64Array.from({ length: buckets }, (_, place) => from + place * minute);
      const mean = at.map((one) => (known(after(one)) ? after(one) : NaN));
      const column = { mean, min: mean, max: mean };
      return { tier, at, metrics: { cpu: column } };
    },
  },
  events: { find: async ({ from, to }) => events.filter(({ at }) => at >= from && at <= to) },
};

const learning = (fromMinute: number, upSince: number | null = null): InsightLearning =>
  new InsightLearning('demo', insight, { from: noon + fromMinute * minute, upSince }, parts);
const event = (at: number, kind: HistoryEvent['kind']): HistoryEvent => ({
  ...{ at: noon + at * minute, id: 'demo', kind, data: {} },
});

test('what lies before everything that is known is not asked for', async () => {
  first = 30 * 60;
  const now = noon + 40 * hour;
  const one = learning(0);
  expect(await one.step(now)).toBe(now);
  expect(asked).toEqual(['1740-2400']);
});

test('of a server that was never measured the last hour is asked for, as its start may be in it', async () => {
  first = undefined;
  events = [event(39.5 * 60, 'started')];
  const now = noon + 40 * hour;
  expect(await learning(0).step(now)).toBe(now);
  expect(asked).toEqual(['2340-2400']);
  expect(told).toContain('2370: started');
});

test('minutes and events are told in the order of time, what is not known as such', async () => {
  events = [event(0.5, 'started'), event(2.5, 'saved'), event(3.2, 'stopped')];
  const now = noon + 5 * minute + 10_000;
  known = (at) => at < 3;
  const one = learning(0.4);
  expect(await one.step(now)).toBe(now);
  expect(asked).toEqual(['0-5']);
  expect(told).toEqual(['0.5: started', '1: 0 null', '2: 1 null', '2.5: saved', '3: 2 null', '3.2: stopped']);
  expect(one.endsUp).toBe(false);
});

test('the minute in which it ended does not bring it back; a later one does, and as of its process', async () => {
  events = [event(0.2, 'started'), event(1.5, 'crashed')];
  await learning(0, noon + 3 * minute).step(noon + 4 * minute);
  expect(told).toEqual([
    ...['0.2: started', '1: 0 null', '1.5: crashed', '2: 1 null', '2: resumed any time', '3: 2 null', '4: 3 null'],
  ]);
  told = [];
  const one = learning(2, noon + 2 * minute);
  await one.step(noon + 3 * minute);
  expect(told).toEqual(['2: resumed 2', '3: 2 null']);
  expect(one.endsUp).toBe(true);
});

test('a start that failed has ended', async () => {
  events = [event(0.2, 'started'), event(0.4, 'start-failed')];
  known = () => false;
  await learning(0).step(noon + minute);
  expect(told).toEqual(['0.2: started', '0.4: stopped']);
});

test('a long time is told in slices, with what has happened since the last whole minute', async () => {
  known = () => false;
  const now = noon + 30 * hour + 30_000;
  events = [event(13 * 60, 'saved'), event(30 * 60 + 0.4, 'saved'), event(30 * 60 + 0.5, 'saved')];
  const one = learning(0);
  expect(await one.step(now)).toBeUndefined();
  expect(await one.step(now)).toBeUndefined();
  expect(await one.step(now)).toBe(now);
  expect(asked).toEqual(['0-720', '720-1440', '1440-1800']);
  // What happens from then on is told by whoever learns.
  expect(told).toEqual(['780: saved', '1800.4: saved']);
});

test('nothing is learned from what is only known by the quarter of an hour', async () => {
  tier = '15m';
  events = [event(0.5, 'saved')];
  await learning(0).step(noon + 3 * minute);
  expect(told).toEqual(['0.5: saved']);
});

test('within the present minute there is nothing to ask', async () => {
  const now = noon + 30_000;
  expect(await learning(0.1).step(now)).toBe(now);
  expect(asked).toEqual([]);
});

test('one that was called off tells nothing', async () => {
  const one = learning(0);
  const step = one.step(noon + 10 * minute);
  one.cancel();
  expect(await step).toBeUndefined();
  expect(told).toEqual([]);
});

test('a history that fails is told', async () => {
  const failing = { ...parts, events: { find: () => Promise.reject(new Error('gone')) } };
  const one = new InsightLearning('demo', insight, { from: noon, upSince: null }, failing);
  await expect(one.step(noon + minute)).rejects.toThrow('gone');
});
