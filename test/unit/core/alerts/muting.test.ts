import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import type { Alert } from '../../../../src/shared/contract.js';
import { Shelf } from './support/shelf.js';

const demo = { id: 'demo', name: 'Demo' };
const hour = 3_600_000;

let now: number;
let told: Alert[];
let shelf: Shelf;
let alerts: Alerts;
const open = (): Alerts => new Alerts({ keeper: shelf, changed: (alert) => told.push(alert), now: () => now });

beforeEach(() => {
  now = 1_800_000_000_000;
  told = [];
  shelf = new Shelf();
  alerts = open();
});

const crash = (): Alert => {
  alerts.raise('crash', demo, { restarts: true });
  return alerts.open('crash', 'demo')!;
};
const states = (): string[] => alerts.list().map(({ state, count }) => `${state} ${count}`);

describe('a muted alert', () => {
  test('counts on, waits for nobody, and is shown by no window', () => {
    const { id } = crash();
    alerts.mute(id, null);
    expect(alerts.activeOf('demo')).toBe(0);
    expect(crash()).toMatchObject({ id, count: 2, state: 'muted', mutedUntil: null });
    expect(alerts.claim(id)).toBe(false);
    alerts.acknowledge(id);
    expect(states()).toEqual(['muted 2']);
    expect(told.map(({ state }) => state)).toEqual(['active', 'muted', 'muted']);
  });

  test('is active again when its time is over', () => {
    const { id } = crash();
    alerts.mute(id, now + hour);
    now += hour - 1;
    alerts.unmuteDue();
    expect(states()).toEqual(['muted 1']);
    now += 1;
    alerts.unmuteDue();
    expect(alerts.list()[0]).toEqual(told.at(-1));
    expect(alerts.list()[0]).toMatchObject({ state: 'active', activeSince: now });
    expect(alerts.list()[0]).not.toHaveProperty('mutedUntil');
  });

  test('is active when it happens again after its time', () => {
    alerts.mute(crash().id, now + hour);
    now += hour;
    expect(crash()).toMatchObject({ state: 'active', count: 2 });
    expect(crash()).not.toHaveProperty('mutedUntil');
  });

  test('for good stays so', () => {
    alerts.mute(crash().id, null);
    now += 1000 * hour;
    alerts.unmuteDue();
    expect(states()).toEqual(['muted 1']);
  });

  test('is active again when somebody says so', () => {
    const { id } = crash();
    alerts.unmute(id);
    expect(told).toHaveLength(1);
    alerts.mute(id, null);
    alerts.unmute(id);
    alerts.unmute('none');
    expect(states()).toEqual(['active 1']);
    expect(told.map(({ state }) => state)).toEqual(['active', 'muted', 'active']);
  });

  test('may have been acknowledged; what is over, gone or of the past cannot be muted', () => {
    const { id } = crash();
    alerts.mute(id, now);
    alerts.mute('none', null);
    expect(states()).toEqual(['active 1']);
    alerts.acknowledge(id);
    alerts.mute(id, null);
    expect(states()).toEqual(['muted 1']);
    alerts.unmute(id);
    alerts.resolve('crash', 'demo');
    alerts.mute(id, null);
    expect(states()).toEqual(['resolved 1']);
  });

  test('stands behind what waits, before what is over', () => {
    alerts.mute(crash().id, null);
    for (const rule of ['hung', 'gave-up', 'save-failed'] as const) alerts.raise(rule, demo, {});
    alerts.acknowledge(alerts.open('hung', 'demo')!.id);
    alerts.resolve('gave-up', 'demo');
    expect(alerts.list().map(({ rule }) => rule)).toEqual(['save-failed', 'hung', 'crash', 'gave-up']);
  });
});

