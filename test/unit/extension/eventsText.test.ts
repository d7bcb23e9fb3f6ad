import { describe, expect, test } from 'vitest';
import { eventText } from '../../../src/extension/text/eventText.js';
import { eventsName, eventsText, isWorthTelling } from '../../../src/extension/text/eventsText.js';
import { eventKinds, type EventKind } from '../../../src/shared/events.js';
import { noon, reader, t } from './fixtures.js';

const text = (kind: string, data: Record<string, unknown> = {}): string | undefined =>
  eventText({ kind, name: 'Survival', data }, reader);

describe('an event in words', () => {
  test.each<[EventKind, Record<string, unknown>, string]>([
    ['started', { pid: 1, by: 'user' }, 'Started'],
    ['started', { pid: 1, by: 'restart' }, 'Started again by itself'],
    ['started', { pid: 1, by: 'autostart' }, 'Started with the PC'],
    ['started', { pid: 1, by: 'found' }, 'Found running'],
    ['ready', { tookMs: 2340 }, 'Ready after 2.3 s'],
    ['stopping', { by: 'user', mode: 'stop', reason: null, restarts: false }, 'Stop was chosen'],
    ['stopping', { by: 'user', mode: 'graceful', reason: null, restarts: true }, 'Restart was chosen'],
    ['stopping', { by: 'user', mode: 'kill' }, 'Force Kill was chosen'],
    ['stopping', { by: 'host', mode: 'stop' }, 'Stopping as the PC goes down'],
    ['stopping', { by: 'hang', mode: 'stop', restarts: true }, 'Ended because it did not respond'],
    ['called-off', { what: 'restart' }, 'The restart was called off'],
    ['stopped', { cause: 'asked', code: 0, signal: null }, 'Stopped as asked (exit 0)'],
    ['crashed', { cause: 'crash', code: null, signal: 'SIGSEGV', players: 3 }, 'Crashed (SIGSEGV) · 3 players were on'],
    ['crashed', { cause: 'oom', code: null, signal: 'SIGKILL', players: 0 }, 'Out of memory (SIGKILL)'],
    ['crashed', { cause: 'moon' }, 'Cause not known'],
    ['start-failed', { cause: 'start-failed', code: 3, signal: null, reason: null }, 'Could not start (exit 3)'],
    ['start-failed', { cause: 'start-failed', reason: 'command-not-found' }, 'Could not start (command-not-found)'],
    ['restarting', { attempt: 1, max: 3, nextAt: noon }, 'Restarting (1/3)'],
    ['gave-up', { used: 3, windowSeconds: 600 }, 'Not restarted again after 3 restarts in 10 min'],
    ['stop-timeout', { graceSeconds: 60 }, 'Has not stopped within 1 min'],
    ['not-responding', { reason: 'log-silent' }, 'Not responding: It has printed nothing for long.'],
    ['saved', { tookMs: 1200 }, 'Saved in 1.2 s'],
    ['saved', { tookMs: null }, 'Saved'],
    ['save-failed', { reason: 'disk full' }, 'Save failed: disk full'],
    ['save-failed', { reason: 'timeout' }, 'Save failed: no answer in time'],
    ['player-joined', { name: 'alice' }, 'alice joined'],
    ['player-left', { name: 'alice', playedMs: null }, 'alice left'],
    ['alert', { rule: 'save-overdue', state: 'active' }, 'Alert: Survival has not saved for long'],
    ['alert', { rule: 'save-overdue', state: 'resolved' }, 'Alert over: Survival has not saved for long'],
    ['alert', { rule: 'crash', state: 'acknowledged' }, 'Alert acknowledged: Survival crashed'],
    ['changed', { name: 'x', keys: ['launch', 'stop'] }, 'Changed in servers.json: launch, stop'],
    ['budget', { state: 'ok' }, 'Monitoring is within its budget again'],
    ['memory', { level: 'critical', usedPercent: 93 }, 'Low memory: 93 % in use'],
    ['memory', { level: 'none', usedPercent: 60 }, 'Enough memory again: 60 % in use'],
    [
      'unusual',
      { metric: 'netIn', value: 12_582_912, low: 104_858, high: 2_097_152, aspect: 'level' },
      'Unusual: network in 12 MB/s, expected 102 KB/s to 2 MB/s',
    ],
    [
      'unusual',
      { metric: 'cpu', value: 3, low: 20, high: 90, aspect: 'value' },
      'Unusual: CPU 3.0 %, expected 20 % to 90 %',
    ],
    [
      'unusual',
      { metric: 'cpu', value: 50, low: 20, high: 90, aspect: 'level' },
      'Unusual: CPU on another level, 50 % now',
    ],
    [
      'unusual',
      { metric: 'memoryUsed', value: 50, low: 20, high: 90, aspect: 'variation' },
      'Unusual: memory in use varies as it never does, 50 % now',
    ],
    [
      'unusual',
      { metric: 'swapUsed', value: 50, low: null, high: null, aspect: 'rhythm' },
      'Unusual at this hour: swap in use 50 %',
    ],
    ['unusual', { metric: 'netOut', value: 2048, low: null, high: null }, 'Unusual: network out 2 KB/s'],
    ['unusual', { metric: 'moon', value: 5 }, 'Unusual'],
  ])('%s %j', (kind, data, words) => {
    expect(text(kind, data)).toBe(words);
  });

  test('an alert of what has its own event is not told a second time', () => {
    for (const state of ['active', 'resolved']) expect(text('alert', { rule: 'crash', state })).toBeUndefined();
  });

  test('each kind has words, also without its data; one that is not known here is told as it is', () => {
    for (const kind of eventKinds) expect(text(kind) ?? '', kind).not.toMatch(/undefined|null|NaN|object/);
    expect(text('moon-phase')).toBe('moon-phase');
    expect(text('toString')).toBe('toString');
  });
});

