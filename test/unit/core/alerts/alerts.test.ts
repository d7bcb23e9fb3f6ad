import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import { alertPolicy, type AlertPolicy, type AlertSettings } from '../../../../src/core/alerts/policy.js';
import type { Alert, AlertRule } from '../../../../src/shared/contract.js';
import { Shelf } from './support/shelf.js';

const rules: AlertRule[] = ['crash', 'gave-up', 'stop-timeout', 'hung', 'save-overdue', 'save-failed'];
const demo = { id: 'demo', name: 'Demo' };

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

describe('one alert for what happens again', () => {
  test('it counts, and keeps its beginning and its id', () => {
    const first = crash();
    now += 5000;
    const second = crash();
    expect(second).toMatchObject({ id: first.id, count: 2, firstAt: first.firstAt, lastAt: now, state: 'active' });
    expect(alerts.list()).toEqual([second]);
    expect(told).toEqual([first, second]);
  });

  test('servers and rules are apart', () => {
    crash();
    alerts.raise('hung', demo, { reason: null });
    alerts.raise('crash', { id: 'other', name: 'Other' }, {});
    expect(alerts.list().map(({ count }) => count)).toEqual([1, 1, 1]);
    expect([alerts.activeOf('demo'), alerts.activeOf('other'), alerts.activeOf('none')]).toEqual([2, 1, 0]);
  });

  test('what was resolved and happens again is a new one', () => {
    const first = crash();
    alerts.resolve('crash', 'demo');
    alerts.resolve('crash', 'demo');
    expect(told.map(({ state }) => state)).toEqual(['active', 'resolved']);
    now += 1;
    const second = crash();
    expect(second).toMatchObject({ count: 1 });
    expect(second.id).not.toBe(first.id);
    expect(alerts.latest('crash', 'demo')).toEqual(second);
  });

  test('what was acknowledged and happens again is active again', () => {
    const { id } = crash();
    alerts.acknowledge(id);
    alerts.acknowledge(id);
    expect(alerts.activeOf('demo')).toBe(0);
    expect(crash()).toMatchObject({ id, count: 2, state: 'active' });
    expect(told.map(({ state }) => state)).toEqual(['active', 'acknowledged', 'active']);
  });

  test('the latest data counts, and the latest name', () => {
    crash();
    alerts.raise('crash', { id: 'demo', name: 'Renamed' }, { restarts: false, code: 3 });
    expect(alerts.list()).toMatchObject([{ serverName: 'Renamed', severity: 'error', data: { code: 3 } }]);
  });

  test('a clock that is set back turns nothing round', () => {
    const { firstAt } = crash();
    now -= 60_000;
    expect(crash()).toMatchObject({ firstAt, lastAt: firstAt });
  });
});

test.each<[AlertRule, Record<string, unknown>, string]>([
  ['crash', { restarts: true }, 'warning'],
  ['crash', { restarts: false }, 'error'],
  ['gave-up', {}, 'error'],
  ['stop-timeout', {}, 'error'],
  ['hung', {}, 'warning'],
])('%s with %j is a matter of: %s', (rule, data, severity) => {
  alerts.raise(rule, demo, data);
  expect(alerts.list()).toMatchObject([{ severity }]);
});

test('active ones come first, then the newest', () => {
  for (const [n, rule] of rules.entries()) {
    now += 1000;
    alerts.raise(rule, { id: `s${n}`, name: '' }, {});
  }
  alerts.acknowledge(alerts.open('hung', 's3')!.id);
  alerts.resolve('stop-timeout', 's2');
  const order = ['save-failed', 'save-overdue', 'gave-up', 'crash', 'hung', 'stop-timeout'];
  expect(alerts.list().map(({ rule }) => rule)).toEqual(order);
});

test('200 are kept; what is over goes first', () => {
  const { id } = crash();
  for (let n = 0; n < 300; n++) {
    now += 1000;
    alerts.raise('hung', demo, {});
    alerts.resolve('hung', 'demo');
  }
  expect(alerts.list()).toHaveLength(200);
  expect(alerts.list()[0]?.id).toBe(id);
  expect(alerts.list()[1]?.lastAt).toBe(now);
  expect(shelf.alerts).toEqual(alerts.list());
});

