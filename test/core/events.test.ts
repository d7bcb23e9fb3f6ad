import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Notifications } from '../../src/shared/contract.js';
import { stateOf, until, useBench } from './support/bench.js';

/* What happens arrives as events: in order, of the right server, each once, also when the core dies in between. */

type Event = Notifications['event/added'];

const bench = useBench();

/** All that this connection is told from now on. */
async function listen(connection: CoreConnection): Promise<Event[]> {
  const told: Event[] = [];
  connection.on('event/added', (event) => told.push(event));
  await connection.request('client/subscribe', {});
  return told;
}

/** What of it is told in a certain order: a report is written beside all that follows from an end. */
const kindsOf = (events: readonly Event[]): string[] =>
  events.map(({ kind }) => kind).filter((kind) => kind !== 'incident');
const dataOf = (events: readonly Event[], kind: string): unknown[] =>
  events.filter((event) => event.kind === kind).map(({ data }) => data);
const find = async (connection: CoreConnection, more: object = {}): Promise<Event[]> =>
  await connection.request('history/events', { from: 0, to: Date.now() + 60_000, ...more });
/** What the core of this connection has told, also before anybody was connected. */
const ownOf = async (connection: CoreConnection): Promise<Event[]> => {
  const { uptimeMs } = await connection.request('core/status', {});
  return await find(connection, { from: Date.now() - uptimeMs - 50 });
};
const send = async (connection: CoreConnection, line: string): Promise<unknown> =>
  await connection.request('server/send', { id: 'demo', line });
const seen = async (events: readonly Event[], kind: string, count = 1): Promise<void> => {
  await until(`${count} of ${kind}`, () => events.filter((event) => event.kind === kind).length >= count);
};
const running = async (connection: CoreConnection, past?: number | null): Promise<number | null> =>
  await until('it runs', async () => {
    const { state, pid } = await stateOf(connection);
    return state === 'running' && pid !== past && pid;
  });

test('a life with players, saves, a stop, a crash and a restart: told to clients, and found again', async () => {
  const begun = Date.now();
  const { line } = await bench().core();
  const connection = await bench().connect();
  const told = await listen(connection);
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0.5] };
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  await connection.request('server/add', { definition: bench().demo('other') });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  await send(connection, 'players 1');
  await seen(told, 'player-joined');
  await connection.request('server/save', { id: 'demo' });
  await send(connection, 'players 0');
  await seen(told, 'player-left');
  const order = { mode: 'graceful', countdownSeconds: 0.3, reason: 'a new version' } as const;
  await connection.request('server/stop', { id: 'demo', ...order });
  expect(kindsOf(told)).toEqual([
    ...['added', 'added', 'started', 'ready', 'player-joined', 'save-begun', 'saved', 'player-left', 'stopping'],
    // Before it is told to stop, and by itself.
    ...['save-begun', 'saved', 'save-begun', 'saved', 'stopped'],
  ]);
  expect(dataOf(told, 'added')).toEqual([{ name: 'Demo demo' }, { name: 'Demo other' }]);
  expect(dataOf(told, 'started')).toEqual([{ pid, by: 'user' }]);
  expect(dataOf(told, 'stopping')).toEqual([
    { by: 'user', mode: 'graceful', reason: 'a new version', restarts: false },
  ]);
  const [joined, left] = [dataOf(told, 'player-joined')[0], dataOf(told, 'player-left')[0]] as Record<
    string,
    unknown
  >[];
  expect(left?.name).toBe(joined?.name);
  expect(left?.playedMs).toBeGreaterThanOrEqual(0);
  expect(dataOf(told, 'stopped')).toMatchObject([{ cause: 'asked', code: 0, signal: null }]);

  const before = told.length;
  await connection.request('server/start', { id: 'demo' });
  const second = await running(connection);
  await send(connection, 'players 1');
  await seen(told, 'player-joined', 2);
  await send(connection, 'crash 3');
  const third = await running(connection, second);
  await seen(told, 'ready', 3);
  await seen(told, 'incident');
  const life = told.slice(before);
  expect(kindsOf(life)).toEqual([
    ...['started', 'ready', 'player-joined', 'player-left', 'crashed', 'alert', 'restarting', 'started', 'ready'],
  ]);
  expect(dataOf(life, 'player-left')).toMatchObject([{ byEnd: true }]);
  expect(dataOf(life, 'crashed')).toMatchObject([{ cause: 'crash', code: 3, signal: null, players: 1 }]);
  expect(dataOf(life, 'alert')).toMatchObject([{ rule: 'crash', severity: 'warning', state: 'active', count: 1 }]);
  expect(dataOf(life, 'restarting')).toMatchObject([{ attempt: 1, max: 3 }]);
  expect(dataOf(life, 'started')).toEqual([
    { pid: second, by: 'user' },
    { pid: third, by: 'restart' },
  ]);
  const [report] = await connection.request('incident/list', { id: 'demo' });
  expect(dataOf(life, 'incident')).toEqual([{ at: report?.at, cause: 'crash' }]);

  const found = await find(connection);
  expect(found.slice(1)).toEqual(told);
  expect(found[0]).toMatchObject({ id: 'monitor', kind: 'monitoring-started', data: { pid: line.pid } });
  expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).sort((a, b) => a - b));
  for (const { at } of found) expect(at >= begun && at <= Date.now()).toBe(true);
  expect((await find(connection, { id: 'other' })).map(({ kind }) => kind)).toEqual(['added']);
  const crashes = await find(connection, { kinds: ['crashed', 'gave-up'] });
  expect(crashes.map(({ id, kind }) => [id, kind])).toEqual([['demo', 'crashed']]);
  expect(await find(connection, { to: begun - 1 })).toEqual([]);
  expect(await find(connection, { id: 'nobody' })).toEqual([]);
});

