import { beforeEach, describe, expect, test } from 'vitest';
import { AlertRules } from '../../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import type { AlertRule, Definition, ServerView } from '../../../../src/shared/contract.js';
import { noon, view } from '../../extension/fixtures.js';
import { Shelf } from './support/shelf.js';

let shelf: Shelf;
let alerts: Alerts;
let rules: AlertRules;

beforeEach(() => {
  shelf = new Shelf();
  again();
});

/** As after the death of the core. */
function again(): void {
  alerts = new Alerts({ keeper: shelf, changed: () => undefined, now: () => noon });
  rules = new AlertRules(alerts);
}

type Watched = Parameters<AlertRules['changed']>[0];

function server(change: Partial<ServerView> = {}): Watched {
  const definition: Definition = { id: 'demo', name: 'Demo', game: 'demo', launch: { command: 'x' } };
  return { id: 'demo', definition, view: () => view(change) };
}

const states = (): string[] =>
  alerts
    .list()
    .map(({ rule, state, count }) => `${rule} ${state} ${count}`)
    .sort();

interface Lasting {
  readonly rule: AlertRule;
  readonly of: string;
  readonly data: Record<string, unknown>;
  begin(this: void): void;
  end(this: void): void;
}

const gigabyte = 1024 ** 3;
const api = { via: 'rest', is: 'silent', since: noon } as const;
const ticks = { rate: 11, usual: 20, players: 3 };
const disk = { freeBytes: gigabyte, totalBytes: 500 * gigabyte };
const cpu = { percent: 99, minutes: 10 };
const budget = { cpuPercent: 3, memoryBytes: 200_000_000, intervalMs: 6000 };
const lasting: readonly Lasting[] = [
  {
    ...{ rule: 'api-degraded', of: 'demo', data: api },
    ...{ begin: () => rules.apiDegraded(server(), api), end: () => rules.apiBack(server()) },
  },
  {
    ...{ rule: 'tick-rate-low', of: 'demo', data: ticks },
    ...{ begin: () => rules.tickRateLow(server(), ticks), end: () => rules.tickRateBack(server()) },
  },
  {
    ...{ rule: 'disk-nearly-full', of: 'demo', data: disk },
    ...{ begin: () => rules.diskNearlyFull(server(), disk), end: () => rules.diskFree('demo') },
  },
  {
    ...{ rule: 'host-cpu-saturated', of: 'monitor', data: cpu },
    ...{ begin: () => rules.hostSaturated(cpu), end: () => rules.hostRelaxed() },
  },
  {
    ...{ rule: 'over-budget', of: 'monitor', data: budget },
    ...{ begin: () => rules.overBudget(budget), end: () => rules.withinBudget() },
  },
  {
    ...{ rule: 'webhook-paused', of: 'monitor', data: { target: 'a', detail: '502', until: noon } },
    ...{ begin: () => rules.webhookPaused('a', '502', noon), end: () => rules.webhookResumed('a') },
  },
];

describe.each(lasting)('$rule', ({ rule, of, data, begin, end }) => {
  test('is a warning, told once while it lasts, also over the death of the core and once somebody has seen it', () => {
    begin();
    begin();
    expect(alerts.list()).toMatchObject([{ rule, server: of, severity: 'warning', count: 1, state: 'active' }]);
    expect(alerts.list()[0]).toMatchObject({ serverName: of === 'demo' ? 'Demo' : '' });
    expect(alerts.list()[0]?.data).toEqual(data);
    alerts.acknowledge(alerts.list()[0]!.id);
    again();
    begin();
    expect(states()).toEqual([`${rule} acknowledged 1`]);
  });

  test('is over once, and a new matter the next time', () => {
    end();
    begin();
    end();
    end();
    expect(states()).toEqual([`${rule} resolved 1`]);
    begin();
    expect(states()).toEqual([`${rule} active 1`, `${rule} resolved 1`]);
  });
});

describe('the end of a process', () => {
  const all = (): void => lasting.slice(0, 3).forEach(({ begin }) => begin());
  const left = ['api-degraded resolved 1', 'disk-nearly-full active 1', 'tick-rate-low resolved 1'];

  test('takes what was wrong with it along, not what is wrong with the disk', () => {
    all();
    const exit = { code: 0, signal: null, cause: 'asked', at: noon } as const;
    rules.ended(server({ state: 'stopped', pid: null, exit }), { exit, players: null });
    expect(states()).toEqual(left);
  });

  test('that no core has seen does so too; what still runs keeps its alerts', () => {
    all();
    again();
    rules.begin([server()], true);
    expect(states().filter((state) => state.includes('active'))).toHaveLength(3);
    again();
    rules.begin([server({ state: 'stopped', pid: null })], true);
    expect(states()).toEqual(left);
  });

  test('for good resolves all', () => {
    all();
    rules.removed('demo');
    expect(states().filter((state) => state.includes('active'))).toEqual([]);
  });
});

