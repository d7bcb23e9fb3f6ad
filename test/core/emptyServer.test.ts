import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { StopStep } from '../../src/shared/contract.js';
import { stateOf, until, useBench } from './support/bench.js';

/* A countdown is for players. It is left out only where two sources know that there are none. */

const bench = useBench();

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.each<[string, { players: number; listens: boolean }, StopStep['outcome']]>([
  ['nobody is on, and both the log and the game say so: no countdown', { players: 0, listens: true }, 'skipped'],
  ['nobody is on as the log goes, and nobody else can tell: a countdown', { players: 0, listens: false }, 'done'],
  ['somebody is on: a countdown', { players: 1, listens: true }, 'done'],
])('%s', async (_, { players, listens }, outcome) => {
  const queryPort = await freePort();
  await bench().core();
  const connection = await bench().connect();
  const args = ['--players', '0', ...(listens ? ['--port', String(queryPort)] : [])];
  await connection.request('server/add', { definition: bench().demo('demo', { connection: { queryPort } }, args) });
  await connection.request('server/start', { id: 'demo' });
  if (players > 0) await connection.request('server/send', { id: 'demo', line: `players ${players}` });
  await until('the players', async () => (await stateOf(connection)).players.online === players);
  const request = { id: 'demo', mode: 'graceful', countdownSeconds: 3 } as const;
  const { steps } = await connection.request('server/stop', request, { timeoutMs: null });
  expect(steps[0]).toMatchObject({ step: 'announce', outcome });
  expect(bench().console().includes('Server stops in 3 seconds')).toBe(outcome === 'done');
});