test('a core that dies: what it has told is not told again, and the players of its time leave with no time', async () => {
  const { line } = await bench().core();
  const first = await bench().connect();
  const early = await listen(first);
  const restart = { policy: 'on-crash' as const, backoffSeconds: [6] };
  await first.request('server/add', { definition: bench().demo('demo', { restart }) });
  const { pid } = await first.request('server/start', { id: 'demo' });
  await send(first, 'players 2');
  await seen(early, 'player-joined', 2);
  await first.request('server/save', { id: 'demo' });
  process.kill(line.pid, 'SIGKILL');

  const second = await bench().connect();
  const late = await listen(second);
  expect(await running(second)).toBe(pid);
  await send(second, 'players 1');
  await seen(late, 'player-left');
  expect(dataOf(late, 'player-left')).toMatchObject([{ playedMs: null }]);
  expect(kindsOf(await ownOf(second))).toEqual(['monitoring-started', 'player-left']);
  await send(second, 'crash 3');
  await seen(late, 'restarting');
  await seen(late, 'incident');
  // Alerts are written once a second; one that was lost is raised anew.
  const alerts = path.join(bench().dataDir, 'alerts.json');
  await until('its alert is written', () => fs.existsSync(alerts) && fs.readFileSync(alerts, 'utf8').includes('crash'));
  const status = await second.request('core/status', {});
  process.kill(status.pid, 'SIGKILL');

  const third = await bench().connect();
  const last = await listen(third);
  await seen(last, 'ready');
  expect(kindsOf(last)).toEqual(['started', 'ready']);
  expect(dataOf(last, 'started')).toMatchObject([{ by: 'restart' }]);
  const all = [...early, ...late, ...last];
  for (const kind of ['crashed', 'restarting', 'incident']) expect(dataOf(all, kind)).toHaveLength(1);
  expect(dataOf(all, 'player-joined')).toHaveLength(2);
  expect(kindsOf(await ownOf(third))).toEqual(['monitoring-started', 'started', 'ready']);
});

test('a core that dies while a server starts: lines that it has heard tell nothing a second time', async () => {
  const { line } = await bench().core();
  const connection = await bench().connect();
  const early = await listen(connection);
  const go = bench().file('go');
  const script = `echo in ann; while ! test -e "${go}"; do sleep 0.1; done; echo up; echo in bob; sleep 600`;
  await connection.request('server/add', {
    definition: {
      ...{ id: 'demo', name: 'Slow', game: 'other', launch: { command: '/bin/sh', args: ['-c', script] } },
      patterns: { ready: '^up$', join: '^in (\\w+)$', leave: '^out (\\w+)$' },
    },
  });
  void connection.request('server/start', { id: 'demo' }).catch(() => undefined);
  await seen(early, 'player-joined');
  process.kill(line.pid, 'SIGKILL');
  const again = await bench().connect();
  const late = await listen(again);
  expect(await stateOf(again)).toMatchObject({ state: 'starting' });
  fs.writeFileSync(go, '');
  await seen(late, 'ready');
  expect((await ownOf(again)).map(({ kind, data }) => [kind, data.name])).toEqual([
    ['monitoring-started', undefined],
    ['player-joined', 'bob'],
    ['ready', undefined],
  ]);
  await again.request('server/kill', { id: 'demo' });
  const rest = late.slice(-4).map(({ kind, data }) => [kind, data.mode ?? data.name ?? data.signal]);
  expect(rest).toEqual([
    ['stopping', 'kill'],
    ['player-left', 'ann'],
    ['player-left', 'bob'],
    ['stopped', 'SIGKILL'],
  ]);
});

