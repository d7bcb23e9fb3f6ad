import { describe, expect, test } from 'vitest';
import { statusText } from '../../../src/extension/statusBarText.js';
import type { StopProgress } from '../../../src/extension/mirror.js';
import { isCountingDown, stopText } from '../../../src/extension/text/stopText.js';
import { intervalNote } from '../../../src/extension/text/intervalText.js';
import { costLines, intervalRow, measuringRow } from '../../../src/extension/tree/measuring.js';
import { noticeOf } from '../../../src/extension/tree/notice.js';
import { serverRow, type RowContext } from '../../../src/extension/tree/rows.js';
import { tooltipLines } from '../../../src/extension/tree/tooltip.js';
import type { Alert, CoreStatus, ServerView } from '../../../src/shared/contract.js';
import { alert, noon, reader, sample, t, view } from './fixtures.js';

const context: RowContext = {
  ...reader,
  live: true,
  down: false,
  now: noon,
  cpus: 4,
  scale: 'pc',
  stop: undefined,
};
const exit = { code: 1, signal: null, cause: 'crash', at: noon - 60_000 } as const;
const describeRow = (change: Partial<ServerView>, more: Partial<RowContext> = {}): string =>
  serverRow(view(change), { ...context, ...more }).description;

describe('how often is measured', () => {
  const usual = { intervalMs: 3000, reason: 'normal', cpuPercent: 12 };

  test.each([
    [usual, undefined, 'every 3 s'],
    [{ ...usual, intervalMs: 2000, reason: 'panel' }, undefined, 'every 2 s: a metrics panel is open'],
    [{ intervalMs: 5000, reason: 'busy', cpuPercent: 75 }, 'every 5 s: the PC is busy (CPU 75 %)', undefined],
    [
      { intervalMs: 10_000, reason: 'saturated', cpuPercent: 93 },
      'every 10 s: the PC is very busy (CPU 93 %)',
      undefined,
    ],
    [{ intervalMs: 10_000, reason: 'hidden', cpuPercent: 3 }, 'every 10 s: nobody is looking', undefined],
    // The view has a row that says so.
    [{ intervalMs: 6000, reason: 'budget', cpuPercent: 12 }, undefined, 'every 6 s: the monitoring is over its budget'],
    // A newer version may know more reasons; an older one tells no load.
    [{ intervalMs: 12_500, reason: 'moon', cpuPercent: 3 }, 'every 12.5 s', undefined],
    [{ intervalMs: 5000, reason: 'busy' }, 'every 5 s', undefined],
  ])('%j', (interval, note, text) => {
    expect(intervalNote(interval, t)).toBe(note);
    expect(intervalRow(interval, t)?.label).toBe(note === undefined ? undefined : `Measured ${note}`);
    const lines = new Map(tooltipLines(view(), { ...context, interval }));
    expect(lines.get('Monitoring interval')).toBe(text ?? note);
  });

  test('says nothing while it is not known', () => {
    expect(intervalNote(undefined, t)).toBeUndefined();
    expect(intervalRow(undefined, t)).toBeUndefined();
    expect(new Map(tooltipLines(view(), context)).has('Monitoring interval')).toBe(false);
  });
});

test.each([
  [{ files: 1234, handles: null }, 'Open files', '1,234'],
  [{ files: null, handles: 871 }, 'Open handles', '871'],
])('what a server holds open is in the tooltip, as far as the system tells: %j', (open, label, text) => {
  const lines = tooltipLines(view(), context, open).filter(([name]) => name.startsWith('Open '));
  expect(lines).toEqual([[label, text]]);
  expect(tooltipLines(view({ state: 'stopping' }), context, open).map(([name]) => name)).not.toContain(label);
  expect(tooltipLines(view(), context).map(([name]) => name)).not.toContain(label);
});

test.each([
  [{ days: 2.4, of: 7 }, 0, [['Normal pattern', 'learning: 2 of 7 days']]],
  [
    { days: 6.9, of: 7 },
    2,
    [
      ['Normal pattern', 'known'],
      ['Anomalies', '2'],
    ],
  ],
  [undefined, 0, []],
])('what is known of its normal pattern is in the tooltip, in every state: %j, %i', (learned, anomalies, expected) => {
  const known = learned === undefined ? {} : { learned, anomalies };
  for (const state of ['running', 'stopped'] as const) {
    const lines = tooltipLines(view({ state, ...known }), context);
    expect(lines.filter(([label]) => ['Normal pattern', 'Anomalies'].includes(label))).toEqual(expected);
  }
});

