import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bzflag } from '../../../src/core/games/bzflag/adapter.js';
import { EconClient } from '../../../src/core/games/econ.js';
import { quake3 } from '../../../src/core/games/quake3/adapter.js';
import { teeworlds } from '../../../src/core/games/teeworlds/adapter.js';
import { gameRow } from '../../../src/shared/games.js';
import { sayingLine } from '../../../src/shared/games.js';
import { askBy, linesOf, queryOf, readBy } from '../support/asks.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { econPassword, programOf, whyMissing, type RealGame } from '../support/games.js';
import { defined } from '../support/lives.js';

/* What real games answer to the questions that are asked of them again and again, and what they write down of it. */

const bench = useBench();

async function running(game: RealGame): ReturnType<typeof defined> {
  const all = await defined(bench(), game);
  await all.connection.request('server/start', { id: game });
  return all;
}

/** Lines of its console that the row does not know as an echo of our questions. */
function newsOf(game: RealGame, row: string): string[] {
  const echo = new RegExp(gameRow(row)?.echo ?? '(?!)', 'u');
  return bench()
    .console(game)
    .split('\n')
    .filter((line) => line !== '' && !echo.test(line));
}

test.skipIf(whyMissing('openarena') !== undefined)(
  'bots of OpenArena are in its list, and are no players',
  async () => {
    const { place } = await running('openarena');
    const read = async (): ReturnType<typeof readBy> => await readBy(quake3, 'query', queryOf(place.port));
    expect(await read()).toMatchObject({ players: 0, bots: 0, maxPlayers: 12, names: [] });
    const socket = dgram.createSocket('udp4');
    const words = Buffer.concat([Buffer.alloc(4, 0xff), Buffer.from('rcon rconpw addbot sarge 3')]);
    socket.send(words, place.port, '127.0.0.1', () => socket.close());
    await once(socket, 'close');
    const withBot = await until('the bot', async () => {
      const reading = await read();
      return reading.bots === 1 && reading;
    });
    expect(withBot).toMatchObject({ players: 0, bots: 1, maxPlayers: 12, names: [] });
  },
);

test.skipIf(whyMissing('teeworlds') !== undefined)('Teeworlds is asked without a word in its log', async () => {
  const { connection, place } = await running('teeworlds');
  const before = bench().console('teeworlds');
  const reading = await readBy(teeworlds, 'query', queryOf(place.port));
  expect(reading).toEqual({
    players: 0,
    bots: 0,
    maxPlayers: expect.any(Number) as unknown,
    version: '0.7.5',
    names: [],
  });
  expect(bench().console('teeworlds')).toBe(before);

  const client = new EconClient({ host: '127.0.0.1', port: place.consolePort, password: econPassword });
  const econ = linesOf(async (line) => await client.command(line));
  const known = newsOf('teeworlds', 'teeworlds').length;
  expect(await readBy(teeworlds, 'econ', econ)).toEqual({ players: 0, names: [] });
  // It writes down that somebody came, asked and went, and nothing that its row does not know.
  await until('the echo', () => bench().console('teeworlds').includes("cmd='status'"));
  expect(newsOf('teeworlds', 'teeworlds')).toHaveLength(known);
  await econ.say(sayingLine('say "{text}"', 'it "rains"'));
  await until('the announcement', () => bench().console('teeworlds').includes("*** it 'rains'"));
  expect(await askBy(teeworlds.actions?.kick?.ask({ player: '3' }), 'econ', econ)).toContain('invalid client id');
  expect(await askBy(teeworlds.actions?.ban?.ask({ player: '3', reason: 'x' }), 'econ', econ)).toContain(
    'invalid client id',
  );
  await econ.say('shutdown', { endsGame: true });
  await until('its end', async () => (await stateOf(connection, 'teeworlds')).state === 'stopped');
});

test.skipIf(whyMissing('bzflag') !== undefined)('who only watches BZFlag does not play', async () => {
  const { place } = await running('bzflag');
  const known = newsOf('bzflag', 'bzflag').length;
  const read = async (): ReturnType<typeof readBy> => await readBy(bzflag, 'query', queryOf(place.port));
  expect(await read()).toEqual({ players: 0, bots: 0, maxPlayers: 20, names: [] });
  await until('the echo', () => bench().console('bzflag').includes('Player  [0] removed'));
  expect(newsOf('bzflag', 'bzflag')).toHaveLength(known);
  const tool = path.join(path.dirname(programOf('bzflag')), 'bzadmin');
  const guest = spawn(tool, ['-ui', 'stdout', `watcher@127.0.0.1:${place.port}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  try {
    await until('the guest', () => bench().console('bzflag').includes('Player watcher [0] has joined'));
    expect(await read()).toMatchObject({ players: 0, names: [] });
  } finally {
    guest.kill('SIGKILL');
  }
});
