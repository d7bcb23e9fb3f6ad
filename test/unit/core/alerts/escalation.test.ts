import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import { escalationStep } from '../../../../src/core/alerts/escalation.js';
import { alertPolicy, type AlertSettings } from '../../../../src/core/alerts/policy.js';
import type { Alert } from '../../../../src/shared/contract.js';
import { Shelf } from './support/shelf.js';

const minute = 60_000;
const noon = Date.UTC(2026, 2, 10, 12);
const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'UTC';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const warning: Alert = {
  ...{ id: 'a1', rule: 'hung', server: 'demo', serverName: 'Demo', severity: 'warning', state: 'active' },
  ...{ firstAt: noon - 90 * minute, lastAt: noon, count: 3, activeSince: noon, data: {} },
};
const error: Alert = { ...warning, severity: 'error' };

/** Minutes after noon. */
const step = (alert: Alert, minutes: number, settings: AlertSettings = {}): number | null =>
  escalationStep(alert, alertPolicy({ escalateAfterMinutes: 15, ...settings }), noon + minutes * minute);

describe('an alert that nobody looks at', () => {
  test('that is a warning becomes an error, and is told once more', () => {
    expect([step(warning, 14.99), step(warning, 15)]).toEqual([null, 1]);
    const worse: Alert = { ...error, escalation: { step: 1, at: noon + 15 * minute } };
    expect([step(worse, 29.99), step(worse, 30)]).toEqual([null, 2]);
    expect(step({ ...error, escalation: { step: 2, at: noon + 30 * minute } }, 9999)).toBeNull();
  });

  test('that is an error is told once more', () => {
    expect([step(error, 14.99), step(error, 15)]).toEqual([null, 2]);
    expect(step(warning, 15, { rules: { hung: { severity: 'error' } } })).toBe(2);
  });

  test('of an earlier version waits since the last time', () => {
    const { activeSince: _, ...old } = warning;
    expect([step(old, 14.99), step(old, 15)]).toEqual([null, 1]);
  });
});

describe('nothing is told again', () => {
  test.each(['acknowledged', 'muted', 'resolved'] as const)('that is %s', (state) => {
    expect(step({ ...warning, state }, 99)).toBeNull();
  });

  test('where that is off, of the rule or as a whole', () => {
    expect(step(warning, 9999, { escalateAfterMinutes: 0 })).toBeNull();
    expect(step(warning, 99, { rules: { hung: { enabled: false } } })).toBeNull();
  });

  test('in maintenance, and not for as long after it', () => {
    expect(step(error, 999, { maintenance: { demo: {} } })).toBeNull();
    const maintenance = { demo: { until: noon + 60 * minute }, other: {} };
    const at = (minutes: number): number | null => step(error, minutes, { maintenance });
    expect([at(59), at(61), at(74.99), at(75)]).toEqual([null, null, null, 2]);
    expect(step(error, 15, { maintenance: { other: {} } })).toBe(2);
  });

  test('in quiet hours that keep it back, and not for as long after them', () => {
    const quietHours = { from: '12:00', to: '13:00' };
    const at = (alert: Alert, minutes: number, tellErrors = true): number | null =>
      step(alert, minutes, { quietHours: { ...quietHours, tellErrors } });
    expect([at(warning, 59), at(warning, 61), at(warning, 74.99), at(warning, 75)]).toEqual([null, null, null, 1]);
    expect([at(error, 15), at(error, 59, false), at(error, 75, false)]).toEqual([2, null, 2]);
  });
});

test('each step is told once, whenever and by however many cores it is looked at', () => {
  const looks = fc.array(fc.record({ passes: fc.integer({ min: 0, max: 20 }), again: fc.boolean() }), { minLength: 1 });
  fc.assert(
    fc.property(looks, fc.boolean(), (all, restarts) => {
      let now = noon;
      const shelf = new Shelf();
      const open = (): Alerts => new Alerts({ keeper: shelf, changed: () => undefined, now: () => now });
      let alerts = open();
      alerts.raise('crash', { id: 'demo', name: 'Demo' }, { restarts });
      const policy = alertPolicy({ escalateAfterMinutes: 15 });
      const told: { step: number; at: number }[] = [];
      for (const { passes, again } of all) {
        now += passes * minute;
        if (again) alerts = open();
        const [alert] = alerts.list();
        const next = escalationStep(alert!, policy, now);
        if (next === null) continue;
        told.push({ step: next, at: now });
        alerts.escalate(alert!.id, next);
      }
      const steps = restarts ? [1, 2] : [2];
      expect(told.map((one) => one.step)).toEqual(steps.slice(0, told.length));
      const times = [noon, ...told.map(({ at }) => at)];
      for (const [n, at] of times.slice(1).entries()) expect(at - times[n]!).toBeGreaterThanOrEqual(15 * minute);
      if (now - noon >= 15 * minute) expect(told.length).toBeGreaterThan(0);
    }),
  );
});
