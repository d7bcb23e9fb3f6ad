import { describe, expect, test } from 'vitest';
import { actionsOf, alertActionTitle, type AlertAction } from '../../../src/extension/alerts/alertActions.js';
import { alertText, alertTimes, alertTitle } from '../../../src/extension/text/alertText.js';
import type { Alert, AlertRule } from '../../../src/shared/contract.js';
import { alert, noon, reader, t, view } from './fixtures.js';

const crash = alert().data;

describe('sentences', () => {
  test.each<[string, Partial<Alert>]>([
    ['Demo Server crashed (SIGSEGV).', {}],
    ['Demo Server crashed (exit 3).', { data: { ...crash, code: 3, signal: null } }],
    ['Demo Server crashed (SIGSEGV), 3 times in 10 min.', { count: 3 }],
    ['Demo Server crashed (SIGSEGV), 2 times in 1 s.', { count: 2, firstAt: noon - 20 }],
    ['Demo Server crashed.', { data: {} }],
    ['Demo Server ran out of memory.', { data: { ...crash, signal: 'SIGKILL', cause: 'oom' } }],
    ['Demo Server was ended from outside.', { data: { ...crash, signal: 'SIGKILL', cause: 'killed-outside' } }],
    ['Demo Server ended, cause not known.', { data: { ...crash, signal: null, cause: 'unknown' } }],
    [
      'Demo Server was not restarted again: 3 restarts in 10 min did not help.',
      { rule: 'gave-up', data: { used: 3, windowSeconds: 600 } },
    ],
    [
      'Demo Server has not stopped within 45 s. Its world may still be saving.',
      { rule: 'stop-timeout', data: { graceSeconds: 45 } },
    ],
    ['Demo Server is not responding.', { rule: 'hung', data: { reason: null } }],
    [
      'Demo Server is not responding. It uses neither CPU nor storage any more. It has printed nothing for long.',
      { rule: 'hung', data: { reason: 'counters-flat log-silent' } },
    ],
    [
      'Demo Server has not saved for 25 min; it does so every 10 min.',
      { rule: 'save-overdue', data: { lastAt: noon - 1_500_000, intervalMs: 600_000 } },
    ],
    ['Demo Server could not save: disk full', { rule: 'save-failed', data: { reason: 'disk full' } }],
    ['Demo Server could not save: no answer in time', { rule: 'save-failed', data: { reason: 'timeout' } }],
    ['Demo Server could not save.', { rule: 'save-failed', data: { reason: '' } }],
    [
      '91 % of the memory of the PC is in use; servers may become slow or be ended. Close other programs; monitoring has given back what it can.',
      { rule: 'low-memory', data: { usedPercent: 91 } },
    ],
    ['Demo Server needs attention.', { rule: 'moon' as AlertRule, data: {} }],
  ])('%s', (text, change) => {
    expect(alertText(alert(change), undefined, noon, reader)).toBe(text);
  });

  test('what follows from a crash is told from the server as it is now', () => {
    const text = (change: Parameters<typeof view>[0]): string =>
      alertText(alert({ count: 3, severity: 'warning' }), view(change), noon, reader);
    const restarts = { used: 1, max: 3, nextAt: noon + 15_000 };
    expect(text({ state: 'restarting', restarts })).toBe(
      'Demo Server crashed (SIGSEGV), 3 times in 10 min. It restarts in 15 s.',
    );
    expect(text({ state: 'starting' })).toMatch(/It is starting again\.$/);
    expect(text({ state: 'running' })).toMatch(/It is running again\.$/);
    expect(text({ state: 'failed' })).toMatch(/in 10 min\.$/);
  });

  test('data that makes no sense never shows as such', () => {
    for (const rule of ['crash', 'gave-up', 'stop-timeout', 'hung', 'save-overdue', 'save-failed'] as const) {
      const text = alertText(
        alert({ rule, data: { code: 'x', used: {}, windowSeconds: null } }),
        undefined,
        noon,
        reader,
      );
      expect(text).not.toMatch(/undefined|null|NaN|object/);
    }
  });

  test('a few words have no numbers', () => {
    expect(alertTitle(alert({ count: 3 }), t)).toBe('Demo Server crashed');
    expect(alertTitle(alert({ rule: 'gave-up' }), t)).toBe('Demo Server was not restarted again');
    expect(alertTitle(alert({ rule: 'stop-timeout' }), t)).toBe('Demo Server has not stopped');
  });

  test('when, how often, seen or not', () => {
    expect(alertTimes(alert(), noon + 300_000, reader)).toBe('5 min ago');
    expect(alertTimes(alert({ count: 3, state: 'acknowledged' }), noon + 2000, reader)).toBe(
      '2 s ago · 3 times · Acknowledged',
    );
  });
});

describe('what can be done', () => {
  test.each<[string, Partial<Alert>, AlertAction[]]>([
    ['a crash', {}, ['incident', 'start']],
    ['a crash that is followed by a restart', { severity: 'warning' }, ['incident']],
    ['giving up', { rule: 'gave-up' }, ['start', 'console']],
    ['a stop that takes too long', { rule: 'stop-timeout' }, ['wait', 'kill']],
    ['not responding', { rule: 'hung', severity: 'warning' }, ['console', 'restart']],
    ['what is not known here', { rule: 'moon' as AlertRule }, ['console']],
  ])('%s', (_, change, actions) => {
    expect(actionsOf(alert(change))).toEqual(actions);
    for (const action of actions) expect(alertActionTitle(action, t)).not.toBe('');
  });
});
