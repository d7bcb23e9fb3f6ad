import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { minecraft } from '../../src/core/games/minecraft/adapter.js';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Definition } from '../../src/shared/contract.js';
import { deadlineMs, stateOf, until, useBench } from '../core/support/bench.js';
import { queryTalk, read } from '../unit/core/games/support/talks.js';

/* A Minecraft server that nobody here wrote, with players: `npm run test:minecraft` installs both. */

const home = process.env.GSP_FLYING_SQUID;
const version = '1.16.5';
const id = 'squid';

interface Bot {
  once(event: string, listener: (reason?: unknown) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  end(reason?: string): void;
}
interface Protocol {
  createClient(options: { host: string; port: number; username: string; auth: 'offline'; version: string }): Bot;
}

const bench = useBench();
const bots: Bot[] = [];
afterEach(() => {
  for (const bot of bots.splice(0)) bot.end();
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Its words are not Mojang's: lines of its own, no save, but the same `stop`. Its own program takes no settings but the
 * usual ones, so that a program of ours starts it.
 */
function definitionOf(port: number): Definition {
  const folder = bench().file(id);
  const settings = {
    ...{ host: '127.0.0.1', port, version, 'online-mode': false, 'max-players': 30, motd: 'probe', logging: false },
    ...{ gameMode: 1, difficulty: 1, generation: { name: 'superflat', options: {} }, worldFolder: 'world' },
    ...{ kickTimeout: 10_000, plugins: {}, 'view-distance': 2, 'everybody-op': false, 'max-entities': 100 },
    'player-list-text': { header: { text: '' }, footer: { text: '' } },
  };
  const squid = JSON.stringify(path.join(home!, 'node_modules', 'flying-squid'));
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'server.cjs'), `require(${squid}).createMCServer(${JSON.stringify(settings)});\n`);
  return {
    ...{ id, name: 'Squid', game: 'minecraft' },
    launch: { command: process.execPath, args: [path.join(folder, 'server.cjs')], cwd: folder },
    patterns: {
      ready: 'Server listening on port ',
      join: 'INFO[^\\]]*\\]: (\\S+) \\(127\\.0\\.0\\.1\\) connected$',
      leave: 'INFO[^\\]]*\\]: (\\S+) disconnected$',
      saveBegin: '',
      saveEnd: '',
    },
    connection: { queryPort: port },
  };
}

async function running(): Promise<{ connection: CoreConnection; port: number }> {
  await bench().core();
  const connection = await bench().connect();
  const port = await freePort();
  await connection.request('server/add', { definition: definitionOf(port) });
  await connection.request('server/start', { id });
  await until('a running server', async () => (await stateOf(connection, id)).state === 'running');
  return { connection, port };
}

async function join(username: string, port: number): Promise<Bot> {
  const { createClient } = createRequire(path.join(home!, 'package.json'))('minecraft-protocol') as Protocol;
  const bot = createClient({ host: '127.0.0.1', port, username, auth: 'offline', version });
  // When the server ends, a bot may find that out in any way.
  bot.on('error', () => undefined);
  bots.push(bot);
  const joined = new Promise<void>((resolve, reject) => {
    bot.once('login', () => resolve());
    bot.once('end', (reason) => reject(new Error(`${username} was turned away: ${String(reason)}`)));
  });
  // Whoever is thrown out later has joined all the same.
  joined.catch(() => undefined);
  await joined;
  return bot;
}

const whyNot = home === undefined ? ' (not set up; npm run test:minecraft does)' : '';

describe.skipIf(home === undefined)(`flying-squid${whyNot}`, () => {
  test('tells how many play and who, from nobody to five and back, and ends by its own line', async () => {
    const { connection, port } = await running();
    const asked = async (): ReturnType<typeof read> => await read(minecraft, { query: queryTalk(port) });
    const counts = async (online: number): Promise<unknown> =>
      await until(`${online} players`, async () => {
        const reading = await asked();
        return reading.players === online && reading;
      });
    expect(await asked()).toMatchObject({ players: 0, maxPlayers: 30, version });

    const names = ['bot0', 'bot1', 'bot2', 'bot3', 'bot4'];
    for (const [n, name] of names.entries()) {
      await join(name, port);
      await counts(n + 1);
    }
    // The log says the same.
    await until('five by the lines', async () => (await stateOf(connection, id)).players.online === 5);

    bots.pop()?.end();
    await counts(4);
    for (const bot of bots.splice(0)) bot.end();
    await counts(0);
    await until('none by the lines', async () => (await stateOf(connection, id)).players.online === 0);

    const { view, steps } = await connection.request('server/stop', { id }, { timeoutMs: 2 * deadlineMs });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
    const line = steps.find(({ step }) => step === 'command');
    expect(line).toMatchObject({ outcome: 'done', detail: 'stop' });
    expect(steps.map(({ step }) => step)).not.toContain('signal');
    await expect(asked()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('stopped with players on it, it ends in order', async () => {
    const { connection, port } = await running();
    await join('bot0', port);
    const { view } = await connection.request('server/stop', { id }, { timeoutMs: 2 * deadlineMs });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
  });

  test('ended from outside by SIGTERM, it was no crash', async () => {
    const { connection } = await running();
    const { pid } = await stateOf(connection, id);
    process.kill(pid!, 'SIGTERM');
    const view = await until('its end', async () => {
      const now = await stateOf(connection, id);
      return now.state !== 'running' && now;
    });
    expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'stopped-from-inside' } });
    // As a program in Java ends: 128 and the number of the signal.
    expect(view.exit).toMatchObject({ code: 143 });
  });
});
