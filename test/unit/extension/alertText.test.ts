import { describe, expect, test } from 'vitest';
import {
  alertActionTitle,
  commandOf,
  listActions,
  notificationActions,
  type AlertAction,
} from '../../../src/extension/alerts/alertActions.js';
import { alertRow, alertTooltip } from '../../../src/extension/alerts/alertRows.js';
import { alertText, alertTimes } from '../../../src/extension/text/alertText.js';
import { alertTitle } from '../../../src/extension/text/alertTitle.js';
import { alertRules } from '../../../src/shared/alert.js';
import type { Alert, AlertRule } from '../../../src/shared/contract.js';
import { alert, noon, reader, t, view } from './fixtures.js';

const crash = alert().data;

const busy = {
  ...{ kind: 'cpu-without-players', metric: 'cpu', cause: 'bug', begin: noon - 90_000, peak: 312, low: 120, high: 170 },
  ...{ players: 5, by: 'robust' },
};
const leaking = {
  ...{ kind: 'leak', metric: 'memory', begin: noon - 190 * 60_000, bytesPerHour: 52 * 1024 ** 2, hoursLeft: 5.2 },
};

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
    [
      'Demo Server went down and was restarted (2/3).',
      { rule: 'restarted', data: { cause: 'crash', attempt: 2, max: 3 } },
    ],
    [
      'Demo Server has not answered for 6 min (RCON).',
      { rule: 'api-degraded', data: { via: 'rcon', is: 'silent', since: noon - 360_000 } },
    ],
    [
      'Demo Server refused the password (RCON).',
      { rule: 'api-degraded', data: { via: 'rcon', is: 'refused', since: noon } },
    ],
    [
      'Demo Server runs slowly: 12.4 ticks per second; 20.0 are usual. 1 player is on.',
      { rule: 'tick-rate-low', data: { rate: 12.41, usual: 20, players: 1 } },
    ],
    [
      'Demo Server runs slowly: 12.0 ticks per second; 20.0 are usual.',
      { rule: 'tick-rate-low', data: { rate: 12, usual: 20, players: null } },
    ],
    [
      'Demo Server: CPU usage anomaly. CPU 312 %, expected 120 to 170 % for 5 players at this hour, for 1 min 30 s. No more players than usual: a bug or a runaway script? Also unusual: tick rate.',
      { rule: 'anomaly', data: { ...busy, also: ['tickRate', 'moon'] } },
    ],
    ['Demo Server: memory usage anomaly.', { rule: 'anomaly', data: { metric: 'memory' } }],
    ['Demo Server: anomaly.', { rule: 'anomaly', data: { metric: 'threads' } }],
    [
      'Demo Server: memory leak suspected. Memory has grown by 52 MB an hour for 3 h 10 min, whoever plays. If it goes on like this, the PC has none left in about 5 h 12 min. A leak is likely; a restart at a quiet time gives the memory back.',
      { rule: 'leak', data: { ...busy, ...leaking } },
    ],
    ['Demo Server: memory leak suspected.', { rule: 'leak', data: { hoursLeft: 0.3 } }],
    [
      'The disk of Demo Server is nearly full: 3.0 GB of 120 GB are free. Without room it cannot save.',
      { rule: 'disk-nearly-full', data: { freeBytes: 3 * 1024 ** 3, totalBytes: 120 * 1024 ** 3 } },
    ],
    [
      'The PC is very busy: 97 % of its CPU in use for 10 min. Games may stutter.',
      { rule: 'host-cpu-saturated', data: { percent: 97, minutes: 10 } },
    ],
    [
      'The monitoring uses more than its budget (CPU 1.3 % of one core, 151 MB): it measures every 6 s.',
      { rule: 'over-budget', data: { cpuPercent: 1.34, memoryBytes: 151 * 1024 ** 2, intervalMs: 6000 } },
    ],
    [
      'Messages to friends are paused: HTTP 404. It is tried again at 12:30 PM.',
      { rule: 'webhook-paused', data: { target: 'friends', detail: 'HTTP 404', until: noon + 1_800_000 } },
    ],
    ['Messages are paused.', { rule: 'webhook-paused', data: {} }],
    ['Demo Server needs attention.', { rule: 'moon' as AlertRule, data: {} }],
  ])('%s', (text, change) => {
    expect(alertText(alert(change), undefined, noon, reader).replaceAll('\u202f', ' ')).toBe(text);
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
    const senseless = { code: 'x', used: {}, windowSeconds: null, rate: Number.NaN, usual: 20, until: 'soon', via: 7 };
    for (const rule of alertRules) {
      for (const data of [{}, senseless]) {
        const text = alertText(alert({ rule, data }), undefined, noon, reader);
        expect(text, rule).not.toMatch(/undefined|null|NaN|object|needs attention/);
        expect(text, rule).toMatch(/\.$/);
      }
    }
  });

  test('that nobody has looked for long is told of what waits for somebody, and of nothing else', () => {
    const waiting = { escalation: { step: 1, at: noon }, activeSince: noon - 900_000 };
    const text = (change: Partial<Alert>): string => alertText(alert(change), undefined, noon, reader);
    expect(text(waiting)).toBe('Demo Server crashed (SIGSEGV). Nobody has looked at this for 15 min.');
    expect(text({ ...waiting, state: 'acknowledged' })).toBe('Demo Server crashed (SIGSEGV).');
  });

  test('a few words have no numbers', () => {
    expect(alertTitle(alert({ count: 3 }), reader)).toBe('Demo Server crashed');
    expect(alertTitle(alert({ rule: 'gave-up' }), reader)).toBe('Demo Server was not restarted again');
    expect(alertTitle(alert({ rule: 'stop-timeout' }), reader)).toBe('Demo Server has not stopped');
  });

  test('when, how often, seen or not', () => {
    const times = (change: Partial<Alert>): string =>
      alertTimes(alert(change), noon + 300_000, reader)
        .join(' · ')
        .replaceAll('\u202f', ' ');
    expect(times({})).toBe('12:00 PM');
    expect(times({ count: 3, state: 'acknowledged' })).toBe('12:00 PM · 3 times · Acknowledged');
    expect(times({ state: 'muted', mutedUntil: noon + 3_600_000 })).toBe('12:00 PM · Muted until 01:00 PM');
    expect(times({ state: 'muted', mutedUntil: null })).toBe('12:00 PM · Muted');
    // One that was muted and is over says nothing of that.
    expect(times({ state: 'resolved', mutedUntil: null })).toBe('12:00 PM');
  });
});

