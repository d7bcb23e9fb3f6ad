import { beforeEach, describe, expect, test } from 'vitest';
import { AlertRules } from '../../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import type { Alert, Definition, ExitCause, ServerView } from '../../../../src/shared/contract.js';
import { noon, view } from '../../extension/fixtures.js';
import { Shelf } from './support/shelf.js';

let shelf: Shelf;
let alerts: Alerts;
const told: Alert[] = [];
let rules: AlertRules;

beforeEach(() => {
  shelf = new Shelf();
  again();
});

/** As after the death of the core. */
function again(): void {
  alerts = new Alerts({ keeper: shelf, changed: (alert) => told.push(alert), now: () => noon });
  rules = new AlertRules(alerts);
}

type Exit = NonNullable<ServerView['exit']>;
const exitOf = (cause: ExitCause): Exit => ({ code: null, signal: 'SIGSEGV', cause, at: noon - 5 });

function server(change: Partial<ServerView> = {}, policy?: 'never' | 'on-crash' | 'always'): Watched {
  const definition: Definition = { id: 'demo', name: 'Demo', game: 'demo', launch: { command: 'x' } };
  return {
    id: 'demo',
    definition: policy === undefined ? definition : { ...definition, restart: { policy } },
    view: () => view(change),
  };
}
type Watched = Parameters<AlertRules['ended']>[0];

const states = (): string[] => alerts.list().map(({ rule, state, count }) => `${rule} ${state} ${count}`);
const ends = (cause: ExitCause, ...rest: [policy?: 'on-crash']): void =>
  rules.ended(server({ state: 'crashed', pid: null, exit: exitOf(cause) }, ...rest), {
    exit: exitOf(cause),
    players: ['Ada', 'Bo'],
  });

describe('an end', () => {
  test.each<ExitCause>(['crash', 'oom', 'killed-outside', 'unknown'])('that is a %s is an alert', (cause) => {
    ends(cause);
    expect(alerts.list()).toMatchObject([
      { rule: 'crash', server: 'demo', serverName: 'Demo Server', severity: 'error', count: 1 },
    ]);
    expect(alerts.list()[0]?.data).toEqual({
      ...{ code: null, signal: 'SIGSEGV', cause, exitAt: noon - 5, players: 2, restarts: false },
    });
  });

  test.each<ExitCause>(['asked', 'stopped-from-inside', 'start-failed', 'host-restart'])(
    'that is %s is none',
    (cause) => {
      ends(cause);
      expect(states()).toEqual([]);
    },
  );

  test('that is followed by a restart is a warning', () => {
    ends('crash', 'on-crash');
    ends('crash', 'on-crash');
    expect(alerts.list()).toMatchObject([{ severity: 'warning', count: 2 }]);
  });

  test('ends what was wrong with the process', () => {
    rules.hung(server(), 'no-log');
    rules.stopTimedOut(server({ state: 'stopping' }), 60);
    expect(alerts.list()).toMatchObject([{ data: { reason: 'no-log' } }, { data: { graceSeconds: 60 } }]);
    ends('asked');
    expect(states()).toEqual(['hung resolved 1', 'stop-timeout resolved 1']);
  });
});

test('a stop that is over at the very moment of its time-out is none', () => {
  rules.stopTimedOut(server({ state: 'stopped' }), 60);
  expect(states()).toEqual([]);
});

test('responding again resolves it', () => {
  rules.hung(server(), null);
  rules.recovered(server());
  expect(states()).toEqual(['hung resolved 1']);
});

