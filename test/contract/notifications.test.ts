import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Notifications } from '../../src/shared/contract.js';
import { eventKinds } from '../../src/shared/events.js';
import { Bench, until } from '../core/support/bench.js';
import { RawClient } from './support/rawClient.js';
import { faultsOf, notificationShapes, resultShapes } from './support/shapes.js';

let bench: Bench;
/** Has asked for everything; for nothing but what all are told; has only said hello. */
let all: RawClient;
let some: RawClient;
let none: RawClient;

const seen = (client: RawClient, method: keyof Notifications): unknown[] =>
  client.notifications.flatMap((one) => (one.method === method ? [one.params] : []));
const ask = async (method: string, params: object): Promise<unknown> => {
  const { result, error } = await all.request(method, params);
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
};

beforeAll(async () => {
  bench = new Bench();
  const { line } = await bench.core({ args: ['--no-priority'] });
  const token = fs.readFileSync(line.token, 'utf8').trim();
  const client = async (subscription?: object): Promise<RawClient> => {
    const made = await RawClient.connect(line.endpoint);
    await made.hello(token);
    if (subscription !== undefined) await made.request('client/subscribe', subscription);
    return made;
  };
  all = await client({ samples: true, consoles: ['demo'] });
  some = await client({});
  none = await client();
});
afterAll(async () => {
  for (const client of [all, some, none]) client.dispose();
  await bench.dispose();
});

/** Each of these tests makes something happen; together they bring every kind that this core has. */
describe('a life', { timeout: 60_000 }, () => {
  test('definition and problems', async () => {
    await ask('server/add', { definition: bench.demo('demo', {}, ['--players', '2']) });
    await until('the new server', () => seen(all, 'server/changed').length > 0);
    const file = path.join(bench.dataDir, 'servers.json');
    const good = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, good.replace('"servers": [', '"servers": [ { "id": "broken" },'));
    await until('its problems', () =>
      (seen(all, 'server/problems') as Notifications['server/problems'][]).some(({ problems }) => problems.length > 0),
    );
    fs.writeFileSync(file, good);
    await until(
      'its mending',
      () => (seen(all, 'server/problems') as Notifications['server/problems'][]).at(-1)?.problems.length === 0,
    );
  });

  test('a game of the own', async () => {
    const own = { id: 'mine', label: 'Mine', stop: { line: 'quit' } };
    fs.writeFileSync(path.join(bench.dataDir, 'games.json'), JSON.stringify({ version: 1, games: [own] }));
    await until('the news of it', () => seen(all, 'game/changed').length > 0);
    const [{ games }] = seen(all, 'game/changed') as [Notifications['game/changed']];
    expect(games.at(-1)).toMatchObject({ id: 'mine', label: 'Mine', isOwn: true, proof: 'basic' });
  });

  test('start, lines, numbers', async () => {
    await ask('server/start', { id: 'demo' });
    await until('lines', () => seen(all, 'console/lines').length > 0);
    await until('numbers', () => seen(all, 'server/sample').length > 1);
  });

  test('stop and end', async () => {
    await ask('server/stop', { id: 'demo', mode: 'graceful', countdownSeconds: 0.2 });
    await until('its steps', () => seen(all, 'stop/progress').length > 3);
    await ask('server/remove', { id: 'demo' });
    await until('its going', () => seen(all, 'server/removed').length > 0);
    await until('a line of the log', () => seen(all, 'core/log').length > 0);
  });
});