describe('a row of the list', () => {
  const rowOf = (change: Partial<Alert>, of = view()) => alertRow(alert(change), of, noon, reader);

  test.each<[Partial<Alert>, string, string | undefined, boolean]>([
    [{}, 'error', 'list.errorForeground', false],
    [{ severity: 'warning' }, 'warning', 'list.warningForeground', false],
    [{ state: 'acknowledged' }, 'check', 'disabledForeground', true],
    [{ state: 'muted', mutedUntil: null }, 'bell-slash', 'disabledForeground', true],
    [{ state: 'resolved' }, 'pass', 'disabledForeground', true],
  ])('%j', (change, id, color, isDim) => {
    expect(rowOf(change)).toMatchObject({ label: 'Demo Server crashed', icon: { id, color }, isDim });
  });

  test('of a server that somebody works on does not alarm, and says so', () => {
    const worked = view({ maintenance: { until: noon + 5_400_000 } });
    const row = rowOf({}, worked);
    expect(row.icon).toEqual({ id: 'error', color: 'disabledForeground' });
    expect(row.isDim).toBe(false);
    expect(row.description.replaceAll('\u202f', ' ')).toBe('12:00 PM · Maintenance until 01:30 PM');
    expect(rowOf({ state: 'acknowledged' }, worked).description).not.toContain('Maintenance');
  });

  test('is read aloud as a whole: how bad, what, when, how often, and what became of it', () => {
    const spoken = (change: Partial<Alert>): string => rowOf(change).spoken.replaceAll('\u202f', ' ');
    expect(spoken({ count: 3, state: 'acknowledged' })).toBe(
      'Error: Demo Server crashed (SIGSEGV), 3 times in 10 min. 12:00 PM, 3 times, Acknowledged',
    );
    expect(spoken({ severity: 'warning' })).toMatch(/^Warning: /);
    expect(spoken({ state: 'resolved' })).toMatch(/ Resolved$/);
  });

  test('its tooltip has what follows, since when, and the last time where there were several', () => {
    const tooltip = (change: Partial<Alert>) => {
      const { sentence, lines } = alertTooltip(alert(change), view(), noon, reader);
      return { sentence, lines: new Map(lines) };
    };
    const once = tooltip({});
    expect(once.sentence).toBe('Demo Server crashed (SIGSEGV). It is running again.');
    expect([...once.lines.keys()]).toEqual(['Severity', 'Since']);
    const often = tooltip({ count: 2, state: 'muted', mutedUntil: null });
    expect([...often.lines.keys()]).toEqual(['Severity', 'Since', 'Last time', 'How often', 'State']);
    expect(often.lines.get('State')).toBe('Muted');
    expect(often.lines.get('Since')).toContain('11:50');
  });

  test('menus go by its state and by what can be done', () => {
    expect(rowOf({}).contextValue).toBe('alert.active.incident.start.acknowledge.mute');
    expect(rowOf({ state: 'muted' }).contextValue).toBe('alert.muted.incident.start.unmute');
    expect(rowOf({ state: 'resolved' }).contextValue).toBe('alert.resolved.incident');
  });
});

