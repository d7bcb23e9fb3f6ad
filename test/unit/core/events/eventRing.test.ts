import { expect, test } from 'vitest';
import { EventHub } from '../../../../src/core/events/eventHub.js';
import { EventRing } from '../../../../src/core/events/eventRing.js';
import type { HistoryEvent } from '../../../../src/core/ports.js';

const event = (at: number, id = 'a', kind: HistoryEvent['kind'] = 'saved'): HistoryEvent => ({
  at,
  id,
  kind,
  data: {},
});
const all = { from: 0, to: Infinity, limit: 10_000 };

test('finds by time, id and kind, the oldest first; of many the newest', async () => {
  const ring = new EventRing();
  // One whose end was learned of late comes last, and belongs earlier.
  const told = [event(10), event(20, 'b'), event(30, 'a', 'stopped'), event(40), event(15, 'a', 'crashed')];
  for (const one of told) ring.add(one);
  const times = async (query: object): Promise<number[]> => (await ring.find({ ...all, ...query })).map(({ at }) => at);
  expect(await times({})).toEqual([10, 15, 20, 30, 40]);
  expect(await times({ id: 'a' })).toEqual([10, 15, 30, 40]);
  expect(await times({ from: 15, to: 30 })).toEqual([15, 20, 30]);
  expect(await times({ kinds: ['stopped', 'crashed', 'nonsense'] })).toEqual([15, 30]);
  expect(await times({ kinds: [] })).toEqual([]);
  expect(await times({ id: '__proto__' })).toEqual([]);
  expect(await times({ limit: 2 })).toEqual([30, 40]);
});

test('keeps the newest two thousand', async () => {
  const ring = new EventRing();
  for (let at = 0; at < 2500; at++) ring.add(event(at));
  const found = await ring.find(all);
  expect([found.length, found[0]?.at]).toEqual([2000, 500]);
});

test('whoever is told of an event finds it', async () => {
  const ring = new EventRing();
  const found: Promise<HistoryEvent[]>[] = [];
  const hub = new EventHub({ sinks: [ring], broadcast: () => found.push(ring.find(all)) });
  hub.add(event(1));
  expect(await Promise.all(found)).toEqual([[event(1)]]);
});
