import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { joinOpenttd } from '../support/asked.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { definitionOf, newPlace, whyMissing } from '../support/games.js';
import { defined, livesOf } from '../support/lives.js';

/* A console on stdin, a log on stderr, and lines about players that begin with a character nobody sees. */

livesOf({
  game: 'openttd',
  readyText: 'Map generated, starting game',
  stopText: 'Shutting down network',
  steps: [
    ['save', 'Map successfully saved'],
    ['command', 'quit'],
    ['wait', null],
  ],
  endFromInside: async (connection, { id }) => await connection.request('server/send', { id, line: 'quit' }),
  crash: { code: null, signal: 'SIGABRT' },
});

const bench = useBench();

describe.skipIf(whyMissing('openttd') !== undefined)('OpenTTD', () => {
  test('a player who comes and goes is known by name, and a save by its words', async () => {
    const { connection, place } = await defined(bench(), 'openttd');
    await connection.request('server/start', { id: 'openttd' });
    expect(await connection.request('server/players', { id: 'openttd' })).toEqual([]);
    joinOpenttd(bench(), 'bota', place.port);
    const [player] = await until('the player', async () => {
      const players = await connection.request('server/players', { id: 'openttd' });
      return players.length > 0 && players;
    });
    expect(player).toMatchObject({ name: 'bota' });
    expect(bench().console('openttd')).toMatch(/^\u200e\*\*\* bota has joined/mu);
    expect(await stateOf(connection, 'openttd')).toMatchObject({ players: { online: 1, source: 'log' } });
    for (const pid of bench().processes('bota')) process.kill(pid, 'SIGKILL');
    await until('the player to be gone', async () => {
      const { players } = await stateOf(connection, 'openttd');
      return players.online === 0;
    });
    expect(await connection.request('server/save', { id: 'openttd' })).toMatchObject({ confirmed: true });
    expect(fs.readdirSync(bench().file('openttd'), { recursive: true }).join()).toContain('panel.sav');
    const { view, steps } = await connection.request('server/stop', { id: 'openttd' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
    expect(steps[0]).toMatchObject({ step: 'save', outcome: 'done' });
  });

  test('a second one on its port stays up though nobody reaches it: stopped in order, no crash', async () => {
    const { connection, place } = await defined(bench(), 'openttd');
    await connection.request('server/start', { id: 'openttd' });
    const twin = { ...(await newPlace(bench(), 'twin')), port: place.port };
    const definition = definitionOf('openttd', twin, { restart: { policy: 'always', backoffSeconds: [0.05] } });
    await connection.request('server/add', { definition });
    const started = await connection.request('server/start', { id: 'twin' });
    expect(started).toMatchObject({ state: 'running' });
    const { view } = await connection.request('server/stop', { id: 'twin' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
    expect(await stateOf(connection, 'openttd')).toMatchObject({ state: 'running' });
  });
});
