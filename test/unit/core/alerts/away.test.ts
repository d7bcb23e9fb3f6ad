import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awayCounts } from '../../../../src/core/alerts/away.js';
import type { HistoryEvent } from '../../../../src/core/ports.js';

const away = { from: 1000, to: 2000 };
const none = {
  ...{ crashes: 0, restarts: 0, gaveUp: 0, failedStarts: 0, notResponding: 0, stopTimeouts: 0 },
  ...{ lateSaves: 0, failedSaves: 0, lowMemory: 0 },
};

function event(kind: HistoryEvent['kind'], at = 1500, data: Record<string, unknown> = {}, id = 'demo'): HistoryEvent {
  return { at, id, kind, data };
}
const late = (at: number, alert: string, state = 'active'): HistoryEvent =>
  event('alert', at, { alert, rule: 'save-overdue', severity: 'warning', state, count: 1 });

describe('while nobody looked', () => {
  test('two crashes, two restarts, one late save', () => {
    const events = [
      event('crashed', 1100, {}, 'b'),
      event('restarting', 1101, {}, 'b'),
      event('started', 1105, { by: 'restart' }, 'b'),
      late(1200, 'x1'),
      late(1300, 'x1', 'resolved'),
      event('crashed', 1400),
      event('started', 1405, { by: 'restart' }),
      event('saved', 1500),
    ];
    const counts = { ...none, crashes: 2, restarts: 2, lateSaves: 1, servers: ['b', 'demo'] };
    expect(awayCounts(events, away, [])).toEqual(counts);
    expect(awayCounts([...events].reverse(), away, [])).toEqual(counts);
  });

  test.each([
    ['gave-up', 'gaveUp'],
    ['start-failed', 'failedStarts'],
    ['not-responding', 'notResponding'],
    ['stop-timeout', 'stopTimeouts'],
    ['save-failed', 'failedSaves'],
  ] as const)('%s is one of %s', (kind, count) => {
    expect(awayCounts([event(kind), event(kind)], away, [])).toEqual({ ...none, [count]: 2, servers: ['demo'] });
  });

  test('a PC short of memory is no server', () => {
    const low = event('alert', 1500, { alert: 'x', rule: 'low-memory', state: 'active' }, 'monitor');
    expect(awayCounts([low], away, [])).toEqual({ ...none, lowMemory: 1, servers: [] });
  });

  test('what somebody wanted, and what has its own event, is nothing to tell of', () => {
    const events = [
      ...(['started', 'ready', 'stopping', 'stopped', 'saved', 'player-left', 'incident'] as const).map((kind) =>
        event(kind, 1500, { by: 'user' }),
      ),
      event('alert', 1500, { alert: 'x', rule: 'crash', state: 'active' }),
    ];
    expect(awayCounts(events, away, [])).toBeNull();
    expect(awayCounts([], away, [])).toBeNull();
  });

  test('a late save is one, also when it is told again; not one that began before', () => {
    expect(awayCounts([late(1100, 'x'), late(1200, 'x', 'acknowledged'), late(1300, 'x')], away, [])?.lateSaves).toBe(
      1,
    );
    expect(awayCounts([late(900, 'x'), late(1300, 'x')], away, [])).toBeNull();
    expect(awayCounts([late(1100, 'x', 'resolved')], away, [])).toBeNull();
  });

  test('is what lies in the time, with no window open', () => {
    const at = (...times: number[]): number | undefined =>
      awayCounts(
        times.map((time) => event('crashed', time)),
        away,
        [
          { from: 1200, to: 1300 },
          { from: 1900, to: 5000 },
        ],
      )?.crashes;
    expect([at(999), at(1000), at(1199), at(1200), at(1300)]).toEqual([undefined, 1, 1, undefined, undefined]);
    expect([at(1301), at(1899), at(1900), at(2001)]).toEqual([1, 1, undefined, undefined]);
    expect(at(1100, 1250, 1500)).toBe(2);
  });
});

test('what is told in two halves is what is told as a whole', () => {
  const some = fc.array(fc.record({ at: fc.integer({ min: 900, max: 2100 }), id: fc.constantFrom('a', 'b') }));
  fc.assert(
    fc.property(some, fc.integer({ min: 1000, max: 1999 }), (all, middle) => {
      const events = all.map(({ at, id }) => event('crashed', at, {}, id));
      const crashes = (from: number, to: number): number => awayCounts(events, { from, to }, [])?.crashes ?? 0;
      expect(crashes(1000, middle) + crashes(middle + 1, 2000)).toBe(crashes(1000, 2000));
      expect(awayCounts(events, away, [{ from: middle, to: 2000 }])?.crashes ?? 0).toBe(crashes(1000, middle - 1));
    }),
  );
});