describe('what was told of it', () => {
  const kinds = Object.keys(notificationShapes) as (keyof Notifications)[];

  test.each(kinds)('%s has the shape of the contract', (method) => {
    for (const params of [...seen(all, method), ...seen(some, method)]) {
      expect(faultsOf(notificationShapes[method], params)).toEqual([]);
    }
  });

  test('is nothing that the contract does not know', () => {
    const known = new Set<string>(kinds);
    expect(all.notifications.filter(({ method }) => !known.has(method))).toEqual([]);
    expect([...all.strange, ...some.strange, ...none.strange]).toEqual([]);
  });

  test('is every step of the life, in order', () => {
    const states = (seen(all, 'server/changed') as Notifications['server/changed'][])
      .filter(({ id }) => id === 'demo')
      .map(({ state }) => state)
      .filter((state, n, list) => state !== list[n - 1]);
    expect(states).toEqual(['stopped', 'starting', 'running', 'stopping', 'stopped']);
    const progress = seen(all, 'stop/progress') as Notifications['stop/progress'][];
    expect(progress[0]).toMatchObject({ id: 'demo', steps: [{ step: 'announce' }] });
    expect(progress[0]?.endsAt).toBeGreaterThan(0);
    const last = progress.at(-1)?.steps ?? [];
    expect(last.map(({ step }) => step)).toEqual(['announce', 'save', 'command', 'wait']);
    for (const { startedAt, endedAt } of last) expect(endedAt).toBeGreaterThanOrEqual(startedAt);
  });

  test('are the events of the life, in order, each once, and as they are found again', async () => {
    const told = seen(all, 'event/added') as Notifications['event/added'][];
    const steps = told.filter(({ kind }) => !kind.startsWith('player-') && !kind.startsWith('save'));
    expect(steps.map(({ id, kind }) => `${id} ${kind}`)).toEqual(
      ['added', 'started', 'ready', 'stopping', 'stopped', 'removed'].map((kind) => `demo ${kind}`),
    );
    const known = new Set<string>(eventKinds);
    expect(told.filter(({ kind }) => !known.has(kind))).toEqual([]);
    expect(await ask('history/events', { id: 'demo', from: 0, to: Date.now() })).toEqual(told);
  });

  test('are all lines of the console, each once', () => {
    const lines = (seen(all, 'console/lines') as Notifications['console/lines'][]).flatMap((news) => news.lines);
    expect(lines).toEqual(bench.console().trimEnd().split('\n'));
  });

  test('are rounds of samples in order, of servers that run', () => {
    const rounds = seen(all, 'server/sample') as Notifications['server/sample'][];
    for (const { at, samples } of rounds) {
      expect(Object.keys(samples)).toEqual(['demo']);
      expect(samples.demo?.at).toBe(at);
    }
    const times = rounds.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('is the same for the others, without the samples and lines that they have not asked for', async () => {
    // What was sent before an answer has arrived with it.
    for (const client of [all, some]) await client.request('server/list', {});
    expect([seen(some, 'server/sample'), seen(some, 'console/lines')]).toEqual([[], []]);
    const shared = (client: RawClient): unknown[] =>
      client.notifications.filter(({ method }) => !['server/sample', 'console/lines'].includes(method));
    expect(shared(some)).toEqual(shared(all));
  });

  test('is nothing to who has not subscribed', async () => {
    expect(none.notifications).toEqual([]);
    // It was there all the time, and is answered.
    expect((await none.request('server/list', {})).result).toEqual([]);
  });
});

describe('an alert', { timeout: 60_000 }, () => {
  test('is told when it begins, when it is acknowledged and when it is over, and the view counts it', async () => {
    await ask('server/add', { definition: bench.demo('faller') });
    await ask('server/start', { id: 'faller' });
    await ask('server/send', { id: 'faller', line: 'crash 3' });
    const told = (): Notifications['alert/raised'][] => seen(some, 'alert/raised') as Notifications['alert/raised'][];
    const { id } = await until('its alert', () => told()[0]);
    expect(await ask('alert/claim', { alert: id })).toEqual({ yours: true });
    await ask('alert/acknowledge', { alert: id });
    await ask('server/remove', { id: 'faller' });
    await until('its end', () => told().length === 3);
    for (const alert of told()) expect(faultsOf(notificationShapes['alert/raised'], alert)).toEqual([]);
    expect(told().map(({ id: same, state }) => [same, state])).toEqual([
      [id, 'active'],
      [id, 'acknowledged'],
      [id, 'resolved'],
    ]);
    const { result } = await all.request('alert/list', {});
    expect(faultsOf(resultShapes['alert/list'], result)).toEqual([]);
    expect(result).toEqual([told().at(-1)]);
    const counts = (seen(all, 'server/changed') as Notifications['server/changed'][])
      .filter((view) => view.id === 'faller')
      .map(({ alerts }) => alerts)
      .filter((count, n, list) => count !== list[n - 1]);
    expect(counts).toEqual([0, 1, 0]);
    expect(none.notifications).toEqual([]);
  });
});

describe('a budget that cannot be kept', { timeout: 60_000 }, () => {
  test('is told when it begins and when it is over', async () => {
    const told = (): unknown[] => seen(some, 'core/measuring');
    await ask('settings/set', { settings: { budget: { memoryBytes: 16 * 1024 * 1024 } } });
    await until('the news of it', () => told().length > 0);
    // Not the usual one: all that was asked here may have cost more than that, on a PC with other work.
    await ask('settings/set', { settings: { budget: { cpuPercent: 100, memoryBytes: 1024 ** 3 } } });
    await until('its end', () => told().length > 1);
    for (const measuring of told()) expect(faultsOf(notificationShapes['core/measuring'], measuring)).toEqual([]);
    expect(told()).toMatchObject([{ overBudget: {} }, {}]);
    expect(told()[1]).not.toHaveProperty('overBudget');
    await ask('settings/set', { settings: { budget: null } });
  });
});