describe('what is over and comes back', () => {
  test('is muted again, also by another core, until somebody says otherwise', () => {
    const { id } = crash();
    alerts.mute(id, null);
    alerts.resolve('crash', 'demo');
    expect(states()).toEqual(['resolved 1']);
    alerts = open();
    const back = crash();
    expect(back).toMatchObject({ state: 'muted', mutedUntil: null, count: 1 });
    expect(back.id).not.toBe(id);
    alerts.resolve('crash', 'demo');
    alerts.unmute(back.id);
    expect(crash()).toMatchObject({ state: 'active' });
  });

  test('is not muted after the time', () => {
    alerts.mute(crash().id, now + hour);
    alerts.resolve('crash', 'demo');
    now += hour;
    expect(crash()).toMatchObject({ state: 'active' });
    expect(alerts.list().filter(({ mutedUntil }) => mutedUntil !== undefined)).toEqual([]);
  });

  test('is muted also when so much else is over that it would have gone', () => {
    alerts.mute(crash().id, null);
    alerts.resolve('crash', 'demo');
    for (let n = 0; n < 300; n++) {
      now += 1000;
      alerts.raise('hung', demo, {});
      alerts.resolve('hung', 'demo');
    }
    expect(alerts.list()).toHaveLength(200);
    expect(crash()).toMatchObject({ state: 'muted' });
  });

  test('is not muted where the server was removed in between', () => {
    alerts.mute(crash().id, null);
    alerts.resolveAll('demo');
    expect(crash()).toMatchObject({ state: 'active' });
  });
});

describe('what nobody looks at', () => {
  test('is worse, and stays so while it counts', () => {
    const { id, activeSince } = crash();
    expect(activeSince).toBe(now);
    now += hour;
    alerts.escalate(id, 1);
    expect(told.at(-1)).toMatchObject({ severity: 'error', escalation: { step: 1, at: now }, count: 1, activeSince });
    expect(crash()).toMatchObject({ severity: 'error', escalation: { step: 1, at: now }, activeSince });
    const before = told.length;
    alerts.escalate(id, 1);
    expect(told).toHaveLength(before);
    alerts.escalate(id, 2);
    expect(alerts.list()).toMatchObject([{ escalation: { step: 2, at: now } }]);
  });

  test.each(['acknowledge', 'mute'] as const)('begins anew after somebody chose to %s it', (how) => {
    const { id } = crash();
    alerts.escalate(id, 1);
    if (how === 'mute') alerts.mute(id, now + 1);
    else alerts.acknowledge(id);
    alerts.escalate(id, 1);
    expect(alerts.list()[0]).not.toHaveProperty('escalation');
    expect(alerts.list()[0]).not.toHaveProperty('activeSince');
    now += 5;
    expect(crash()).toMatchObject({ state: 'active', severity: 'warning', activeSince: now });
  });

  test('counts from the last time where an earlier version has kept the alert', () => {
    const { activeSince: _, ...old } = crash();
    shelf.alerts = [old];
    alerts = open();
    now += 5;
    expect(crash()).toMatchObject({ activeSince: now - 5 });
  });
});

test('whatever happens in whatever order, what is muted never becomes active before its time', () => {
  const event = fc.record({
    is: fc.constantFrom('raise', 'raise', 'resolve', 'acknowledge', 'mute', 'due', 'escalate', 'again'),
    passes: fc.integer({ min: 0, max: 8000 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      shelf = new Shelf();
      alerts = open();
      let until = 0;
      for (const { is, passes } of events) {
        now += passes;
        const current = alerts.open('crash', 'demo');
        if (is === 'raise') crash();
        if (is === 'resolve') alerts.resolve('crash', 'demo');
        if (is === 'due') alerts.unmuteDue();
        if (is === 'again') alerts = open();
        if (is === 'acknowledge' && current !== undefined) alerts.acknowledge(current.id);
        if (is === 'escalate' && current !== undefined) alerts.escalate(current.id, 1);
        if (is === 'mute' && current !== undefined) alerts.mute(current.id, (until = now + 10_000));
        for (const { state, mutedUntil, activeSince } of alerts.list()) {
          if (now < until) expect(state).not.toBe('active');
          expect(state === 'muted' ? mutedUntil : until).toBe(until);
          expect(activeSince !== undefined).toBe(state === 'active');
        }
      }
      expect(alerts.list().filter(({ mutedUntil }) => mutedUntil !== undefined).length).toBeLessThanOrEqual(1);
    }),
  );
});