describe('saves', () => {
  const missing = { lastAt: noon - 900_000, intervalMs: 300_000 };

  test('one that is missing is told once, as long as it lasts, also once somebody has seen it', () => {
    rules.saveOverdue(server(), missing);
    rules.saveOverdue(server(), missing);
    expect(alerts.list()).toMatchObject([{ rule: 'save-overdue', severity: 'warning', count: 1, data: missing }]);
    alerts.acknowledge(alerts.list()[0]!.id);
    rules.saveOverdue(server(), missing);
    expect(states()).toEqual(['save-overdue acknowledged 1']);
  });

  test('the next one resolves both; another that is missing is a new matter', () => {
    rules.saveOverdue(server(), missing);
    rules.saveFailed(server(), 'disk full');
    rules.saveFailed(server(), 'io');
    expect(alerts.latest('save-failed', 'demo')).toMatchObject({ severity: 'error', count: 2, data: { reason: 'io' } });
    rules.saveDone(server());
    expect(states().sort()).toEqual(['save-failed resolved 2', 'save-overdue resolved 1']);
    rules.saveOverdue(server(), missing);
    expect(alerts.activeOf('demo')).toBe(1);
  });

  test('the end of the server resolves the missing one, not the failed one; a later start neither', () => {
    rules.saveOverdue(server(), missing);
    rules.saveFailed(server(), 'disk full');
    ends('asked');
    rules.changed(server({ state: 'starting', pid: null }));
    expect(states()).toEqual(['save-failed active 1', 'save-overdue resolved 1']);
    again();
    rules.begin([server({ state: 'stopped', pid: null })], true);
    expect(states()).toEqual(['save-failed active 1', 'save-overdue resolved 1']);
  });
});

describe('what resolves a crash and the giving up', () => {
  beforeEach(() => {
    ends('crash');
    rules.gaveUp(server({ state: 'failed' }), 3, 600);
  });
  const open = ['crash active 1', 'gave-up active 1'];

  test('a start by hand', () => {
    rules.changed(server({ state: 'starting', pid: null }));
    expect(states()).toEqual(['crash resolved 1', 'gave-up resolved 1']);
  });

  test('whoever starts it by hand has seen it', () => {
    told.length = 0;
    rules.changed(server({ state: 'starting', pid: null }));
    const crash = told.filter(({ rule }) => rule === 'crash').map(({ state }) => state);
    expect(crash).toEqual(['acknowledged', 'resolved']);
  });

  test('no restart by itself, no process that an earlier core has started, no other change', () => {
    rules.changed(server({ state: 'starting', pid: null, restarts: { used: 1, max: 3, nextAt: null } }));
    rules.changed(server({ state: 'starting', pid: 5 }));
    rules.changed(server({ state: 'crashed', pid: null }));
    expect(states()).toEqual(open);
  });

  test('ten minutes of running', () => {
    const since = noon;
    rules.review([server({ state: 'running', since })], noon + 599_999);
    rules.review([server({ state: 'starting', since })], noon + 900_000);
    expect(states()).toEqual(open);
    rules.review([server({ state: 'running', since })], noon + 600_000);
    expect(states()).toEqual(['crash resolved 1', 'gave-up resolved 1']);
  });

  test('its removal', () => {
    rules.removed('demo');
    expect(states()).toEqual(['crash resolved 1', 'gave-up resolved 1']);
  });
});

describe('another core', () => {
  const crashed = (): Watched => server({ state: 'crashed', pid: null, exit: exitOf('crash') });

  test('tells of an end that no core saw, once', () => {
    rules.begin([crashed()], true);
    expect(states()).toEqual(['crash active 1']);
    again();
    rules.begin([crashed()], true);
    expect(states()).toEqual(['crash active 1']);
  });

  test('does not bring back what was acknowledged', () => {
    ends('crash');
    alerts.acknowledge(alerts.list()[0]!.id);
    again();
    rules.begin([crashed()], true);
    expect(states()).toEqual(['crash acknowledged 1']);
  });

  test('tells of no end that was asked for', () => {
    rules.begin([server({ state: 'stopped', pid: null, exit: exitOf('asked') })], true);
    expect(states()).toEqual([]);
  });

  test('knows that a process is gone, and which servers are', () => {
    rules.stopTimedOut(server({ state: 'stopping' }), 60);
    ends('crash');
    again();
    rules.begin([server({ state: 'stopped', pid: null })], true);
    expect(states()).toEqual(['crash active 1', 'stop-timeout resolved 1']);
    // With a fault in servers.json nobody knows whether it is gone.
    rules.begin([], false);
    expect(states()).toEqual(['crash active 1', 'stop-timeout resolved 1']);
    rules.begin([], true);
    expect(states().filter((state) => state.includes('active'))).toEqual([]);
  });
});
