import { beforeEach, describe, expect, test } from 'vitest';
import { EventRecorder } from '../../../../src/core/events/eventRecorder.js';
import { LogWatch } from '../../../../src/core/lifecycle/logWatch.js';
import { step, type Exit, type Lifecycle, type LifecycleEvent } from '../../../../src/core/lifecycle/state.js';
import type { HistoryEvent } from '../../../../src/core/ports.js';
import type { Alert, Definition } from '../../../../src/shared/contract.js';
import { effective } from '../../../../src/shared/definition.js';
import type { StopWish } from '../../../../src/shared/events.js';

const start = 1_700_000_000_000;
const definition: Definition = { id: 'a', name: 'A', game: 'demo', launch: { command: 'a' } };
const running = { pid: 7, startTime: '70', nonce: 'n', startedAt: start, supervised: true, isOurs: true };
const byUser: StopWish = { by: 'user', mode: 'stop', reason: null, restarts: false };

let now: number;
let told: HistoryEvent[];
let recorder: EventRecorder;
let state: Lifecycle;
let lines: LogWatch;

function make(alerts: Alert[] = [], settings: Record<string, unknown> = {}): EventRecorder {
  return new EventRecorder({ sink: { add: (event) => told.push(event) }, alerts, settings, now: () => now });
}
beforeEach(() => {
  now = start;
  told = [];
  state = { at: 'stopped', since: start, exit: null };
  lines = new LogWatch(effective(definition));
  recorder = make();
});

const server = {
  id: 'a',
  get state() {
    return state;
  },
  get lines() {
    return lines;
  },
  view() {
    // As of a class: a method that is taken off its object knows nothing.
    const { at } = this.state;
    return { restarts: { used: 1, max: 3, nextAt: at === 'restarting' && 'nextAt' in state ? state.nextAt : null } };
  },
};

/** One step as the server makes it, so many seconds later. */
function go(event: LifecycleEvent, seconds = 0): void {
  now += seconds * 1000;
  const before = state;
  state = step(before, event, now);
  if (state !== before) recorder.stepped(server, before, event);
}
function end(exit: Partial<Exit>, seconds = 0): void {
  go({ is: 'exited', code: 0, signal: null, isKnown: true, saidStopping: false, saidCrash: false }, seconds);
  const known: Exit = { code: 0, signal: null, cause: 'asked', at: now, ...exit };
  recorder.ended(server, { exit: known, process: running, players: lines.summary.players, leaving: [] });
}
const kinds = (): [string, unknown][] => told.map(({ kind, data }) => [kind, data]);

