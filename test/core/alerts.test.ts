import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Alert, Definition } from '../../src/shared/contract.js';
import { stateOf, until, useBench } from './support/bench.js';

const bench = useBench();

async function running(change: Partial<Definition> = {}): Promise<{ connection: CoreConnection; told: Alert[] }> {
  await bench().core();
  const connection = await bench().connect();
  const told: Alert[] = [];
  connection.on('alert/raised', (alert) => told.push(alert));
  await connection.request('client/subscribe', {});
  await connection.request('server/add', { definition: bench().demo('demo', change) });
  await connection.request('server/start', { id: 'demo' });
  return { connection, told };
}

const list = (connection: CoreConnection): Promise<Alert[]> => connection.request('alert/list', {});
const send = (connection: CoreConnection, line: string): Promise<unknown> =>
  connection.request('server/send', { id: 'demo', line });
const state = async (connection: CoreConnection, wanted: string): Promise<void> => {
  await until(wanted, async () => (await stateOf(connection)).state === wanted);
};

test('a crash loop is one alert that counts, and one that it was given up; a start by hand ends both', async () => {
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0.2], maxAttempts: 2 };
  const { connection, told } = await running({ restart });
  for (const count of [1, 2, 3]) {
    await state(connection, 'running');
    await send(connection, 'crash');
    await until('its alert', () => told.some((alert) => alert.rule === 'crash' && alert.count === count));
  }
  await state(connection, 'failed');
  const alerts = await list(connection);
  expect(alerts).toHaveLength(2);
  const { exit } = await stateOf(connection);
  const crash = alerts.find(({ rule }) => rule === 'crash');
  expect(crash).toMatchObject({ count: 3, state: 'active', severity: 'warning', serverName: 'Demo demo' });
  expect(crash?.data).toMatchObject({
    signal: 'SIGSEGV',
    cause: 'crash',
    exitAt: exit?.at,
    restarts: true,
    players: 0,
  });
  const gaveUp = alerts.find(({ rule }) => rule === 'gave-up');
  expect(gaveUp).toMatchObject({ count: 1, severity: 'error', data: { used: 2, windowSeconds: 600 } });
  expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  expect(await stateOf(connection)).toMatchObject({ alerts: 2 });
  await connection.request('server/start', { id: 'demo' });
  expect((await list(connection)).map((alert) => alert.state)).toEqual(['resolved', 'resolved']);
  expect(await stateOf(connection)).toMatchObject({ alerts: 0 });
  await connection.request('server/stop', { id: 'demo' });
});

test('an end that somebody asked for, in the panel or in the game, is none; nor is a crash during a stop', async () => {
  const { connection, told } = await running();
  await connection.request('server/stop', { id: 'demo' });
  await connection.request('server/start', { id: 'demo' });
  await send(connection, 'stop');
  await state(connection, 'stopped');
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/restart', { id: 'demo' });
  await connection.request('server/kill', { id: 'demo' });
  await connection.request('server/start', { id: 'demo' });
  await send(connection, 'slowstop 60');
  const stop = connection.request('server/stop', { id: 'demo' });
  await state(connection, 'stopping');
  process.kill((await stateOf(connection)).pid!, 'SIGSEGV');
  expect((await stop).view.exit).toMatchObject({ signal: 'SIGSEGV', cause: 'asked' });
  expect(await list(connection)).toEqual([]);
  expect(told).toEqual([]);
  expect(await stateOf(connection)).toMatchObject({ alerts: 0 });
  // The same end without a stop is one.
  await connection.request('server/start', { id: 'demo' });
  process.kill((await stateOf(connection)).pid!, 'SIGSEGV');
  await state(connection, 'crashed');
  expect(await list(connection)).toMatchObject([{ rule: 'crash', severity: 'error', count: 1 }]);
});

test('a server that does not stop is one, until it has ended', async () => {
  const { connection } = await running({ stop: { graceSeconds: 1 } });
  await send(connection, 'hang');
  await expect(connection.request('server/stop', { id: 'demo' })).rejects.toMatchObject({ code: 'stop-timeout' });
  expect(await list(connection)).toMatchObject([
    { rule: 'stop-timeout', severity: 'error', count: 1, state: 'active', data: { graceSeconds: 1 } },
  ]);
  expect(await stateOf(connection)).toMatchObject({ state: 'stopping', alerts: 1 });
  await connection.request('server/kill', { id: 'demo' });
  expect(await list(connection)).toMatchObject([{ rule: 'stop-timeout', count: 1, state: 'resolved' }]);
  expect(await stateOf(connection)).toMatchObject({ state: 'stopped', alerts: 0 });
});

test('one window shows it; what was acknowledged stays so when the core dies', async () => {
  const { connection, told } = await running();
  await send(connection, 'crash');
  const { id } = await until('its alert', () => told[0]);
  const other = await bench().connect();
  const claims = [connection, other, connection].map((one) => one.request('alert/claim', { alert: id }));
  expect((await Promise.all(claims)).filter(({ yours }) => yours)).toHaveLength(1);
  await other.request('alert/acknowledge', { alert: id });
  // Another connection was answered.
  await until('the news of it', () => told.at(-1)?.state === 'acknowledged');
  expect(told.at(-1)).toMatchObject({ id });
  expect(await stateOf(connection)).toMatchObject({ state: 'crashed', alerts: 0 });
  const file = path.join(bench().dataDir, 'alerts.json');
  await until('the note', () => fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes('"acknowledged"'));
  const { pid } = await connection.request('core/status', {});
  process.kill(pid, 'SIGKILL');
  const again = await bench().connect();
  expect((await again.request('core/status', {})).pid).not.toBe(pid);
  expect(await list(again)).toMatchObject([{ id, state: 'acknowledged', count: 1 }]);
  expect(await stateOf(again)).toMatchObject({ state: 'crashed', alerts: 0 });
});

test('a crash while no core was there is told by the next one, once', async () => {
  const { connection } = await running();
  const [server, core] = [(await stateOf(connection)).pid!, (await connection.request('core/status', {})).pid];
  process.kill(core, 'SIGKILL');
  process.kill(server, 'SIGSEGV');
  const again = await bench().connect();
  const alerts = await until('its alert', async () => {
    const now = await list(again);
    return now.length > 0 && now;
  });
  expect(alerts).toMatchObject([{ rule: 'crash', count: 1, state: 'active', data: { signal: 'SIGSEGV' } }]);
  const second = (await again.request('core/status', {})).pid;
  process.kill(second, 'SIGKILL');
  const third = await bench().connect();
  expect((await third.request('core/status', {})).pid).not.toBe(second);
  expect(await list(third)).toMatchObject([{ rule: 'crash', count: 1, state: 'active' }]);
});
