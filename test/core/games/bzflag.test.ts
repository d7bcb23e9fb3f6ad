import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stateOf, until, useBench } from '../support/bench.js';
import { definitionOf, newPlace, programOf, whyMissing } from '../support/games.js';
import { defined, livesOf } from '../support/lives.js';

/* SIGTERM is its own way, from whomever it comes. */

livesOf({
  game: 'bzflag',
  readyText: 'listening on 127.0.0.1',
  stopText: 'Shutting down server',
  steps: [
    ['signal', 'SIGTERM'],
    ['wait', null],
  ],
  endFromInside: async (_, { pid }) => await Promise.resolve(process.kill(pid ?? 0, 'SIGTERM')),
});

const bench = useBench();

test.skipIf(whyMissing('bzflag') !== undefined)('BZFlag on a port that is taken is a failed start', async () => {
  const { connection, place } = await defined(bench(), 'bzflag');
  await connection.request('server/start', { id: 'bzflag' });
  const twin = { ...(await newPlace(bench(), 'twin')), port: place.port };
  await connection.request('server/add', { definition: definitionOf('bzflag', twin) });
  const start = connection.request('server/start', { id: 'twin' });
  await expect(start).rejects.toMatchObject({ code: 'start-failed', data: { exitCode: 2 } });
  expect(await stateOf(connection, 'twin')).toMatchObject({
    state: 'crashed',
    exit: { code: 2, cause: 'start-failed' },
  });
  expect(await stateOf(connection, 'bzflag')).toMatchObject({ state: 'running' });
});

test.skipIf(whyMissing('bzflag') !== undefined)('who comes to a BZFlag and goes is known by name', async () => {
  const { connection, place } = await defined(bench(), 'bzflag');
  await connection.request('server/start', { id: 'bzflag' });
  const online = async (): Promise<string[]> =>
    (await connection.request('server/players', { id: 'bzflag' })).map(({ name }) => name);
  // Its own tool for administrators, which watches the game as a guest.
  const tool = path.join(path.dirname(programOf('bzflag')), 'bzadmin');
  const guest = spawn(tool, ['-ui', 'stdout', `two words@127.0.0.1:${place.port}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  try {
    await until('the guest', async () => (await online()).includes('two words'));
  } finally {
    guest.kill('SIGKILL');
  }
  await until('the guest to be gone', async () => (await online()).length === 0);
});