describe('the document', () => {
  const at = new Date(2026, 10, 22, 23, 10, 5).getTime();
  const name = (id: string): string | undefined => (id === 'survival' ? 'Survival' : undefined);
  const linesOf = (events: { at: number; id: string; kind: string; data: Record<string, unknown> }[]): string[] =>
    eventsText({ from: at, to: at + 3_600_000, events, name }, reader).split('\n');

  test('has a line for each event, with its time, whose it is, and what happened', () => {
    const lines = linesOf([
      { at, id: 'survival', kind: 'crashed', data: { cause: 'crash', code: 3, signal: null, players: null } },
      { at: at + 1000, id: 'host', kind: 'memory', data: { level: 'critical', usedPercent: 92 } },
      { at: at + 1500, id: 'survival', kind: 'alert', data: { rule: 'crash', state: 'active' } },
      { at: at + 2000, id: 'monitor', kind: 'monitoring-ended', data: {} },
      { at: at + 3000, id: 'gone', kind: 'removed', data: { name: 'Gone' } },
    ]);
    expect(lines).toEqual([
      'Events from 2026-11-22 23:10:05 to 2026-11-23 00:10:05',
      '',
      '2026-11-22 23:10:05  Survival: Crashed (exit 3)',
      '2026-11-22 23:10:06  This PC: Low memory: 92 % in use',
      '2026-11-22 23:10:07  Monitoring: Monitoring ended',
      '2026-11-22 23:10:08  gone: Removed from the list',
      '',
    ]);
  });

  test('what comes from outside begins no line of its own', () => {
    const joined = { at, id: 'survival', kind: 'player-joined', data: { name: 'a\r\n2026\u2028b\u202ec' } };
    expect(linesOf([joined])[2]).toBe('2026-11-22 23:10:05  Survival: a 2026 b c joined');
  });

  test('says that nothing has happened', () => {
    expect(linesOf([])[2]).toBe('Nothing has happened.');
  });

  test('has a name under which it can be saved', () => {
    expect(eventsName(at, t)).toBe('Events 2026-11-22 23.10.txt');
  });

  test('asks for no event that another one repeats', () => {
    expect(eventKinds.filter((kind) => !isWorthTelling(kind))).toEqual(['save-begun', 'incident']);
  });
});