test('a priority that was not to be had is in the tooltip', () => {
  const lines = new Map(tooltipLines(view({ priority: 'refused' }), context));
  expect(lines.get('Priority')).toBe('normal; this system allows none above it');
  expect(new Map(tooltipLines(view(), context)).has('Priority')).toBe(false);
});

describe('a row', () => {
  test('running: CPU of the PC, memory, uptime', () => {
    expect(describeRow({ sample: sample({ cpu: 144, memory: 6.1 * 1024 ** 3 }) })).toBe(
      'CPU 36 % · 6.1 GB · 2 h 5 min',
    );
  });

  test('says when a password is missing, and which', () => {
    const secretsMissing = ['rconPassword', 'newPassword'];
    expect(describeRow({ state: 'stopped', secretsMissing })).toBe('Stopped · password missing');
    expect(describeRow({ secretsMissing })).toMatch(/^CPU .* · password missing$/);
    expect(describeRow({ secretsMissing }, { live: false })).not.toContain('password');
    const lines = tooltipLines(view({ secretsMissing }), context);
    expect(lines).toContainEqual(['Missing passwords', 'RCON password, newPassword']);
  });

  test('running, not measured yet', () => {
    expect(describeRow({ since: noon - 1000 })).toBe('CPU – · – · 1 s');
  });

  test('players come first where they are known', () => {
    const players = { online: 3, max: 32, source: 'log', at: noon };
    expect(describeRow({ players })).toMatch(/^3\/32 players · CPU/);
    expect(describeRow({ players: { ...players, max: null }, sample: sample({ players: 5 }) })).toMatch(
      /^5 players · /,
    );
  });

  test('a save under way, or the next one in whole minutes; one that is late or not known is not told', () => {
    const described = (save: Partial<ServerView['save']>): string => describeRow({ save: { ...view().save, ...save } });
    expect(described({ nextAt: noon + 61_000 })).toBe('CPU – · – · save in 2 min · 2 h 5 min');
    expect(described({ nextAt: noon + 1000 })).toContain('save in 1 min');
    expect(described({ nextAt: noon + 1000, running: true })).toContain('· saving… ·');
    for (const nextAt of [null, noon, noon - 1]) expect(described({ nextAt })).not.toContain('sav');
    expect(describeRow({ state: 'stopped', save: { ...view().save, nextAt: noon + 1000 } })).toBe('Stopped');
  });

  test('what moves by the clock alone does not redraw the row every second', () => {
    const save = { ...view().save, lastAt: noon - 1000, nextAt: noon + 119_000 };
    const players = { online: 3, max: 32, source: 'rest', at: noon };
    const api = { is: 'ok', via: 'rest', since: noon } as const;
    const texts = new Set<string>();
    for (let second = 0; second < 50; second++) {
      const now = noon + second * 1000;
      texts.add(JSON.stringify(serverRow(view({ save, players, api, since: noon - 7_500_000 }), { ...context, now })));
    }
    expect(texts.size).toBe(1);
  });

  test.each<[string, Partial<ServerView>, string]>([
    ['never started', { state: 'stopped' }, 'Stopped'],
    ['stopped as asked', { state: 'stopped', exit: { ...exit, code: 0, cause: 'asked' } }, 'Stopped · 11:59 AM'],
    [
      'stopped in game',
      { state: 'stopped', exit: { ...exit, cause: 'stopped-from-inside' } },
      'Stopped in game · 11:59 AM',
    ],
    ['crashed', { state: 'crashed', exit }, 'Crashed (exit 1) · 11:59 AM'],
    [
      'crashed by a signal',
      { state: 'crashed', exit: { ...exit, code: null, signal: 'SIGSEGV' } },
      'Crashed (SIGSEGV) · 11:59 AM',
    ],
    ['out of memory', { state: 'crashed', exit: { ...exit, cause: 'oom' } }, 'Crashed (out of memory) · 11:59 AM'],
    [
      'spawn failed',
      { state: 'stopped', exit: { ...exit, code: null, cause: 'start-failed' } },
      'Could not start · 11:59 AM',
    ],
    [
      'gave up',
      { state: 'failed', exit, restarts: { used: 3, max: 3, nextAt: null } },
      'Restart failed (3/3) · 11:59 AM',
    ],
    [
      'restarting',
      { state: 'restarting', restarts: { used: 1, max: 3, nextAt: noon + 15_000 } },
      'Restarting (1/3) · in 15 s',
    ],
    ['starting', { state: 'starting', since: noon - 4000 }, 'Starting… · 4 s'],
    ['stopping', { state: 'stopping', since: noon - 4000 }, 'Stopping… · 4 s'],
  ])('%s', (_, change, text) => {
    expect(describeRow(change).replaceAll('\u202f', ' ')).toBe(text);
  });

  test('a countdown counts down', () => {
    const steps = [{ step: 'announce', startedAt: noon, endedAt: 0, outcome: 'done', detail: null }] as const;
    expect(describeRow({ state: 'stopping' }, { stop: { steps, endsAt: noon + 11_400 } })).toBe('Stopping in 12 s');
  });

  test('trouble is said before the numbers', () => {
    expect(describeRow({ health: { is: 'hung', reason: null } })).toMatch(/^Not responding · CPU/);
    expect(describeRow({ health: { is: 'degraded', reason: null } })).toMatch(/^Game API not answering · /);
    expect(describeRow({ health: { is: 'degraded', reason: 'not-ready' } })).toMatch(/^Not ready yet · /);
    expect(describeRow({ health: { is: 'degraded', reason: 'api-silent' } })).toMatch(/^Game API not answering · /);
    const refused = view({ health: { is: 'degraded', reason: 'api-refused' } });
    expect(serverRow(refused, context)).toMatchObject({
      description: expect.stringMatching(/^The game does not take the password · CPU/) as string,
      icon: { id: 'warning' },
    });
    const because = (reason: string): string | undefined =>
      new Map(tooltipLines(view({ health: { is: 'hung', reason } }), context)).get('Because');
    expect(because('api-silent counters-flat')).toBe(
      'The game does not answer. It uses neither CPU nor storage any more.',
    );
    expect(because('api-refused')).toBe('The password that is known is not the one of the game.');
  });

  test('without a connection no old number is shown, and nothing can be done', () => {
    const lost = serverRow(view({ sample: sample({ cpu: 10 }) }), { ...context, live: false });
    expect(lost).toMatchObject({ description: 'Reconnecting…', contextValue: 'server.unknown.demo' });
    const down = serverRow(view(), { ...context, live: false, down: true });
    expect(down.description).toBe('Last seen: Running');
  });

  test('what is read aloud does not change with every tick', () => {
    const first = serverRow(view({ sample: sample({ cpu: 10 }) }), context);
    const second = serverRow(view({ sample: sample({ cpu: 20 }) }), { ...context, now: noon + 3000 });
    expect(first.spoken).toBe('Demo Server, Running');
    expect(second.spoken).toBe(first.spoken);
    expect(second.description).not.toBe(first.description);
  });

  test('alerts that nobody has acknowledged are told, aloud too', () => {
    const running = serverRow(view({ alerts: 1 }), context);
    expect(running.description).toMatch(/^1 alert · CPU/);
    expect(running.spoken).toBe('Demo Server, Running, 1 alert');
    expect(describeRow({ state: 'stopping', since: noon - 4000, alerts: 2 })).toBe('Stopping… · 4 s · 2 alerts');
    // Its own words say the one thing that is wrong.
    const hung = { is: 'hung', reason: null } as const;
    expect(describeRow({ health: hung, alerts: 1 })).toMatch(/^Not responding · CPU/);
    expect(describeRow({ health: hung, alerts: 2 })).toMatch(/^Not responding · CPU.* · 2 alerts$/);
    expect(serverRow(view({ alerts: 1 }), { ...context, live: false }).description).toBe('Reconnecting…');
  });

  test('that somebody works on it comes first, nothing alarms, and alerts are still counted', () => {
    const maintenance = { until: noon + 5_400_000 };
    const worked = (change: Partial<ServerView> = {}) => serverRow(view({ maintenance, ...change }), context);
    expect(worked({ alerts: 1 }).description.replaceAll('\u202f', ' ')).toMatch(
      /^Maintenance until 01:30 PM · 1 alert · CPU/,
    );
    expect(worked({ maintenance: { until: null }, state: 'stopped' }).description).toBe('Maintenance · Stopped');
    expect(worked({ maintenance: { until: null }, alerts: 2 }).spoken).toBe(
      'Demo Server, Running, Maintenance, 2 alerts',
    );
    expect(worked().icon).toEqual({ id: 'tools', color: 'charts.green' });
    expect(worked({ health: { is: 'hung', reason: null } }).icon).toEqual({ id: 'tools' });
    expect(worked({ state: 'crashed', exit }).icon).toEqual({ id: 'tools' });
    expect(worked({ state: 'starting' }).icon).toEqual({ id: 'loading~spin' });
    const [, work] = tooltipLines(view({ maintenance }), context)
      .map(([label, value]) => `${label}: ${value}`)
      .slice(1);
    expect(work?.replaceAll('\u202f', ' ')).toBe('Maintenance until 01:30 PM: nobody is told of its alerts');
  });

  test('what menus go by', () => {
    const worked = view({ maintenance: { until: null }, capabilities: ['save'] });
    expect(serverRow(worked, context).contextValue).toBe('server.running.demo.can-save.maintenance');
    expect(serverRow(view(), context).contextValue).toBe('server.running.demo');
    const capabilities = ['console', 'send', 'test', 'players', 'save', 'action.kick'];
    expect(serverRow(view({ capabilities }), context).contextValue).toBe(
      'server.running.demo.can-save.can-players.can-test',
    );
    expect(serverRow(view({ capabilities }), { ...context, live: false }).contextValue).toBe('server.unknown.demo');
  });
});