describe('a life', () => {
  test('from its start to its stop', () => {
    go({ is: 'startAsked' });
    go({ is: 'spawned', process: running, by: 'user' });
    go({ is: 'up', isReady: true }, 3);
    go({ is: 'stopAsked', wish: { ...byUser, mode: 'graceful', reason: 'an\u0007 update' } }, 60);
    end({}, 2);
    expect(kinds()).toEqual([
      ['started', { pid: 7, by: 'user' }],
      ['ready', { tookMs: 3000 }],
      ['stopping', { by: 'user', mode: 'graceful', reason: 'an update', restarts: false }],
      ['stopped', { cause: 'asked', code: 0, signal: null, uptimeMs: 65_000 }],
    ]);
    expect(told.map(({ at, id }) => [at - start, id])).toEqual([0, 3000, 63_000, 65_000].map((at) => [at, 'a']));
  });

  test('a ready line that comes late, and none that nobody saw', () => {
    go({ is: 'startAsked' });
    go({ is: 'spawned', process: running, by: 'autostart' });
    go({ is: 'up', isReady: false }, 120);
    expect(kinds()).toEqual([['started', { pid: 7, by: 'autostart' }]]);
    go({ is: 'up', isReady: true }, 30);
    expect(kinds().slice(1)).toEqual([['ready', { tookMs: 150_000 }]]);
  });

  test('that was to run above normal priority and may not', () => {
    go({ is: 'startAsked' });
    go({ is: 'spawned', process: { ...running, priorityRefused: true }, by: 'user' });
    expect(kinds()).toEqual([['started', { pid: 7, by: 'user', priority: 'refused' }]]);
  });

  test('a connected one was ready before', () => {
    go({ is: 'startAsked' });
    go({ is: 'spawned', process: { ...running, isOurs: false }, by: 'found' });
    go({ is: 'up', isReady: true });
    expect(kinds()).toEqual([['started', { pid: 7, by: 'found' }]]);
  });

  test('what an earlier core has told is not told again', () => {
    go({ is: 'startAsked' });
    go({ is: 'spawned', process: running });
    go({ is: 'stopAsked' });
    expect(told).toEqual([]);
    state = { at: 'crashed', since: now, exit: { code: 1, signal: null, cause: 'crash', at: now } };
    go({ is: 'restartPlanned', nextAt: now + 5000, isKnown: true });
    expect(told).toEqual([]);
  });

  test('the PC as one more reason for a stop under way is no second stop', () => {
    state = { at: 'running', since: now, process: running, isReady: true };
    go({ is: 'stopAsked', wish: byUser });
    go({ is: 'stopAsked', byHost: true, wish: { ...byUser, by: 'host' } });
    expect(told.map(({ kind }) => kind)).toEqual(['stopping']);
  });

  test('a crash with its players: they leave with it, then it is told how it ended and that it comes back', () => {
    state = { at: 'running', since: now, process: running, isReady: true };
    lines.feed(['[12:00:00] [INFO] ann joined the game'], start + 1000);
    for (const what of lines.takeHappenings()) recorder.happened(server, what);
    end({ code: null, signal: 'SIGSEGV', cause: 'crash' }, 10);
    state = { at: 'crashed', since: now, exit: { code: null, signal: 'SIGSEGV', cause: 'crash', at: now } };
    go({ is: 'restartPlanned', nextAt: now + 5000 });
    recorder.incidentRecorded('a', { at: start + 10_000, cause: 'crash' });
    recorder.gaveUp(server, 3, 600);
    expect(kinds()).toEqual([
      ['player-joined', { name: 'ann' }],
      ['player-left', { name: 'ann', playedMs: 9000, byEnd: true }],
      ['crashed', { cause: 'crash', code: null, signal: 'SIGSEGV', uptimeMs: 10_000, players: 1 }],
      ['restarting', { attempt: 2, max: 3, nextAt: now + 5000 }],
      ['incident', { at: start + 10_000, cause: 'crash' }],
      ['gave-up', { used: 3, windowSeconds: 600 }],
    ]);
  });

  test.each([
    [{ cause: 'host-restart', code: 0 }, 'stopped'],
    [{ cause: 'stopped-from-inside', code: 0 }, 'stopped'],
    [{ cause: 'oom', signal: 'SIGKILL' }, 'crashed'],
    [{ cause: 'killed-outside', signal: 'SIGKILL' }, 'crashed'],
    [{ cause: 'unknown', code: null }, 'crashed'],
    [{ cause: 'start-failed', code: 9 }, 'start-failed'],
  ] as const)('an end %j is %s', (exit, kind) => {
    state = { at: 'running', since: now, process: running, isReady: true };
    end(exit);
    expect(told).toMatchObject([{ kind, data: exit }]);
  });

  test('a start that could not even be made', () => {
    go({ is: 'startAsked' });
    go({ is: 'spawnFailed', reason: 'command-not-found' });
    const data = { cause: 'start-failed', code: null, signal: null, reason: 'command-not-found' };
    expect(kinds()).toEqual([['start-failed', data]]);
  });

  test('a stop and a planned restart that are called off', () => {
    state = { at: 'running', since: now, process: running, isReady: true };
    go({ is: 'stopAsked', wish: byUser });
    go({ is: 'stopCancelled' });
    const exit: Exit = { code: 1, signal: null, cause: 'crash', at: now };
    state = { at: 'restarting', since: now, exit, nextAt: now + 5000 };
    go({ is: 'stopAsked', wish: byUser });
    state = { at: 'restarting', since: now, exit, nextAt: now + 5000 };
    go({ is: 'hostTook' });
    expect(kinds().slice(1)).toEqual([
      ['called-off', { what: 'stop' }],
      ['called-off', { what: 'restart' }],
      ['called-off', { what: 'restart' }],
    ]);
  });

  test('a stop without effect, no response and a response', () => {
    recorder.stopTimedOut(server, 60);
    recorder.hung(server, ['suspended', 'log-silent']);
    recorder.recovered(server);
    expect(kinds()).toEqual([
      ['stop-timeout', { graceSeconds: 60 }],
      ['not-responding', { reason: 'suspended log-silent' }],
      ['responding', {}],
    ]);
  });
});