describe('a claim', () => {
  test('is for one window, once for each time', () => {
    const { id } = crash();
    expect([alerts.claim(id), alerts.claim(id)]).toEqual([true, false]);
    now += 60_000;
    crash();
    expect([alerts.claim(id), alerts.claim(id)]).toEqual([true, false]);
  });

  test('is for one window again each time that nobody has looked', () => {
    const { id } = crash();
    expect([alerts.claim(id), alerts.claim(id)]).toEqual([true, false]);
    for (const step of [1, 2]) {
      now += 900_000;
      alerts.escalate(id, step);
      expect([alerts.claim(id), alerts.claim(id)]).toEqual([true, false]);
    }
    now += 10_001;
    alerts.escalate(id, 3);
    now += 10_001;
    expect(alerts.claim(id)).toBe(false);
  });

  test('comes too late after a while, and for what nobody has to see', () => {
    const { id } = crash();
    now += 10_001;
    expect(alerts.claim(id)).toBe(false);
    crash();
    alerts.acknowledge(id);
    expect(alerts.claim(id)).toBe(false);
    expect(alerts.claim('none')).toBe(false);
  });
});

describe('what is set', () => {
  let settings: AlertSettings;
  beforeEach(() => {
    settings = {};
    const policy = (): AlertPolicy => alertPolicy(settings);
    alerts = new Alerts({ keeper: shelf, changed: (alert) => told.push(alert), now: () => now, policy });
  });

  test('a rule that is switched off raises nothing, and what is open of it is over', () => {
    crash();
    alerts.raise('hung', demo, {});
    settings = { rules: { crash: { enabled: false } } };
    expect(alerts.activeOf('demo')).toBe(2);
    alerts.followPolicy();
    expect(alerts.list().map(({ rule, state }) => `${rule} ${state}`)).toEqual(['hung active', 'crash resolved']);
    const before = told.length;
    alerts.raise('crash', demo, {});
    alerts.raise('restarted', demo, {});
    alerts.followPolicy();
    expect(told).toHaveLength(before);
  });

  test('a rule has the severity of the settings, also while it waits, and its own again', () => {
    settings = { rules: { hung: { severity: 'error' } } };
    alerts.raise('hung', demo, {});
    expect(told.at(-1)).toMatchObject({ severity: 'error', count: 1 });
    settings = {};
    alerts.followPolicy();
    expect(told.at(-1)).toMatchObject({ severity: 'warning', count: 1 });
    const { id } = told.at(-1)!;
    alerts.escalate(id, 1);
    settings = { rules: { hung: { severity: 'warning' } } };
    alerts.followPolicy();
    alerts.raise('hung', demo, {});
    expect(told.at(-1)).toMatchObject({ severity: 'error', count: 2 });
    alerts.acknowledge(id);
    settings = {};
    const before = told.length;
    alerts.followPolicy();
    expect(told).toHaveLength(before);
  });
});

test('another core goes on where this one was', () => {
  const { id } = crash();
  alerts.acknowledge(id);
  alerts.raise('hung', demo, {});
  const before = alerts.list();
  alerts = open();
  expect(alerts.list()).toEqual(before);
  expect(crash()).toMatchObject({ id, count: 2, state: 'active' });
});

test('whatever happens in whatever order, the counts add up and nothing is open twice', () => {
  const event = fc.record({
    is: fc.constantFrom('raise', 'raise', 'resolve', 'acknowledge', 'claim', 'again', 'removed'),
    rule: fc.constantFrom(...rules),
    server: fc.constantFrom('a', 'b'),
    passes: fc.integer({ min: 0, max: 8000 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      told = [];
      shelf = new Shelf();
      alerts = open();
      let raised = 0;
      const claimed: string[] = [];
      for (const { is, rule, server, passes } of events) {
        now += passes;
        const current = alerts.open(rule, server);
        if (is === 'raise') alerts.raise(rule, { id: server, name: server }, { n: ++raised });
        if (is === 'resolve') alerts.resolve(rule, server);
        if (is === 'removed') alerts.resolveAll(server);
        if (is === 'acknowledge' && current !== undefined) alerts.acknowledge(current.id);
        if (is === 'claim' && current !== undefined && alerts.claim(current.id))
          claimed.push(`${current.id} ${current.count}`);
        // Its claims are not kept: that a window is asked again by another core is no harm.
        if (is === 'again') {
          alerts = open();
          claimed.length = 0;
        }
      }
      const list = alerts.list();
      expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(raised);
      const opened = list.filter(({ state }) => state !== 'resolved').map(({ rule, server }) => `${rule} ${server}`);
      expect(new Set(opened).size).toBe(opened.length);
      expect(new Set(claimed).size).toBe(claimed.length);
      for (const { firstAt, lastAt } of list) expect(lastAt).toBeGreaterThanOrEqual(firstAt);
      // Whoever heard of every change knows what is so.
      const heard = new Map(told.map((alert) => [alert.id, alert]));
      expect([...heard.values()].sort(byId)).toEqual([...list].sort(byId));
      const active = list.filter(({ state }) => state === 'active').length;
      expect(alerts.activeOf('a') + alerts.activeOf('b')).toBe(active);
    }),
  );
});

const byId = (a: Alert, b: Alert): number => a.id.localeCompare(b.id);
