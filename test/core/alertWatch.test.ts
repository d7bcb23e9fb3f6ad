import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Alert, AlertRule } from '../../src/shared/contract.js';
import { stateOf, until, useBench } from './support/bench.js';

const bench = useBench();
/** It is looked at every ten seconds, and has to be so twice. */
const patienceMs = 90_000;

let port = 0;
let status = { players: 0, max: 10, tps: 20 };
let listener: net.Server | undefined;

/** The status port of a game that fares as the test wants. */
async function answer(): Promise<void> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`${JSON.stringify(status)}\n`);
  });
  listener = server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  port = (server.address() as net.AddressInfo).port;
}

async function fallSilent(): Promise<void> {
  const server = listener;
  listener = undefined;
  if (server !== undefined) await new Promise((resolve) => server.close(resolve));
}

afterEach(async () => {
  await fallSilent();
  port = 0;
});

const latest = async (connection: CoreConnection, rule: AlertRule): Promise<Alert | undefined> =>
  (await connection.request('alert/list', {})).find((alert) => alert.rule === rule);

async function becomes(connection: CoreConnection, rule: AlertRule, state: Alert['state']): Promise<Alert> {
  const probe = async (): Promise<Alert | undefined> => {
    const alert = await latest(connection, rule);
    return alert?.state === state ? alert : undefined;
  };
  return await until(`${rule} is ${state}`, probe, patienceMs);
}

test('a game that runs slowly, and one that does not answer: told once, over also when the core has died meanwhile', async () => {
  status = { players: 2, max: 10, tps: 5 };
  await answer();
  await bench().core();
  const connection = await bench().connect();
  const soon = { enabled: true, minutes: 0.05 };
  await connection.request('settings/set', {
    settings: { games: { pollIntervalMs: 1000 }, alerts: { rules: { 'tick-rate-low': soon, 'api-degraded': soon } } },
  });
  await connection.request('server/add', { definition: bench().demo('demo', { connection: { queryPort: port } }) });
  await connection.request('server/start', { id: 'demo' });

  const slow = await becomes(connection, 'tick-rate-low', 'active');
  expect(slow).toMatchObject({ server: 'demo', serverName: 'Demo demo', severity: 'warning', count: 1 });
  expect(slow.data).toEqual({ rate: 5, usual: 20, players: 2 });
  status = { ...status, tps: 20 };
  expect(await becomes(connection, 'tick-rate-low', 'resolved')).toMatchObject({ id: slow.id, count: 1 });

  await fallSilent();
  const silent = await becomes(connection, 'api-degraded', 'active');
  const { since } = (await stateOf(connection)).api;
  expect(silent.data).toEqual({ via: 'query', is: 'silent', since });
  const file = path.join(bench().dataDir, 'alerts.json');
  await until('the note', () => fs.readFileSync(file, 'utf8').includes(silent.id));
  const { pid } = await connection.request('core/status', {});
  process.kill(pid, 'SIGKILL');
  const again = await bench().connect();
  expect((await again.request('core/status', {})).pid).not.toBe(pid);
  await answer();
  expect(await becomes(again, 'api-degraded', 'resolved')).toMatchObject({ id: silent.id, count: 1 });
  expect((await again.request('alert/list', {})).map(({ rule }) => rule).sort()).toEqual([
    ...['api-degraded', 'tick-rate-low'],
  ]);
}, 240_000);

test('what the restart policy has brought back is told where that is switched on, and is over with a start by hand', async () => {
  await bench().core();
  const connection = await bench().connect();
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0.2], maxAttempts: 2 };
  await connection.request('settings/set', { settings: { alerts: { rules: { restarted: { enabled: true } } } } });
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  const back = await becomes(connection, 'restarted', 'active');
  expect(back).toMatchObject({ count: 1, severity: 'warning', data: { cause: 'crash', attempt: 1, max: 2 } });
  expect((await stateOf(connection)).state).toBe('running');
  await connection.request('server/restart', { id: 'demo' });
  expect(await latest(connection, 'restarted')).toMatchObject({ id: back.id, state: 'resolved', count: 1 });
  await connection.request('server/kill', { id: 'demo' });
});