describe('the tooltip', () => {
  test('has CPU in cores and of the PC, and how it last ended', () => {
    const lines = new Map(tooltipLines(view({ sample: sample({ cpu: 144, memory: 1024 ** 3 }), exit }), context));
    expect(lines.get('CPU')).toBe('36 % of the PC, 1.44 cores');
    expect(lines.get('Game')).toBe('Demo server');
    expect(lines.get('Process')).toBe('4242');
    expect(lines.get('Last end')).toMatch(/^Crashed \(exit 1\), /);
  });

  test('has no live numbers without a connection', () => {
    const players = { online: 3, max: 32, source: 'rest', at: noon };
    const told = view({ sample: sample({ cpu: 1, tickRate: 20 }), players });
    const labelsOf = (live: boolean): string[] => tooltipLines(told, { ...context, live }).map(([label]) => label);
    expect(labelsOf(true)).toEqual(expect.arrayContaining(['CPU', 'Players', 'Tick rate']));
    for (const label of ['CPU', 'Players', 'Tick rate']) expect(labelsOf(false)).not.toContain(label);
  });
});

describe('the steps of a stop', () => {
  const done = {
    step: 'announce',
    startedAt: noon - 9000,
    endedAt: noon - 1000,
    outcome: 'done',
    detail: null,
  } as const;
  const saving = { step: 'save', startedAt: noon - 1000, endedAt: 0, outcome: 'done', detail: null } as const;

  test('the step under way is told, with the time left', () => {
    expect(stopText({ steps: [done, saving], endsAt: noon + 59_000 }, noon, reader)).toBe(
      'saving the world (at most 59 s)',
    );
    expect(stopText({ steps: [done], endsAt: null }, noon, reader)).toBe('stopping');
    expect(stopText(undefined, noon, reader)).toBe('stopping');
  });

  test('it can be called off until the game is told, and the row offers that no longer', () => {
    const counting = { steps: [{ ...done, endedAt: 0 }], endsAt: noon + 1 };
    const telling = { steps: [done, { ...saving, step: 'command' }], endsAt: null };
    expect(isCountingDown(counting)).toBe(true);
    expect(isCountingDown({ steps: [done, saving], endsAt: noon + 1 })).toBe(false);
    expect(isCountingDown(undefined)).toBe(false);
    const contextOf = (stop: StopProgress | undefined): string =>
      serverRow(view({ state: 'stopping' }), { ...context, stop }).contextValue;
    expect(contextOf(counting)).toBe('server.stopping.demo.cancellable');
    expect(contextOf({ steps: [done, saving], endsAt: noon + 1 })).toBe('server.stopping.demo.cancellable');
    expect(contextOf(telling)).toBe('server.stopping.demo');
    expect(contextOf(undefined)).toBe('server.stopping.demo');
  });
});

