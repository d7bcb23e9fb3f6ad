import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import { stateOf, until, useBench, type Bench } from '../support/bench.js';
import { programOf, whyMissing } from '../support/games.js';
import { defined } from '../support/lives.js';

/* Real players of Luanti, without screens. */

const bench = useBench();
const missing = whyMissing('luanti') ?? whyMissing('luanti_client');

/** Killed with the bench. */
function join(at: Bench, name: string, port: number): void {
  const folder = at.file(name);
  fs.mkdirSync(folder);
  const config = `${folder}/minetest.conf`;
  fs.writeFileSync(config, 'video_driver = null\nenable_sound = false\nfps_max = 5\nenable_shaders = false\n');
  const where = ['--address', '127.0.0.1', '--port', String(port)];
  spawn(programOf('luanti_client'), [...where, '--name', name, '--password', 'x', '--go', '--config', config], {
    cwd: folder,
    env: { ...process.env, HOME: folder, DISPLAY: undefined },
    stdio: 'ignore',
  });
}

const online = async (connection: CoreConnection): Promise<string[]> =>
  (await connection.request('server/players', { id: 'luanti' })).map(({ name }) => name).sort();

test.skipIf(missing !== undefined)('players of Luanti come and go: count, names and events', async () => {
  const { connection, place } = await defined(bench(), 'luanti');
  await connection.request('server/start', { id: 'luanti' });
  expect(await online(connection)).toEqual([]);
  for (const name of ['ann', 'bob']) {
    join(bench(), name, place.port);
    await until(`${name} to come`, async () => (await online(connection)).includes(name), 60_000);
  }
  expect(await online(connection)).toEqual(['ann', 'bob']);
  expect(await stateOf(connection, 'luanti')).toMatchObject({ players: { online: 2, source: 'log' } });
  for (const pid of bench().processes('--name\0ann')) process.kill(pid, 'SIGTERM');
  await until('ann to go', async () => (await online(connection)).join() === 'bob', 60_000);
  const events = await connection.request('history/events', { id: 'luanti', from: 0, to: Date.now() + 60_000 });
  const told = events.flatMap(({ kind, data }) => (kind.startsWith('player-') ? [[kind, data.name]] : []));
  expect(told).toEqual([
    ['player-joined', 'ann'],
    ['player-joined', 'bob'],
    ['player-left', 'ann'],
  ]);
  expect(fs.statSync(bench().file('luanti', 'world', 'map.sqlite')).size).toBeGreaterThan(0);
});
