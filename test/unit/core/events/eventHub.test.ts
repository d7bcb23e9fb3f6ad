import { expect, test } from 'vitest';
import { EventHub } from '../../../../src/core/events/eventHub.js';
import type { HistoryEvent } from '../../../../src/core/ports.js';

const event: HistoryEvent = { at: 1, id: 'a', kind: 'saved', data: {} };

test('whoever is told of an event finds it where events are kept', () => {
  const kept: HistoryEvent[] = [];
  const found: HistoryEvent[][] = [];
  const sink = { add: (one: HistoryEvent) => kept.push(one) };
  const hub = new EventHub({ sinks: [sink], broadcast: () => found.push([...kept]) });
  hub.add(event);
  expect(found).toEqual([[event]]);
});
