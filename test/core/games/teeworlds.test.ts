import fs from 'node:fs';
import { expect, test } from 'vitest';
import { EconClient } from '../../../src/core/games/econ.js';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { definitionOf, econPassword, newPlace, whyMissing, type Place } from '../support/games.js';
import { defined, detailsOf, livesOf } from '../support/lives.js';

/* It does not read its stdin, and a signal just kills it: only its console on a port, behind a password, ends it. */

const secret = { id: 'teeworlds', key: 'econPassword', value: econPassword };
const consoleOf = ({ consolePort: port }: Place): EconClient =>
  new EconClient({ host: '127.0.0.1', port, password: econPassword });

livesOf({
  game: 'teeworlds',
  readyText: '[server]: version',
  stopText: "cmd='shutdown'",
  steps: [
    ['command', 'shutdown'],
    ['wait', null],
  ],
  prepare: async (connection) => await connection.request('secret/set', secret),
  endFromInside: async (_, __, place) => await consoleOf(place).command('shutdown'),
});

const bench = useBench();
const isMissing = whyMissing('teeworlds') !== undefined;

async function running(): Promise<{ connection: CoreConnection; place: Place }> {
  const { connection, place } = await defined(bench(), 'teeworlds');
  await connection.request('server/start', { id: 'teeworlds' });
  return { connection, place };
}

test.skipIf(isMissing)('commands go to the console of Teeworlds, and bring its answers back', async () => {
  const { connection } = await running();
  expect((await stateOf(connection, 'teeworlds')).capabilities).toContain('send');
  const send = (line: string): Promise<unknown> => connection.request('server/send', { id: 'teeworlds', line });
  await expect(send('status')).rejects.toMatchObject({ code: 'secret-missing', data: { key: 'econPassword' } });
  await connection.request('secret/set', { ...secret, value: 'guessed' });
  await expect(send('status')).rejects.toMatchObject({ code: 'auth-rejected' });
  await connection.request('secret/set', secret);
  expect(await send('sv_name')).toEqual({ via: 'econ', reply: expect.stringContaining('probe') as unknown });
  expect(await send('nonsense')).toEqual({ via: 'econ', reply: expect.stringContaining('No such command') as unknown });
  await connection.request('server/announce', { id: 'teeworlds', text: 'say "hi"; shutdown' });
  await until('the announcement', () => bench().console('teeworlds').includes("[chat]: *** say 'hi'; shutdown"));
  expect(await stateOf(connection, 'teeworlds')).toMatchObject({ state: 'running' });
  const logs = fs.readdirSync(`${bench().dataDir}/logs`, { recursive: true, encoding: 'utf8' });
  const texts = logs
    .filter((name) => name.endsWith('.log'))
    .map((name) => fs.readFileSync(`${bench().dataDir}/logs/${name}`, 'utf8'));
  expect(texts.join('')).not.toMatch(/not-for-the-log|guessed/);
});

test.skipIf(isMissing)('the password of Teeworlds is read from its own file', async () => {
  const { connection, place } = await defined(bench(), 'teeworlds');
  fs.appendFileSync(bench().file(place.id, 'server.cfg'), `ec_password ${econPassword}\n`);
  await connection.request('server/start', { id: 'teeworlds' });
  expect(await stateOf(connection, 'teeworlds')).toMatchObject({ secretsMissing: [] });
  const { view, steps } = await connection.request('server/stop', { id: 'teeworlds' });
  expect(detailsOf(steps)[0]).toEqual(['command', 'shutdown']);
  expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
});

test.skipIf(isMissing)(
  'Teeworlds without its password, or without a port, is stopped by the signal, and says so',
  async () => {
    const { connection, place } = await running();
    const first = await connection.request('server/stop', { id: 'teeworlds' });
    expect(first.view).toMatchObject({ state: 'stopped', exit: { signal: 'SIGTERM', cause: 'asked' } });
    expect(detailsOf(first.steps)).toEqual([
      ['command', 'secret-missing'],
      ['signal', 'SIGTERM'],
      ['wait', null],
    ]);
    await connection.request('server/update', { definition: definitionOf('teeworlds', place, { connection: {} }) });
    const portless = await connection.request('server/start', { id: 'teeworlds' });
    expect(portless.capabilities).not.toContain('send');
    const second = await connection.request('server/stop', { id: 'teeworlds' });
    expect(detailsOf(second.steps)[0]).toEqual(['signal', 'SIGTERM']);
    expect(second.view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  },
);

test.skipIf(isMissing)('Teeworlds on a port that is taken is a failed start', async () => {
  const { connection, place } = await running();
  const twin = { ...(await newPlace(bench(), 'twin')), port: place.port };
  await connection.request('server/add', { definition: definitionOf('teeworlds', twin) });
  const start = connection.request('server/start', { id: 'twin' });
  await expect(start).rejects.toMatchObject({ code: 'start-failed', data: { exitCode: 255 } });
  expect(await stateOf(connection, 'twin')).toMatchObject({
    state: 'crashed',
    exit: { code: 255, cause: 'start-failed' },
  });
  expect(bench().console('twin')).toContain('already be in use');
});
