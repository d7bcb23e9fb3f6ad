import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import { Attention } from '../../../../src/core/alerts/attention.js';
import { alertPolicy, type AlertPolicy, type AlertSettings } from '../../../../src/core/alerts/policy.js';
import { Telling } from '../../../../src/core/alerts/telling.js';
import type { Alert, AlertRule } from '../../../../src/shared/contract.js';
import { Shelf } from './support/shelf.js';

const minute = 60_000;
const noon = Date.UTC(2026, 2, 10, 12);
const quietHours = { from: '12:00', to: '13:00' };
const demo = { id: 'demo', name: 'Demo' };
const zone = process.env.TZ;

let now: number;
let settings: AlertSettings;
let told: string[];
let logged: string[];
/** So many times telling fails. */
let failures: number;
let kept: number;
let alerts: Alerts;
let telling: Telling;

beforeEach(() => {
  process.env.TZ = 'UTC';
  now = noon;
  settings = {};
  told = [];
  logged = [];
  failures = 0;
  kept = 0;
  const policy = (): AlertPolicy => alertPolicy(settings);
  const changed = (alert: Alert): void => {
    telling.changed(alert);
  };
  alerts = new Alerts({ keeper: new Shelf(), changed, policy, now: () => now });
  telling = new Telling({
    ...{ alerts, policy, now: () => now, attention: new Attention() },
    log: { write: (level, _, text) => logged.push(`${level} ${text}`) },
    tell: (alert, { reason, times }) => {
      if (failures-- > 0) throw new Error('broken');
      told.push(`${alert.rule} ${alert.severity} ${alert.state}: ${reason} ${times}`);
    },
    changed: () => kept++,
  });
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

function raise(rule: AlertRule = 'hung', data: Record<string, unknown> = {}, server = demo): Alert {
  alerts.raise(rule, server, data);
  return alerts.open(rule, server.id)!;
}
const claims = (id: string): boolean[] => [telling.claim(id), telling.claim(id)];

describe('webhooks', () => {
  test('hear of what begins, of what is worse, and that it is over', () => {
    settings = { escalateAfterMinutes: 15 };
    raise();
    raise();
    now += 15 * minute;
    telling.look();
    telling.look();
    now += 15 * minute;
    telling.look();
    alerts.resolve('hung', 'demo');
    expect(told).toEqual([
      'hung warning active: new 1',
      'hung error active: worse 1',
      'hung error active: worse 0',
      'hung error resolved: over 0',
    ]);
  });

  test('hear of what was held when it may be told, errors first', () => {
    settings = { quietHours: { ...quietHours, tellErrors: false } };
    raise('hung');
    raise('save-failed');
    raise('low-memory');
    expect(telling.isWaiting).toBe(true);
    now += 59 * minute;
    telling.look();
    expect(told).toEqual([]);
    now += minute;
    telling.look();
    telling.look();
    expect(told).toEqual([
      'save-failed error active: held 1',
      'hung warning active: held 1',
      'low-memory warning active: held 1',
    ]);
    expect(telling.isWaiting).toBe(false);
  });

  test('do not hear that a webhook is left alone, nor that a restart is over', () => {
    settings = { rules: { restarted: { enabled: true } } };
    raise('webhook-paused');
    raise('restarted');
    alerts.resolve('restarted', 'demo');
    alerts.resolve('webhook-paused', 'demo');
    expect(told).toEqual(['restarted warning active: new 1']);
  });

  test('do not hear that it is over when a rule is switched off', () => {
    raise();
    settings = { rules: { hung: { enabled: false } } };
    telling.review();
    expect(alerts.list()).toMatchObject([{ state: 'resolved' }]);
    raise('save-failed');
    expect(told).toEqual(['hung warning active: new 1', 'save-failed error active: new 1']);
  });

  test('hear after a maintenance of what still waits, once', () => {
    settings = { maintenance: { demo: { until: noon + minute } } };
    raise();
    alerts.resolve('hung', 'demo');
    raise('save-failed');
    expect(told).toEqual([]);
    now += minute;
    telling.review();
    telling.review();
    expect(told).toEqual(['save-failed error active: new 1']);
  });

  test('hear again of what was muted when that is over, if it has happened again', () => {
    const { id } = raise();
    alerts.mute(id, now + 20 * minute);
    raise();
    expect(telling.isWaiting).toBe(true);
    now += 20 * minute;
    telling.look();
    expect(told).toEqual(['hung warning active: new 1', 'hung warning active: again 1']);
    expect(telling.isWaiting).toBe(false);
  });
});

describe('a window may show', () => {
  test('what is told now, and it alone', () => {
    expect(claims(raise().id)).toEqual([true, false]);
    // Within its cooldown.
    expect(claims(raise().id)).toEqual([false, false]);
    now += 10 * minute;
    expect(claims(raise().id)).toEqual([true, false]);
    expect(claims('none')).toEqual([false, false]);
  });

  test('what has counted on since it was told', () => {
    raise();
    now += 500;
    const { id } = raise();
    expect(claims(id)).toEqual([true, false]);
  });

  test.each<[string, AlertSettings]>([
    ['quiet hours', { quietHours }],
    ['a maintenance', { maintenance: { demo: {} } }],
  ])('nothing in %s', (_, set) => {
    settings = set;
    expect(claims(raise().id)).toEqual([false, false]);
  });

  test('nothing more of a server that somebody works on by now', () => {
    raise();
    settings = { maintenance: { demo: {} } };
    expect(claims(raise().id)).toEqual([false, false]);
  });

  test('nothing that is muted, seen, over, or long ago', () => {
    const { id } = raise();
    alerts.mute(id, null);
    expect(claims(id)).toEqual([false, false]);
    expect(claims(raise().id)).toEqual([false, false]);
    const other = raise('save-failed').id;
    alerts.acknowledge(other);
    expect(claims(other)).toEqual([false, false]);
    const late = raise('low-memory').id;
    now += 10_001;
    expect(claims(late)).toEqual([false, false]);
  });

  test('once more what is worse because nobody has looked', () => {
    settings = { escalateAfterMinutes: 15 };
    const { id } = raise();
    expect(telling.isWaiting).toBe(true);
    expect(claims(id)).toEqual([true, false]);
    now += 15 * minute;
    telling.look();
    expect(claims(id)).toEqual([true, false]);
  });
});

test('whatever fails in the telling stops nobody, and is told by the log', () => {
  failures = Infinity;
  settings = { escalateAfterMinutes: 15, quietHours: { from: '13:00', to: '14:00', tellErrors: false } };
  expect(raise()).toMatchObject({ count: 1, state: 'active' });
  expect(claims(alerts.list()[0]!.id)).toEqual([true, false]);
  now += 15 * minute;
  telling.look();
  expect(alerts.list()).toMatchObject([{ severity: 'error' }]);
  now += 45 * minute;
  raise('save-failed');
  now += 60 * minute;
  telling.look();
  telling.review();
  expect(logged.length).toBeGreaterThan(2);
  expect(new Set(logged)).toEqual(new Set(['error telling failed']));
  expect(kept).toBeGreaterThan(0);
});

test('one that cannot be told keeps nobody from hearing of the others', () => {
  settings = { quietHours };
  for (const n of [1, 2, 3]) raise('hung', {}, { id: `s${n}`, name: '' });
  failures = 1;
  now += 60 * minute;
  telling.look();
  expect(told).toHaveLength(2);
  expect(logged).toEqual(['error telling failed']);
});

test('a policy that breaks stops nobody either', () => {
  const broken = new Telling({
    ...{ alerts, attention: new Attention(), now: () => now },
    log: { write: (level, _, text) => logged.push(`${level} ${text}`) },
    policy: () => {
      throw new Error('broken');
    },
    tell: () => undefined,
    changed: () => undefined,
  });
  const alert = raise();
  broken.changed(alert);
  broken.review();
  broken.look();
  expect(logged.length).toBeGreaterThan(2);
});
