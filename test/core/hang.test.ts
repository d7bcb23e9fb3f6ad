import { expect, test } from 'vitest';
import { stateOf, until, useBench } from './support/bench.js';

/* Alive, but dead as a game. Said by default; restarted only where that was asked for. */

const bench = useBench();

test('stopped by a signal: said, and well again when it goes on', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  await until('its first numbers', async () => (await stateOf(connection)).sample?.cpu != null);
  process.kill(pid ?? 0, 'SIGSTOP');
  const hung = await until(
    'it is said',
    async () => {
      const now = await stateOf(connection);
      return now.health.is === 'hung' && now;
    },
    60_000,
  );
  expect(hung).toMatchObject({ state: 'running', pid, health: { reason: 'suspended counters-flat' } });
  process.kill(pid ?? 0, 'SIGCONT');
  await until('it is well', async () => (await stateOf(connection)).health.is === 'ok');
});

test('dead with players on: said; asked to, it is ended by force after the grace and started again', async () => {
  await bench().core();
  const connection = await bench().connect();
  const change = {
    hang: { afterSeconds: 10, restart: true },
    stop: { graceSeconds: 2 },
    restart: { backoffSeconds: [0] },
  };
  const definition = bench().demo('demo', change, ['--players', '3', '--save-every', '3']);
  await connection.request('server/add', { definition });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  await until('players', async () => ((await stateOf(connection)).players.online ?? 0) > 0);
  await until('numbers with players', async () => ((await stateOf(connection)).sample?.players ?? 0) > 0);
  await connection.request('server/send', { id: 'demo', line: 'hang' });
  await until('it is said', () => bench().console().includes('It does not respond, and is restarted.'), 90_000);
  const again = await until('the next one', async () => {
    const now = await stateOf(connection);
    return now.state === 'running' && now.pid !== pid && now;
  });
  expect(again.restarts.used).toBe(1);
  const kinds = ['started', 'not-responding', 'stopping', 'stopped', 'crashed', 'restarting'];
  const events = await connection.request('history/events', { id: 'demo', from: 0, to: Date.now(), kinds });
  expect(events.map(({ kind, data }) => [kind, data.by])).toEqual([
    ['started', 'user'],
    ['not-responding', undefined],
    ['stopping', 'hang'],
    ['stopped', undefined],
    ['restarting', undefined],
    ['started', 'restart'],
  ]);
});