describe('the status bar', () => {
  test('is not there without servers', () => {
    expect(statusText([], [], true, reader)).toBeUndefined();
  });

  test('running of all, and players where they are known', () => {
    const stopped = view({ id: 'b', name: 'B', state: 'stopped' });
    expect(statusText([view(), stopped], [], true, reader)).toMatchObject({ text: '$(server) 1/2', severity: 'none' });
    const players = { online: 4, max: null, source: 'log', at: noon };
    expect(statusText([view({ players }), stopped], [], true, reader)?.text).toBe('$(server) 1/2 $(person) 4');
  });

  test('colours only for what somebody must know, and does not know yet', () => {
    const shown = (...alerts: Alert[]): unknown => statusText([view({ state: 'crashed' })], alerts, true, reader);
    expect(shown()).toMatchObject({ text: '$(server) 0/1', severity: 'none' });
    expect(shown(alert())).toMatchObject({ text: '$(error) Demo Server crashed', severity: 'error' });
    expect(shown(alert({ severity: 'warning' }))).toMatchObject({
      text: '$(warning) Demo Server crashed',
      severity: 'warning',
    });
  });

  test('the worst alert stands for all, and all are told', () => {
    const hung = alert({ id: 'b', rule: 'hung', severity: 'warning', serverName: 'B $(heart)' });
    const shown = statusText([view()], [hung, alert()], true, reader);
    expect(shown).toMatchObject({ text: '$(error) Demo Server crashed +1', severity: 'error' });
    expect(shown?.spoken).toBe('B $(heart) is not responding, Demo Server crashed, Game Servers: 1 of 1 running');
    expect(shown?.tooltip.split('\n').slice(0, 2)).toEqual(['B $(heart) is not responding', 'Demo Server crashed']);
    expect(statusText([view()], [hung], true, reader)?.text).toBe('$(warning) B \\$(heart) is not responding');
  });

  test('no number that may be old', () => {
    expect(statusText([view({ state: 'crashed' })], [], false, reader)).toMatchObject({
      text: '$(server) –',
      severity: 'none',
    });
  });
});

