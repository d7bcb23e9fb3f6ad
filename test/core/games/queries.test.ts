import dgram from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { answering, askedGame, comings, onlineReached } from '../support/asked.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { definitionOf, econPassword, whyMissing, type Place } from '../support/games.js';

/* Real games that are asked on their own ports, over and over, while they run. */

const bench = useBench();
const byQuery = ({ port }: Place): { connection: { queryPort: number } } => ({ connection: { queryPort: port } });

describe.skipIf(whyMissing('openarena') !== undefined)('OpenArena', () => {
  /** How many are there by its own word, bots among them. */
  async function thereOn(port: number): Promise<number> {
    const socket = dgram.createSocket('udp4');
    try {
      const answer = once(socket, 'message') as Promise<[Buffer]>;
      socket.send(Buffer.concat([Buffer.alloc(4, 0xff), Buffer.from('getstatus')]), port, '127.0.0.1');
      const [text] = await answer;
      return text.toString('latin1').trimEnd().split('\n').length - 2;
    } finally {
      socket.close();
    }
  }

  test('its bots are no players', async () => {
    const id = 'openarena';
    const { connection, place } = await askedGame(bench(), id, { change: byQuery });
    await connection.request('server/start', { id });
    await answering(connection, id);
    expect((await stateOf(connection, id)).players).toMatchObject({ online: 0, max: 12, source: 'query' });
    expect(await thereOn(place.port)).toBe(0);
    for (const bot of ['sarge', 'grism']) await connection.request('server/send', { id, line: `addbot ${bot} 3` });
    await until('both bots', async () => (await thereOn(place.port)) === 2);
    const since = Date.now();
    const view = await until('an answer since then', async () => {
      const now = await stateOf(connection, id);
      return (now.players.at ?? 0) > since ? now : undefined;
    });
    expect(view).toMatchObject({ players: { online: 0, max: 12, source: 'query' }, api: { is: 'ok', via: 'query' } });
    expect(await connection.request('server/players', { id })).toEqual([]);
    expect(await thereOn(place.port)).toBe(2);
    const { view: ended } = await connection.request('server/stop', { id });
    expect(ended).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
    expect(await comings(connection, id)).toEqual([]);
  });
});

describe.skipIf(whyMissing('teeworlds') !== undefined)('Teeworlds', () => {
  test('is asked by its console, or better by a query; what it notes of that is in nobody’s way', async () => {
    const id = 'teeworlds';
    const { connection, place } = await askedGame(bench(), id, { secrets: { econPassword } });
    const shown: string[] = [];
    connection.on('console/lines', ({ lines }) => shown.push(...lines));
    await connection.request('client/subscribe', { consoles: [id] });
    await connection.request('server/start', { id });
    await answering(connection, id);
    expect(await stateOf(connection, id)).toMatchObject({
      api: { is: 'ok', via: 'econ' },
      players: { online: 0, source: 'econ' },
    });
    const asked = (): number =>
      [
        ...bench()
          .console(id)
          .matchAll(/econ\]: client accepted/g),
      ].length;
    const before = asked();
    await until('some more questions', () => asked() >= before + 3);
    const own = /\[econ\]: (?:client accepted|client dropped|cid=\d+ authed)|cmd='status'/;
    const tail = await connection.request('console/tail', { id, lines: 500 });
    expect(tail.join('\n')).toContain('[server]: version');
    expect(tail.filter((line) => own.test(line))).toEqual([]);
    expect(shown.filter((line) => own.test(line))).toEqual([]);
    // What people say is shown, and that it was said.
    await connection.request('server/send', { id, line: 'say hello' });
    await until('the line', () => shown.some((line) => line.includes('hello')));

    const both = { econPort: place.consolePort, queryPort: place.port };
    const definition = definitionOf('teeworlds', place, { connection: both });
    await connection.request('server/update', { definition });
    await until('an answer to a query', async () => (await stateOf(connection, id)).api.via === 'query');
    const view = await stateOf(connection, id);
    expect(view.players).toMatchObject({ online: 0, source: 'query' });
    expect(view.players.max).toBeGreaterThan(0);
    const told = await connection.request('server/test', { id });
    expect(told.map(({ channel, ok }) => [channel, ok])).toEqual([
      ['query', true],
      ['econ', true],
    ]);
    const { view: ended, steps } = await connection.request('server/stop', { id });
    expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(['command done', 'wait done']);
    expect(ended).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
  });
});

describe.skipIf(whyMissing('bzflag') !== undefined)('BZFlag', () => {
  test('tells by a query how many may play, and nobody reads of it', async () => {
    const id = 'bzflag';
    const { connection } = await askedGame(bench(), id, { change: byQuery });
    await connection.request('server/start', { id });
    await answering(connection, id);
    await onlineReached(connection, id, 0);
    const view = await stateOf(connection, id);
    expect(view).toMatchObject({ api: { is: 'ok', via: 'query' }, players: { online: 0, max: 20, source: 'query' } });
    const asked = (): number =>
      [
        ...bench()
          .console(id)
          .matchAll(/accept\(\) from/g),
      ].length;
    await until('some questions', () => asked() >= 3);
    const tail = await connection.request('console/tail', { id, lines: 500 });
    expect(tail.filter((line) => /accept\(\) from|^Player {2}\[\d+\] removed/.test(line))).toEqual([]);
    expect(tail.join('\n')).toContain('listening on');
    expect(await comings(connection, id)).toEqual([]);
    const { view: ended } = await connection.request('server/stop', { id });
    expect(ended).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
  });
});
