import { expect, test } from 'vitest';
import { stateOf, useBench } from '../support/bench.js';
import { definitionOf, newPlace, whyMissing } from '../support/games.js';
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