describe('the row about the connection', () => {
  test('is there only when it is down', () => {
    expect(noticeOf({ at: 'connecting' }, t)).toBeUndefined();
    expect(noticeOf({ at: 'connected' }, t)).toBeUndefined();
  });

  test('offers what helps', () => {
    expect(noticeOf({ at: 'down', reason: 'no-answer', detail: '' }, t)?.command).toBe('gameServers.retryConnection');
    expect(noticeOf({ at: 'down', reason: 'reload-needed', detail: '' }, t)?.command).toBe(
      'workbench.action.reloadWindow',
    );
    expect(noticeOf({ at: 'down', reason: 'files-missing', detail: '/x/dist/a.js' }, t)?.tooltip).toContain(
      '/x/dist/a.js',
    );
  });
});

describe('the row about measuring', () => {
  const rowFor = (leastIntervalMs: number, shortfall: string | null) =>
    measuringRow({ at: 'connected', measuring: { leastIntervalMs, shortfall } }, reader);

  test('is not there where measuring is cheap, nothing is known or nothing is connected', () => {
    expect(rowFor(0, null)).toBeUndefined();
    expect(measuringRow({ at: 'connected' }, reader)).toBeUndefined();
    expect(measuringRow({ at: 'connecting' }, reader)).toBeUndefined();
    expect(measuringRow({ at: 'down', reason: 'no-answer', detail: '' }, reader)).toBeUndefined();
  });

  test('says that there is nothing to do where that is how it is', () => {
    const row = rowFor(10_000, null);
    expect(row?.label).toBe('Measured every 10 s only');
    expect(row?.tooltip).toMatch(/^Measured every 10 s only\n.*\nThere is nothing to do\.$/);
    expect(row?.spoken).not.toContain('\n');
  });

  test('says what is missing, what to do and the reason, also to those who listen', () => {
    const row = rowFor(10_000, 'koffi: %1 is not a valid Win32 application.');
    for (const text of [row?.tooltip, row?.spoken]) {
      expect(text).toContain('Install Game Server Panel again.');
      expect(text).toContain('Reason: koffi: %1 is not a valid Win32 application.');
    }
  });

  test('the cost of the monitoring itself is that of both its processes', () => {
    const megabyte = 1024 * 1024;
    const self = { cpuPercent: 0.24, rssBytes: 60 * megabyte } as CoreStatus['self'];
    const launcher = { pid: 1, rssBytes: 40 * megabyte, nice: 0 };
    const status = { self, launcher, uptimeMs: 600_000 };
    expect(costLines(status, reader)).toEqual([['Monitoring itself', 'CPU 0.2 % of one core, 100 MB']]);
    expect(costLines({ ...status, launcher: null }, reader)[0]?.[1]).toBe('CPU 0.2 % of one core, 60 MB');
    // Of the first minutes its start is the most.
    expect(costLines({ ...status, uptimeMs: 119_999 }, reader)).toEqual([]);
  });

  test('says that the monitoring is over its budget, by how much, and what that leads to', () => {
    const overBudget = { cpuPercent: 1.34, memoryBytes: 151 * 1024 * 1024, intervalMs: 6000 };
    const measuring = { leastIntervalMs: 0, shortfall: null, overBudget };
    const row = measuringRow({ at: 'connected', measuring }, reader);
    expect(row?.label).toBe('Monitoring over its budget: measured every 6 s');
    const sentence = 'The monitoring uses more than its budget (CPU 1.3 % of one core, 151 MB): it measures every 6 s.';
    for (const text of [row?.tooltip, row?.spoken]) expect(text).toContain(sentence);
    expect(row?.spoken).not.toContain('\n');
  });
});
