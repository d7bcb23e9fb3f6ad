import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  alertPolicy,
  alertSettingsSchema,
  defaultRules,
  maintenanceUntil,
  severityIn,
} from '../../../../src/core/alerts/policy.js';
import type { Alert } from '../../../../src/shared/contract.js';

const noon = 1_800_000_000_000;

test('what a person must know is on, the rest is off', () => {
  const names = (isOn: boolean): string[] =>
    Object.entries(defaultRules)
      .filter(([, { enabled }]) => enabled === isOn)
      .map(([name]) => name)
      .sort();
  expect(names(true)).toEqual([
    ...['anomaly', 'crash', 'disk-nearly-full', 'gave-up', 'history-damaged', 'history-stopped', 'hung', 'leak'],
    ...['low-memory', 'save-failed', 'save-overdue', 'stop-timeout', 'webhook-paused'],
  ]);
  expect(names(false)).toEqual([
    ...['api-degraded', 'host-cpu-saturated', 'over-budget', 'restarted', 'tick-rate-low'],
  ]);
});

describe('the settings', () => {
  test('lie over the defaults, key by key', () => {
    const { rules, ...rest } = alertPolicy(
      v.parse(alertSettingsSchema, {
        rules: { crash: { cooldownSeconds: 5 }, 'tick-rate-low': { enabled: true, percent: 50 } },
        escalateAfterMinutes: 15,
        away: { enabled: false },
      }),
    );
    expect(rules.crash).toEqual({ enabled: true, cooldownSeconds: 5 });
    expect(rules['tick-rate-low']).toEqual({ enabled: true, cooldownSeconds: 1800, percent: 50, minutes: 5 });
    expect(rules.hung).toEqual(defaultRules.hung);
    expect(rest).toEqual({
      ...{ quietHours: undefined, maintenance: {}, escalateAfterMinutes: 15 },
      away: { enabled: false, minMinutes: 30 },
    });
  });

  test('are not needed', () => {
    expect(alertPolicy()).toMatchObject({ rules: defaultRules, escalateAfterMinutes: 0, away: { enabled: true } });
    expect(alertPolicy({ rules: { crash: { enabled: undefined } } }).rules.crash.enabled).toBe(true);
  });

  test('keep what a newer version knows, and say nothing of it', () => {
    const set = { rules: { moon: { full: true }, crash: { sound: 'bell' } }, sun: 1 };
    expect(v.parse(alertSettingsSchema, set)).toEqual(set);
    expect(Object.keys(alertPolicy(v.parse(alertSettingsSchema, set)).rules)).toEqual(Object.keys(defaultRules));
  });

  test('take every rule there is', () => {
    const rules = Object.fromEntries(Object.keys(defaultRules).map((name) => [name, { enabled: 'yes' }]));
    const { issues = [] } = v.safeParse(alertSettingsSchema, { rules });
    expect(issues.map((issue) => v.getDotPath(issue)).sort()).toEqual(
      Object.keys(defaultRules)
        .map((name) => `rules.${name}.enabled`)
        .sort(),
    );
  });

  test.each([
    [{ rules: { crash: true } }, 'rules.crash', 'must be a group of settings'],
    [{ rules: { crash: { enabled: 1 } } }, 'rules.crash.enabled', 'must be true or false'],
    [{ rules: { crash: { severity: 'bad' } } }, 'rules.crash.severity', 'must be warning or error'],
    [{ rules: { hung: { cooldownSeconds: -1 } } }, 'rules.hung.cooldownSeconds', 'must be 0 to 604800 seconds'],
    [{ rules: { hung: { cooldownSeconds: '5' } } }, 'rules.hung.cooldownSeconds', 'must be 0 to 604800 seconds'],
    [{ rules: { leak: { hoursLeft: 0 } } }, 'rules.leak.hoursLeft', 'must be 1 to 168 hours'],
    [{ rules: { 'api-degraded': { minutes: 0.04 } } }, 'rules.api-degraded.minutes', 'must be 0.05 to 1440 minutes'],
    [
      { rules: { 'disk-nearly-full': { freePercent: 101 } } },
      'rules.disk-nearly-full.freePercent',
      'must be 1 to 100 percent',
    ],
    [{ maintenance: { a: { until: 'noon' } } }, 'maintenance.a.until', 'must be a time in milliseconds'],
    [{ maintenance: { a: { until: Infinity } } }, 'maintenance.a.until', 'must be a time in milliseconds'],
    [{ escalateAfterMinutes: 1441 }, 'escalateAfterMinutes', 'must be 0 to 1440 minutes'],
    [{ away: { minMinutes: 0 } }, 'away.minMinutes', 'must be 1 to 10080 minutes'],
    [{ quietHours: { from: '22', to: '07:00' } }, 'quietHours.from', 'must be a time of the day, as 22:30'],
  ])('with %j are refused at %s', (value, field, text) => {
    const { issues = [] } = v.safeParse(alertSettingsSchema, value);
    expect(issues.map((issue) => [v.getDotPath(issue), issue.message])).toEqual([[field, text]]);
  });
});

test('maintenance is of one server, until its time or for good', () => {
  const maintenance = { a: { until: noon }, b: { until: null }, c: {} };
  const policy = alertPolicy(v.parse(alertSettingsSchema, { maintenance }));
  const at = (server: string, now: number): number | null => maintenanceUntil(policy, server, now);
  expect([at('a', noon - 1), at('a', noon)]).toEqual([noon, null]);
  expect([at('b', noon), at('c', noon)]).toEqual([Infinity, Infinity]);
  expect([at('d', noon), at('constructor', noon)]).toEqual([null, null]);
});

test('a severity that is set holds, but does not take back that nobody looked', () => {
  const policy = alertPolicy({ rules: { crash: { severity: 'warning' } } });
  const alert: Alert = {
    ...{ id: 'a1', rule: 'crash', server: 'demo', serverName: 'Demo', severity: 'error', state: 'active' },
    ...{ firstAt: 1, lastAt: 2, count: 3, data: {} },
  };
  expect(severityIn(policy, alert)).toBe('warning');
  expect(severityIn(policy, { ...alert, rule: 'hung' })).toBe('error');
  expect(severityIn(policy, { ...alert, escalation: { step: 1, at: 2 } })).toBe('error');
});
