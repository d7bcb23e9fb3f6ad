import fs from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { LineTalk } from '../../../src/core/games/adapter.js';
import { openttd } from '../../../src/core/games/openttd/adapter.js';
import { AdminClient } from '../../../src/core/games/openttd/adminClient.js';
import { gameRow } from '../../../src/shared/games.js';
import { askBy, linesOf, queryOf, readBy } from '../support/asks.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { joinOpenttd, whyMissing } from '../support/games.js';
import { defined } from '../support/lives.js';

/* OpenTTD's port for administrators, and what it tells without a password. */

const bench = useBench();
const clients: AdminClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

function adminOf(port: number, password = 'adminpw'): LineTalk {
  const client = new AdminClient({ host: '127.0.0.1', port, password: () => password });
  clients.push(client);
  return linesOf(async (line, options) => await client.say(line, { ...options, ms: 60_000 }));
}

describe.skipIf(whyMissing('openttd') !== undefined)('OpenTTD', () => {
  test('tells by both ways who comes and goes, saves, and ends in order', async () => {
    const { connection, place } = await defined(bench(), 'openttd');
    await connection.request('server/start', { id: 'openttd' });
    const admin = adminOf(place.consolePort);
    const byAdmin = async (): ReturnType<typeof readBy> => await readBy(openttd, 'admin', admin);
    const byQuery = async (): ReturnType<typeof readBy> => await readBy(openttd, 'query', queryOf(place.port));
    const most = (await byQuery()).maxPlayers;
    expect(most).toBeGreaterThan(1);
    expect(await byAdmin()).toEqual({ players: 0, maxPlayers: most, names: [] });
    expect(await byQuery()).toMatchObject({ players: 0, version: expect.stringMatching(/^\d+\.\d/) as unknown });

    joinOpenttd(bench(), 'bota', place.port);
    const one = await until('the player', async () => {
      const reading = await byAdmin();
      return reading.players === 1 && reading;
    });
    expect(one.names).toMatchObject([{ name: 'bota' }]);
    await until('the player by query', async () => (await byQuery()).players === 1);
    await askBy(openttd.announce?.('it "rains"'), 'admin', admin);
    const [{ id } = { id: null }] = one.names ?? [];
    await askBy(openttd.actions?.kick?.ask({ player: id ?? '' }), 'admin', admin);
    await until('the player to be gone', async () => (await byAdmin()).players === 0);
    await until('nobody by query', async () => (await byQuery()).players === 0);
    expect(bench().console('openttd')).toContain("it 'rains'");

    await askBy(openttd.save, 'admin', admin);
    expect(fs.readdirSync(bench().file('openttd'), { recursive: true }).join()).toContain('panel.sav');
    // What our questions leave in its log is known for an echo.
    const echo = new RegExp(gameRow('openttd')?.echo ?? '(?!)', 'u');
    const left = bench()
      .console('openttd')
      .split('\n')
      .filter((line) => line.includes('[admin]') && !echo.test(line));
    expect(left.filter((line) => !/: (?:say|kick|save) /.test(line))).toEqual([]);

    await askBy(openttd.end, 'admin', admin);
    const view = await until('its end', async () => {
      const now = await stateOf(connection, 'openttd');
      return now.state === 'stopped' && now;
    });
    expect(view).toMatchObject({ exit: { code: 0, signal: null } });
    expect(bench().console('openttd')).toContain('Shutting down network');
    await expect(byAdmin()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('does not take a wrong password, nor say that it has saved where it has not', async () => {
    const { connection, place } = await defined(bench(), 'openttd');
    await connection.request('server/start', { id: 'openttd' });
    const guessing = readBy(openttd, 'admin', adminOf(place.consolePort, 'guessed'));
    await expect(guessing).rejects.toMatchObject({ code: 'auth-rejected' });
    // Where it cannot write into its folder for saves it writes beside that.
    for (const name of ['save/panel.sav', 'panel.sav']) {
      fs.mkdirSync(bench().file('openttd', name), { recursive: true });
    }
    const save = askBy(openttd.save, 'admin', adminOf(place.consolePort));
    await expect(save).rejects.toMatchObject({ code: 'io', data: { isSent: true } });
  });
});
