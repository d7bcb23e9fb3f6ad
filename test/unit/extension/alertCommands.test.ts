import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AlertCommands } from '../../../src/extension/alerts/alertCommands.js';
import { Maintenance } from '../../../src/extension/commands/maintenance.js';
import { alertsOf, serversOf } from '../../../src/extension/commands/targets.js';
import type { Mirror } from '../../../src/extension/mirror.js';
import type { Alert } from '../../../src/shared/contract.js';
import { Failure } from '../../../src/shared/failure.js';
import { alert, noon, reader, view } from './fixtures.js';
import { forgetAll, user } from './games/fakeWindow.js';

vi.mock('vscode', async () => (await import('./games/fakeWindow.js')).fakeVscode);

const hour = 3_600_000;
let list: Alert[];
const done: unknown[][] = [];
const commands = new AlertCommands({
  alerts: {
    active: () => list.filter(({ state }) => state === 'active'),
    acknowledge: async (id) => void done.push(['acknowledge', id]),
    mute: async (id, until) => void done.push(['mute', id, until]),
    unmute: async (id) => void done.push(['unmute', id]),
  },
  mirror: { get: () => undefined },
  reader,
  perform: async (action, { id }) => void done.push([action, id]),
});

beforeEach(() => {
  vi.useFakeTimers({ now: noon, toFake: ['Date'] });
  forgetAll();
  done.length = 0;
  list = [alert(), alert({ id: 'b', state: 'acknowledged' }), alert({ id: 'c', rule: 'hung' })];
});
afterEach(() => vi.useRealTimers());

describe('alerts', () => {
  test('Enter offers what can be done, under the whole sentence', async () => {
    user.picks = ['Start'];
    await commands.offer(list);
    expect(user.lists[0]?.items.map(({ label }) => label)).toEqual([
      ...['Open Crash Report', 'Start', 'Acknowledge', 'Mute…', 'Copy Text'],
    ]);
    expect(user.lists[0]?.options.placeHolder).toBe('Demo Server crashed (SIGSEGV).');
    expect(done).toEqual([['start', 'a1']]);
  });

  test('Escape does nothing', async () => {
    await commands.offer(list);
    await commands.mute(list);
    expect(done).toEqual([]);
  });

  test.each<[string, number | null]>([
    ['For 1 hour', noon + hour],
    ['For 8 hours', noon + 8 * hour],
    ['For 1 day', noon + 24 * hour],
    ['For 1 week', noon + 168 * hour],
    ['Until I Unmute It', null],
  ])('muting: %s', async (label, until) => {
    user.picks = ['Mute…', label];
    await commands.offer(list);
    expect(user.lists[1]?.options.title).toBe('Mute: Demo Server crashed');
    expect(done).toEqual([['mute', 'a1', until]]);
  });

  test('several are muted with one question', async () => {
    user.picks = ['For 1 hour'];
    await commands.mute(list);
    expect(user.lists.map(({ options }) => options.title)).toEqual(['Mute 3 alerts']);
    expect(done.map(([, id]) => id)).toEqual(['a1', 'b', 'c']);
  });

  test('Acknowledge All is about those that wait, and about no other', async () => {
    await commands.acknowledgeAll();
    expect(done).toEqual([
      ['acknowledge', 'a1'],
      ['acknowledge', 'c'],
    ]);
  });

  test('their text is copied with the time', async () => {
    user.picks = ['Copy Text'];
    await commands.offer(list);
    expect(user.copied[0]).toMatch(/^Nov 22, 2026, 12:00:00.PM: Demo Server crashed \(SIGSEGV\)\.$/);
    await commands.copy(list);
    expect(user.copied[1]?.split('\n')).toHaveLength(3);
  });
});

test('rows of alerts name their alert, and their server where they have one', () => {
  const nodes = [{ kind: 'alert', alert: 'a1', id: 'demo' }, { kind: 'alert', alert: 'gone' }, { kind: 'resolved' }];
  const known = { get: (id: string) => list.find((one) => one.id === id) };
  expect(alertsOf(nodes[0], undefined, known)).toEqual([list[0]]);
  expect(alertsOf(nodes[0], nodes, known)).toEqual([list[0]]);
  expect(alertsOf(undefined, undefined, known)).toEqual([]);
  const mirror = { get: (id: string) => (id === 'demo' ? view() : undefined) } as Mirror;
  expect(serversOf(nodes[0], undefined, mirror)).toEqual([view()]);
  expect(serversOf('demo', undefined, mirror)).toEqual([view()]);
  // It asks which server.
  expect(serversOf(nodes[1], [nodes[1]], mirror)).toBeUndefined();
});

describe('maintenance', () => {
  const asked: unknown[][] = [];
  const taken: unknown[] = [];
  const failed: unknown[] = [];
  const maintenance = new Maintenance({
    client: {
      request: async (method: string, params: { id: string }) => {
        asked.push([method, params]);
        if (params.id === 'gone') throw new Failure('unknown-server');
        return params.id;
      },
    },
    mirror: { take: (taking) => void taken.push(taking) },
    reporter: {
      each: async (views, run) => {
        for (const one of views) await run(one).catch((error: unknown) => failed.push(error));
      },
    },
    reader,
  });

  beforeEach(() => {
    for (const all of [asked, taken, failed]) all.length = 0;
  });

  test.each<[string, object]>([
    ['For 30 minutes', { on: true, until: noon + hour / 2 }],
    ['For 1 hour', { on: true, until: noon + hour }],
    ['For 2 hours', { on: true, until: noon + 2 * hour }],
    ['For 8 hours', { on: true, until: noon + 8 * hour }],
    ['Until I End It', { on: true }],
  ])('%s', async (label, how) => {
    user.picks = [label];
    await maintenance.begin([view()]);
    expect(user.lists[0]?.options.title).toBe('Maintenance of Demo Server');
    expect(asked).toEqual([['server/maintenance', { id: 'demo', ...how }]]);
    expect(taken).toEqual(['demo']);
  });

  test('is ended at once; a failure of one is told, the others end', async () => {
    await maintenance.end([view({ id: 'gone' }), view()]);
    expect(asked).toEqual([
      ['server/maintenance', { id: 'gone', on: false }],
      ['server/maintenance', { id: 'demo', on: false }],
    ]);
    expect(taken).toEqual(['demo']);
    expect(failed).toMatchObject([{ code: 'unknown-server' }]);
    expect(user.lists).toEqual([]);
  });

  test('Escape begins none', async () => {
    await maintenance.begin([view(), view({ id: 'b' })]);
    expect(user.lists[0]?.options.title).toBe('Maintenance of 2 servers');
    expect(asked).toEqual([]);
  });
});