describe('webhooks', () => {
  const target = (): unknown => alerts.latest('webhook-paused', 'monitor')?.data.target;

  test('that are paused are one matter, over when all work again', () => {
    rules.webhookPaused('a', '502', noon);
    rules.webhookPaused('b', 'timeout', noon + 1);
    expect(alerts.list()).toMatchObject([{ count: 2, data: { target: 'a, b', detail: 'timeout', until: noon + 1 } }]);
    rules.webhookResumed('a');
    rules.webhookResumed('c');
    expect(states()).toEqual(['webhook-paused active 2']);
    // One that comes and goes meanwhile is no news.
    rules.webhookPaused('a', '502', noon + 2);
    expect(states()).toEqual(['webhook-paused active 2']);
    rules.webhookResumed('b');
    rules.webhookResumed('a');
    expect(states()).toEqual(['webhook-paused resolved 2']);
  });

  test('that work again are not named with one that fails later', () => {
    rules.webhookPaused('a', '502', noon);
    rules.webhookPaused('b', '502', noon);
    rules.webhookResumed('a');
    rules.webhookPaused('c', '502', noon);
    expect(target()).toBe('b, c');
  });
});

test('what an earlier process has told of the monitoring itself is told anew by the next one, if need be', () => {
  rules.overBudget(budget);
  rules.webhookPaused('a', '502', noon);
  again();
  rules.begin([], true);
  expect(states()).toEqual(['over-budget resolved 1', 'webhook-paused resolved 1']);
});

test('a webhook that was found paused before the beginning stays so', () => {
  rules.webhookPaused('a', '502', noon);
  again();
  rules.webhookPaused('a', '502', noon);
  rules.begin([], true);
  expect(states()).toEqual(['webhook-paused active 1']);
});

describe('a restart', () => {
  const at = (state: ServerView['state'], used: number, change: Partial<ServerView> = {}): void =>
    rules.changed(server({ state, restarts: { used, max: 3, nextAt: null }, ...change }));
  const exit = (cause: 'crash' | 'asked' | 'start-failed'): NonNullable<ServerView['exit']> => ({
    ...{ code: 1, signal: null, cause, at: noon },
  });
  const fall = (used: number, cause: 'crash' | 'asked' | 'start-failed' = 'crash'): void => {
    at('crashed', used, { pid: null, exit: exit(cause) });
    at('restarting', used, { pid: null, exit: exit(cause) });
  };
  const rise = (used: number): void => {
    at('starting', used, { pid: null });
    at('starting', used, { pid: 7 });
    at('running', used, { pid: 7 });
  };

  test('by the policy is told when it runs again, each time', () => {
    fall(0);
    expect(states()).toEqual([]);
    at('starting', 1, { pid: null });
    at('starting', 1, { pid: 7 });
    expect(states()).toEqual([]);
    at('running', 1, { pid: 7 });
    // What changes of it later is none.
    at('running', 1, { pid: 7 });
    expect(alerts.list()).toMatchObject([{ rule: 'restarted', severity: 'warning', count: 1 }]);
    expect(alerts.list()[0]?.data).toEqual({ cause: 'crash', attempt: 1, max: 3 });
    fall(1);
    rise(2);
    expect(alerts.list()).toMatchObject([{ count: 2, data: { attempt: 2 } }]);
  });

  test('that fails is none; the one after it is', () => {
    fall(0);
    at('starting', 1, { pid: null });
    at('crashed', 1, { pid: null, exit: exit('start-failed') });
    expect(states()).toEqual([]);
    fall(1, 'start-failed');
    rise(2);
    expect(alerts.list()).toMatchObject([{ count: 1, data: { cause: 'start-failed', attempt: 2 } }]);
  });

  test('of one that took longer to start than attempts count is one', () => {
    fall(0);
    at('starting', 1, { pid: null });
    at('starting', 0, { pid: 7 });
    at('running', 0, { pid: 7 });
    expect(alerts.list()).toMatchObject([{ count: 1, data: { attempt: 1 } }]);
  });

  test('of one that did not respond says so', () => {
    fall(0, 'asked');
    rise(1);
    expect(alerts.list()[0]?.data.cause).toBe('hung');
  });

  test('by a person is none: a start, also instead of one that was planned, a stop that was called off', () => {
    rise(0);
    fall(0);
    rise(0);
    at('stopping', 0);
    at('running', 0);
    fall(0);
    at('stopped', 0, { pid: null });
    // Connected while it ran.
    at('running', 1);
    expect(states()).toEqual([]);
  });

  describe('is over', () => {
    beforeEach(() => {
      fall(0);
      rise(1);
    });

    test('with a start by hand', () => {
      at('starting', 0, { pid: null });
      expect(states()).toEqual(['restarted resolved 1']);
    });

    test('after ten minutes of running', () => {
      rules.review([server({ state: 'running', since: noon })], noon + 599_999);
      expect(states()).toEqual(['restarted active 1']);
      rules.review([server({ state: 'running', since: noon })], noon + 600_000);
      expect(states()).toEqual(['restarted resolved 1']);
    });

    test('when it is given up: it does not run', () => {
      rules.gaveUp(server({ state: 'failed' }), 3, 600);
      expect(states()).toEqual(['gave-up active 1', 'restarted resolved 1']);
    });
  });

  test('that was planned for a server that was removed is none of the next one of that name', () => {
    fall(0);
    rules.removed('demo');
    at('running', 1);
    expect(states()).toEqual([]);
  });
});
