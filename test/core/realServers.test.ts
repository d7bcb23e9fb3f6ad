import fs from 'node:fs';
import { expect, test } from 'vitest';
import { isAlive, sleep, stateOf, until, useBench } from './support/bench.js';

/*
 * Game servers that nobody here wrote, from Debian's packages: one that stops by SIGTERM, and one that SIGTERM just
 * kills and that stops only by a word on its stdin.
 */

const luanti = process.env.GSP_GAME_LUANTI ?? '/usr/games/minetestserver';
const armagetron = process.env.GSP_GAME_ARMAGETRON ?? '/usr/games/armagetronad-dedicated.real';
const missing = process.env.GSP_SKIP_GAMES;
const bench = useBench();
const port = 30_000 + (process.pid % 2000) * 2;

function luantiDefinition(id: string): object {
  const folder = bench().file(id);
  fs.mkdirSync(`${folder}/world`, { recursive: true });
  const config = `server_announce = false\nbind_address = 127.0.0.1\nport = ${port}\n`;
  fs.writeFileSync(`${folder}/minetest.conf`, config);
  const backends = ['backend', 'player_backend', 'auth_backend', 'mod_storage_backend'].map(
    (key) => `${key} = sqlite3\n`,
  );
  fs.writeFileSync(`${folder}/world/world.mt`, `gameid = minetest\n${backends.join('')}`);
  const args = [
    '--config',
    `${folder}/minetest.conf`,
    '--world',
    `${folder}/world`,
    '--gameid',
    'minetest',
    '--logfile',
    '',
  ];
  return { id, name: 'Luanti', game: 'luanti', launch: { command: luanti, args, cwd: folder, env: { HOME: folder } } };
}

function armagetronDefinition(): object {
  const folder = bench().file('armagetron');
  fs.mkdirSync(`${folder}/user`, { recursive: true });
  fs.mkdirSync(`${folder}/var`);
  const config = `SERVER_NAME probe\nSERVER_PORT ${port + 1}\nSERVER_IP 127.0.0.1\nTALK_TO_MASTER 0\n`;
  fs.writeFileSync(`${folder}/user/server_info.cfg`, config);
  const data = ['--datadir', '/usr/share/games/armagetronad', '--configdir', '/etc/armagetronad'];
  const own = ['--userdatadir', `${folder}/user`, '--userconfigdir', `${folder}/user`, '--vardir', `${folder}/var`];
  return {
    id: 'arma',
    name: 'Arma',
    game: 'armagetron',
    launch: { command: armagetron, args: [...data, ...own], cwd: folder },
  };
}

test.skipIf(missing !== undefined)(
  'Luanti: ready by its line, sampled, stopped by SIGTERM, its world saved',
  async () => {
    await bench().core();
    const connection = await bench().connect();
    await connection.request('server/add', { definition: luantiDefinition('luanti') as never });
    const started = await connection.request('server/start', { id: 'luanti' });
    expect(started).toMatchObject({ state: 'running', health: { is: 'ok' } });
    expect(bench().console('luanti')).toContain('listening on 127.0.0.1');
    const sample = await until('numbers', async () => {
      const { sample: now } = await stateOf(connection, 'luanti');
      return now?.cpu !== null && now;
    });
    expect(sample.memory).toBeGreaterThan(10_000_000);
    // A second one on the same port prints its ready line and dies: that is a failed start.
    await connection.request('server/add', { definition: luantiDefinition('twin') as never });
    await expect(connection.request('server/start', { id: 'twin' })).rejects.toMatchObject({ code: 'start-failed' });
    expect(await stateOf(connection, 'twin')).toMatchObject({ state: 'crashed', exit: { code: 1 } });
    const { view, steps } = await connection.request('server/stop', { id: 'luanti' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
    expect(steps.map(({ step }) => step)).toEqual(['signal', 'wait']);
    expect(bench().console('luanti')).toContain('Shutting down');
    expect(fs.statSync(bench().file('luanti', 'world', 'env_meta.txt')).size).toBeGreaterThan(0);
  },
);

test.skipIf(missing !== undefined)(
  'Armagetron: SIGTERM would kill it; its own word on stdin ends it in order',
  async () => {
    await bench().core();
    const connection = await bench().connect();
    await connection.request('server/add', { definition: armagetronDefinition() as never });
    const started = await connection.request('server/start', { id: 'arma' });
    expect(started).toMatchObject({ state: 'running', health: { is: 'ok' } });
    await until('numbers', async () => (await stateOf(connection, 'arma')).sample);
    const { view, steps } = await connection.request('server/stop', { id: 'arma' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
    expect(steps.map(({ step, detail }) => [step, detail])).toEqual([
      ['command', 'QUIT'],
      ['wait', null],
    ]);
    expect(bench().console('arma')).toContain('Closing socket');
    await sleep(50);
    expect(isAlive(started.pid ?? 0)).toBe(false);
  },
);