describe('an end that nobody saw', () => {
  const exit: Exit = { code: 3, signal: null, cause: 'crash', at: start + 90_000 };

  test('is told as of when it was', () => {
    now = start + 3_600_000;
    recorder.endedUnseen(server, exit, { startedAt: start, since: start + 3000 });
    const data = { cause: 'crash', code: 3, signal: null, uptimeMs: 90_000, unseen: true, players: null };
    expect(told).toEqual([{ at: exit.at, id: 'a', kind: 'crashed', data }]);
  });

  test('and as of now, with no length of time, where nobody knows when it was', () => {
    now = start + 3_600_000;
    const unknown: Exit = { code: null, signal: null, cause: 'host-restart', at: start + 3000 };
    recorder.endedUnseen(server, unknown, { startedAt: start, since: start + 3000 });
    expect(told).toMatchObject([{ at: now, kind: 'stopped', data: { uptimeMs: null, unseen: true } }]);
  });

  test('is never in the future, also when the clock was set back', () => {
    now = start + 10_000;
    recorder.endedUnseen(server, exit, { startedAt: start, since: start + 3000 });
    expect(told[0]?.at).toBe(now);
  });
});

test('names of players are cut, and carry nothing that moves a cursor', () => {
  recorder.happened(server, { is: 'joined', at: now, name: `\u001b[31m${'x'.repeat(100)}\u0007` });
  recorder.happened(server, { is: 'left', at: now, name: '\u0000', playedMs: 5 });
  expect(kinds()).toEqual([['player-joined', { name: 'x'.repeat(64) }]]);
});

test('a save that failed, with what the game said, made plain', () => {
  recorder.happened(server, { is: 'saveFailed', at: now, reason: `disk\u0007 full${'.'.repeat(300)}` });
  expect(kinds()).toEqual([['save-failed', { reason: `disk full${'.'.repeat(191)}` }]]);
});

describe('alerts', () => {
  const alert = (change: Partial<Alert> = {}): Alert => ({
    ...{ id: 'x', rule: 'crash', server: 'a', serverName: 'A', severity: 'warning', firstAt: start, lastAt: start },
    ...{ count: 1, state: 'active', data: { secret: 'hunter2' } },
    ...change,
  });

  test('are told when they stand otherwise, not when they count', () => {
    recorder.alertChanged(alert());
    recorder.alertChanged(alert({ count: 2 }));
    recorder.alertChanged(alert({ count: 3, severity: 'error' }));
    recorder.alertChanged(alert({ count: 3, severity: 'error', state: 'acknowledged' }));
    recorder.alertChanged(alert({ count: 4, severity: 'error' }));
    recorder.alertChanged(alert({ count: 4, severity: 'error', state: 'resolved' }));
    const same = { alert: 'x', rule: 'crash' };
    expect(kinds().map(([, data]) => data)).toEqual([
      { ...same, severity: 'warning', state: 'active', count: 1 },
      { ...same, severity: 'error', state: 'active', count: 3 },
      { ...same, severity: 'error', state: 'acknowledged', count: 3 },
      { ...same, severity: 'error', state: 'active', count: 4 },
      { ...same, severity: 'error', state: 'resolved', count: 4 },
    ]);
  });

  test('that an earlier core has told are known', () => {
    recorder = make([alert({ count: 5 })]);
    recorder.alertChanged(alert({ count: 6 }));
    expect(told).toEqual([]);
    recorder.alertChanged(alert({ count: 6, state: 'resolved' }));
    expect(told).toHaveLength(1);
  });
});

test('settings: only what is different, and only by name', () => {
  recorder = make([], { sampling: { baseIntervalMs: 1000 } });
  recorder.settingsChanged({ sampling: { baseIntervalMs: 1000 } });
  expect(told).toEqual([]);
  recorder.settingsChanged({ sampling: { baseIntervalMs: 2000 } });
  recorder.settingsChanged({ sampling: { baseIntervalMs: 2000 } });
  expect(told).toEqual([{ at: now, id: 'monitor', kind: 'settings', data: { keys: ['sampling.baseIntervalMs'] } }]);
});

test('definitions: by id and name', () => {
  recorder.defined([definition], []);
  const launch = { command: 'b', env: { TOKEN: 'hunter2' } };
  recorder.defined(
    [
      { ...definition, launch },
      { ...definition, id: 'b', name: 'B\u0007' },
    ],
    [],
  );
  recorder.defined([], []);
  expect(told.map(({ id, kind, data }) => [id, kind, data])).toEqual([
    ['a', 'changed', { name: 'A', keys: ['launch'] }],
    ['b', 'added', { name: 'B' }],
    ['a', 'removed', { name: 'A' }],
    ['b', 'removed', { name: 'B' }],
  ]);
});

test('the monitoring itself', () => {
  recorder.monitoringStarted('1.2.3', 99);
  now += 5000;
  recorder.monitoringEnded();
  expect(told.map(({ id, kind, data }) => [id, kind, data])).toEqual([
    ['monitor', 'monitoring-started', { version: '1.2.3', pid: 99 }],
    ['monitor', 'monitoring-ended', { uptimeMs: 5000 }],
  ]);
});
