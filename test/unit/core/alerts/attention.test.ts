import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Attention, type AttentionState } from '../../../../src/core/alerts/attention.js';
import { alertPolicy, type AlertSettings } from '../../../../src/core/alerts/policy.js';
import type { Alert } from '../../../../src/shared/contract.js';

const minute = 60_000;
const noon = Date.UTC(2026, 2, 10, 12);
const quietHours = { from: '12:00', to: '13:00' };
const zone = process.env.TZ;
let attention: Attention;

beforeEach(() => {
  process.env.TZ = 'UTC';
  attention = new Attention();
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** A rule with a cooldown of ten minutes. */
const hung = (change: Partial<Alert> = {}): Alert => ({
  ...{ id: 'a1', rule: 'hung', server: 'demo', serverName: 'Demo', severity: 'warning', state: 'active' },
  ...{ firstAt: noon, lastAt: noon, count: 1, data: {}, ...change },
});
/** Minutes after noon; in few words. */
function decide(alert: Alert, minutes: number, settings: AlertSettings = {}): string {
  const decision = attention.decide(alert, alertPolicy(settings), noon + minutes * minute);
  if (decision.what === 'tell') return `tell ${decision.reason} ${decision.times}`;
  if (decision.what === 'not') return `not ${decision.reason}`;
  return `hold ${decision.reason} ${(decision.until - noon) / minute}`;
}
function due(minutes: number, settings: AlertSettings = {}): string[] | null {
  const summary = attention.due(alertPolicy(settings), noon + minutes * minute);
  return summary?.alerts.map(({ alert, times }) => `${alert.id} ${alert.state} ${times}`) ?? null;
}

describe('an alert is told', () => {
  test('once, again after its cooldown with all that came in between, and that it is over', () => {
    expect(decide(hung(), 0)).toBe('tell new 1');
    expect(decide(hung(), 60)).toBe('not told');
    expect(decide(hung({ count: 2 }), 9.99)).toBe('not cooldown');
    expect(decide(hung({ count: 5 }), 10)).toBe('tell again 4');
    expect(decide(hung({ count: 6, state: 'resolved' }), 11)).toBe('tell over 1');
    expect(decide(hung({ count: 6, state: 'resolved' }), 12)).toBe('not untold');
  });

  test('at once where somebody has seen the time before: the same alert, or a new one of it', () => {
    decide(hung(), 0);
    expect(decide(hung({ state: 'acknowledged' }), 1)).toBe('not seen');
    expect(decide(hung({ count: 2 }), 2)).toBe('tell again 1');
    expect(decide(hung({ count: 3 }), 3)).toBe('not cooldown');
    expect(decide(hung({ count: 3, state: 'acknowledged' }), 4)).toBe('not seen');
    expect(decide(hung({ count: 3, state: 'resolved' }), 5)).toMatch(/^tell over/);
    expect(decide(hung({ id: 'a2' }), 6)).toBe('tell new 1');
  });

  test('at once where it is worse', () => {
    decide(hung(), 0);
    expect(decide(hung({ severity: 'error' }), 1)).toBe('tell worse 0');
    expect(decide(hung({ severity: 'error', escalation: { step: 2, at: 1 } }), 2)).toBe('tell worse 0');
    expect(decide(hung({ severity: 'error', escalation: { step: 2, at: 1 } }), 3)).toBe('not told');
  });

  test('each time where there is no cooldown', () => {
    const settings = { rules: { hung: { cooldownSeconds: 0 } } };
    const all = [1, 2, 3].map((count) => decide(hung({ count }), 0, settings));
    expect(all).toEqual(['tell new 1', 'tell again 1', 'tell again 1']);
  });

  test('for each rule and server alone', () => {
    decide(hung(), 0);
    expect(decide(hung({ id: 'a2', server: 'other' }), 0)).toBe('tell new 1');
    expect(decide(hung({ id: 'a3', rule: 'save-overdue' }), 0)).toBe('tell new 1');
  });

  test('not for ever later because the clock was set back', () => {
    decide(hung(), 600);
    expect(decide(hung({ count: 2 }), 0)).toBe('tell again 1');
  });
});

test('one that comes back within its cooldown waits, and is told only if it lasts', () => {
  decide(hung(), 0);
  decide(hung({ state: 'resolved' }), 1);
  expect(decide(hung({ id: 'a2' }), 2)).toBe('hold cooldown 10');
  expect(decide(hung({ id: 'a2', state: 'resolved' }), 3)).toBe('not untold');
  expect(due(60)).toBeNull();
  attention = new Attention();
  decide(hung(), 0);
  decide(hung({ id: 'a2' }), 2);
  expect([due(9.99), due(10), due(11)]).toEqual([null, ['a2 active 1'], null]);
  expect(decide(hung({ id: 'a2', state: 'resolved' }), 12)).toBe('tell over 0');
});

describe('nobody hears', () => {
  test.each<[string, Alert, AlertSettings]>([
    ['disabled', hung(), { rules: { hung: { enabled: false } } }],
    ['muted', hung({ state: 'muted' }), {}],
    ['maintenance', hung(), { maintenance: { demo: {} } }],
    ['maintenance', hung({ state: 'resolved' }), { maintenance: { demo: { until: noon + 1 } } }],
    ['seen', hung({ state: 'acknowledged' }), {}],
    ['untold', hung({ state: 'resolved' }), {}],
  ])('of what is %s', (reason, alert, settings) => {
    expect(decide(alert, 0, settings)).toBe(`not ${reason}`);
    expect(due(9999)).toBeNull();
  });
});

describe('in quiet hours', () => {
  test('a warning waits, and all that waited is told at once with how it is then', () => {
    expect(decide(hung(), 0, { quietHours })).toBe('hold quiet-hours 60');
    expect(decide(hung({ count: 3 }), 5, { quietHours })).toBe('hold quiet-hours 60');
    expect(decide(hung({ id: 'b', server: 'b' }), 6, { quietHours })).toBe('hold quiet-hours 60');
    expect(decide(hung({ id: 'b', server: 'b', state: 'resolved' }), 7, { quietHours })).toBe('hold quiet-hours 60');
    attention = new Attention(JSON.parse(JSON.stringify(attention.state)) as AttentionState);
    expect(due(59.9, { quietHours })).toBeNull();
    expect(attention.due(alertPolicy({ quietHours }), noon + 60 * minute)).toMatchObject({ from: noon, dropped: 0 });
    expect(due(61, { quietHours })).toBeNull();
    expect(decide(hung({ count: 3 }), 75, { quietHours })).toBe('not told');
    expect(decide(hung({ count: 3, state: 'resolved' }), 76, { quietHours })).toBe('tell over 0');
  });

  test('the summary says how often and what is over', () => {
    decide(hung({ count: 3 }), 5, { quietHours });
    decide(hung({ id: 'b', server: 'b', count: 2, state: 'active' }), 6, { quietHours });
    decide(hung({ id: 'b', server: 'b', count: 2, state: 'resolved' }), 7, { quietHours });
    expect(due(60, { quietHours })).toEqual(['a1 active 3', 'b resolved 2']);
  });

  test('an error is told, where that is not switched off', () => {
    const error = hung({ severity: 'error' });
    expect(decide(error, 0, { quietHours: { ...quietHours, tellErrors: false } })).toBe('hold quiet-hours 60');
    expect(decide(error, 1, { quietHours })).toBe('tell new 1');
    expect(due(60)).toBeNull();
  });

  test('what somebody has seen, or what is switched off by then, does not wait on', () => {
    decide(hung(), 0, { quietHours });
    decide(hung({ state: 'acknowledged' }), 1, { quietHours });
    expect(due(60)).toBeNull();
    decide(hung(), 2, { quietHours });
    expect(due(60, { maintenance: { demo: {} } })).toBeNull();
    expect(due(61)).toBeNull();
  });

  test('that are switched off, what waited is told', () => {
    decide(hung(), 0, { quietHours });
    expect(due(1)).toEqual(['a1 active 1']);
  });

  test('no more waits than can be read; the least bad goes first, and is counted', () => {
    const quiet = { quietHours: { ...quietHours, tellErrors: false } };
    decide(hung({ id: 'bad', server: 'bad', severity: 'error' }), 0, quiet);
    for (let n = 0; n < 1000; n++) decide(hung({ id: `a${n}`, server: `s${n}` }), 1, quiet);
    const summary = attention.due(alertPolicy(), noon + 60 * minute);
    expect(summary).toMatchObject({ dropped: 801 });
    expect(summary?.alerts).toHaveLength(200);
    expect(summary?.alerts[0]?.alert.id).toBe('bad');
  });
});

test('whatever happens, the times that are told add up, and none is told within its cooldown', () => {
  const step = fc.record({ passes: fc.integer({ min: 0, max: 15 }), again: fc.boolean(), saved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      attention = new Attention();
      const policy = alertPolicy({ quietHours });
      let [now, count, told, last] = [noon - 30 * minute, 1, 0, -Infinity];
      const hear = (times: number): void => {
        told += times;
        expect(now - last).toBeGreaterThanOrEqual(10 * minute);
        last = now;
      };
      for (const { passes, again, saved } of steps) {
        now += passes * minute;
        if (saved) attention = new Attention(attention.state);
        for (const held of attention.due(policy, now)?.alerts ?? []) hear(held.times);
        if (again) count++;
        const decision = attention.decide(hung({ count }), policy, now);
        if (decision.what === 'tell') hear(decision.times);
      }
      now += 120 * minute;
      for (const held of attention.due(policy, now)?.alerts ?? []) hear(held.times);
      const end = attention.decide(hung({ count, state: 'resolved' }), policy, now);
      if (end.what === 'tell') told += end.times;
      if (steps.length > 0) expect(told).toBe(count);
    }),
  );
});

describe('other settings', () => {
  const review = (alert: Alert, minutes: number, settings: AlertSettings = {}): string => {
    const decision = attention.review(alert, alertPolicy(settings), noon + minutes * minute);
    return `${decision.what} ${decision.reason}`;
  };

  test('tell of what nobody has heard of, and not again of what has happened since', () => {
    decide(hung(), 0);
    expect(review(hung({ count: 5 }), 60)).toBe('not told');
    expect(decide(hung({ count: 5 }), 60)).toBe('tell again 4');
    const kept = hung({ id: 'b', server: 'b' });
    expect(decide(kept, 60, { maintenance: { b: {} } })).toBe('not maintenance');
    expect(review(kept, 61, { maintenance: { b: {} } })).toBe('not maintenance');
    expect(review(kept, 62)).toBe('tell new');
    expect(review(kept, 63)).toBe('not told');
  });

  test('tell of what is worse by them', () => {
    decide(hung(), 0);
    expect(review(hung(), 1, { rules: { hung: { severity: 'error' } } })).toBe('tell worse');
    expect(review(hung(), 2, { rules: { hung: { severity: 'error' } } })).toBe('not told');
  });
});

describe('what does not last', () => {
  const restarted = (change: Partial<Alert> = {}): Alert => hung({ rule: 'restarted', ...change });
  const on = { rules: { restarted: { enabled: true } } };

  test('is told, and not that it is over', () => {
    expect(decide(restarted(), 0, on)).toBe('tell new 1');
    expect(decide(restarted({ state: 'resolved' }), 0, on)).toBe('not told');
    expect(decide(restarted({ id: 'b' }), 5, on)).toBe('hold cooldown 10');
    expect(decide(restarted({ id: 'b', state: 'resolved' }), 5, on)).toBe('not untold');
    expect(due(60, on)).toBeNull();
  });

  test('waits in quiet hours as it was', () => {
    const quiet = { ...on, quietHours };
    expect(decide(restarted(), 0, quiet)).toBe('hold quiet-hours 60');
    expect(decide(restarted({ state: 'resolved' }), 1, quiet)).toBe('hold quiet-hours 60');
    expect(attention.isHolding).toBe(true);
    expect(due(60, quiet)).toEqual(['a1 active 1']);
    expect(attention.isHolding).toBe(false);
  });
});