test('a server that ends with the core is told once, as of its end, by the next one', async () => {
  const { line } = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  process.kill(line.pid, 'SIGKILL');
  process.kill(pid ?? 0, 'SIGKILL');
  const killedAt = Date.now();
  const again = await bench().connect();
  const events = await find(again, { id: 'demo', from: killedAt - 50 });
  expect(kindsOf(events)).toEqual(['crashed', 'alert']);
  expect(events[0]?.data).toMatchObject({ cause: 'killed-outside', signal: 'SIGKILL', unseen: true });
  expect(Math.abs((events[0]?.at ?? 0) - killedAt)).toBeLessThan(10_000);
  const once = { id: 'demo', kinds: ['crashed'] };
  process.kill((await again.request('core/status', {})).pid, 'SIGKILL');
  const later = await bench().connect();
  expect((await find(later, { ...once, from: killedAt + 10_000 })).length).toBe(0);
  expect((await find(later, once)).length).toBeLessThanOrEqual(1);
});

test('servers that are added, changed and removed, by hand too; settings by name; a server that is found', async () => {
  const core = await bench().core();
  const connection = await bench().connect();
  const told = await listen(connection);
  await connection.request('server/add', { definition: bench().demo('demo', { autoStart: true }) });
  const file = path.join(bench().dataDir, 'servers.json');
  const good = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, good.replace('"Demo demo"', '"Hand made"'));
  await seen(told, 'changed');
  fs.writeFileSync(file, '{ "version": 1, "servers": [ { "id": "demo" } ] }');
  await until('the fault is noticed', async () => (await connection.request('server/problems', {})).length > 0);
  fs.writeFileSync(file, good.replace('"Demo demo"', '"Hand made"'));
  await until('it is mended', async () => (await connection.request('server/problems', {})).length === 0);
  await connection.request('server/add', { definition: bench().demo('other') });
  await connection.request('settings/set', { settings: { sampling: { baseIntervalMs: 4321 } } });
  await connection.request('settings/set', { settings: { sampling: { baseIntervalMs: 4321 } } });
  const child = spawn('/bin/sleep', ['600'], { cwd: bench().root, env: { X: bench().root }, stdio: 'ignore' });
  await connection.request('server/attach', { id: 'other', pid: child.pid ?? 0 });
  child.kill('SIGKILL');
  await seen(told, 'crashed');
  await connection.request('server/remove', { id: 'other' });
  await seen(told, 'removed');
  const plain = told.filter(({ kind }) => kind !== 'incident').map(({ id, kind, data }) => [id, kind, data]);
  expect(plain.slice(0, 5)).toEqual([
    ['demo', 'added', { name: 'Demo demo' }],
    ['demo', 'changed', { name: 'Hand made', keys: ['name'] }],
    ['other', 'added', { name: 'Demo other' }],
    ['monitor', 'settings', { keys: ['sampling.baseIntervalMs'] }],
    ['other', 'started', { pid: child.pid, by: 'found' }],
  ]);
  // Its alert is over when it is removed.
  expect(plain.slice(5).map(([id, kind, data]) => [id, kind, (data as Record<string, unknown>).state])).toEqual([
    ['other', 'crashed', undefined],
    ['other', 'alert', 'active'],
    ['other', 'removed', undefined],
    ['other', 'alert', 'resolved'],
  ]);
  expect(JSON.stringify(told)).not.toContain('4321');
  await connection.request('core/retire', {});
  await core.exit;
  await until('its farewell', () => told.at(-1)?.kind === 'monitoring-ended');
  await bench().core();
  const again = await bench().connect();
  await running(again);
  const events = await find(again, { id: 'demo', kinds: ['started', 'added'], from: told.at(-1)?.at ?? 0 });
  expect(events.map(({ kind, data }) => [kind, data.by])).toEqual([['started', 'autostart']]);
});

test('a server that prints players in a loop: some pass, the rest is counted, and its end is told', async () => {
  await bench().core();
  const connection = await bench().connect();
  const told = await listen(connection);
  const script = 'n=0; while [ $n -lt 3000 ]; do echo "in p$n"; echo "out p$n"; n=$((n+1)); done; echo up; sleep 600';
  await connection.request('server/add', {
    definition: {
      ...{ id: 'demo', name: 'Flood', game: 'other', launch: { command: '/bin/sh', args: ['-c', script] } },
      patterns: { ready: '^up$', join: '^in (\\w+)$', leave: '^out (\\w+)$' },
    },
  });
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/kill', { id: 'demo' });
  await seen(told, 'stopped');
  const passed = dataOf(told, 'player-joined').length;
  expect(passed).toBeGreaterThanOrEqual(200);
  expect(passed).toBeLessThan(1000);
  await connection.request('core/retire', {});
  await seen(told, 'monitoring-ended');
  const counts = dataOf(told, 'history') as { trouble: string; kind: string; dropped: number }[];
  const dropped = counts.filter(({ kind }) => kind === 'player-joined').reduce((sum, one) => sum + one.dropped, 0);
  expect(counts[0]?.trouble).toBe('too-many-events');
  expect(passed + dropped).toBe(3000);
});