describe('what can be done', () => {
  test.each<[string, Partial<Alert>, AlertAction[]]>([
    ['a crash', {}, ['incident', 'start']],
    ['a crash that is followed by a restart', { severity: 'warning' }, ['incident']],
    ['a restart', { rule: 'restarted' }, ['incident']],
    ['giving up', { rule: 'gave-up' }, ['start', 'console']],
    ['not responding', { rule: 'hung', severity: 'warning' }, ['console', 'restart']],
    ['a silent game', { rule: 'api-degraded', data: { is: 'silent' } }, ['test', 'console']],
    ['a refused password', { rule: 'api-degraded', data: { is: 'refused' } }, ['password', 'console']],
    ['a monitoring that costs too much', { rule: 'over-budget' }, ['recommended', 'log']],
    ['a webhook that fails', { rule: 'webhook-paused' }, ['webhook', 'log']],
    ['what is not known here', { rule: 'moon' as AlertRule }, ['console']],
  ])('%s', (_, change, actions) => {
    expect(listActions(alert(change))).toEqual([...actions, 'acknowledge', 'mute']);
    expect(notificationActions(alert(change))).toEqual([...actions, 'acknowledge', 'never']);
  });

  test('what was found can be called normal, and its metric be muted, also when it is over', () => {
    expect(listActions(alert({ rule: 'anomaly' }))).toEqual(['metrics', 'normal', 'muteMetric', 'acknowledge', 'mute']);
    expect(notificationActions(alert({ rule: 'anomaly' }))).toEqual(['metrics', 'normal', 'acknowledge', 'never']);
    const leak = alert({ rule: 'leak' });
    expect(listActions(leak)).toEqual(['metrics', 'restart', 'normal', 'muteMetric', 'acknowledge', 'mute']);
    expect(notificationActions(leak)).toEqual(['metrics', 'restart', 'acknowledge', 'never']);
    expect(listActions({ ...leak, state: 'resolved' })).toEqual(['metrics', 'normal', 'muteMetric']);
  });

  test('who keeps waiting for a stop has seen it; in the list that is no choice', () => {
    expect(notificationActions(alert({ rule: 'stop-timeout' }))).toEqual(['wait', 'kill', 'never']);
    expect(listActions(alert({ rule: 'stop-timeout' }))).toEqual(['kill', 'acknowledge', 'mute']);
  });

  test('a notification has four buttons at most, each with a title, and each does something', () => {
    for (const rule of alertRules) {
      const actions = notificationActions(alert({ rule }));
      expect(actions.length, rule).toBeLessThanOrEqual(4);
      for (const action of actions) {
        expect(alertActionTitle(action, t)).not.toBe('');
        if (!['wait', 'acknowledge', 'never'].includes(action)) expect(commandOf[action], action).toBeDefined();
      }
    }
  });

  test('what is over is only looked at', () => {
    expect(listActions(alert({ rule: 'gave-up', state: 'resolved' }))).toEqual(['console']);
    expect(listActions(alert({ rule: 'save-failed', state: 'acknowledged' }))).toEqual(['save', 'console', 'mute']);
  });
});
