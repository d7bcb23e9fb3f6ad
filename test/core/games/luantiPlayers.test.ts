import { expect, test } from 'vitest';
import { askedGame, comings, eventsOf, joinLuanti, namesReached, onlineReached } from '../support/asked.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { whyMissing } from '../support/games.js';

/* It has no interface: who plays is known by its lines alone. */

const bench = useBench();
const id = 'luanti';
const isMissing = (['luanti', 'luanti_client'] as const).some((name) => whyMissing(name) !== undefined);

test.skipIf(isMissing)(
  'two people who play Luanti are counted, named, and their time is kept',
  async () => {
    const { connection, place } = await askedGame(bench(), id);
    await connection.request('server/start', { id });
    await onlineReached(connection, id, 0);
    const from = Date.now() - 60_000;
    const ann = joinLuanti(bench(), 'Ann', place.port);
    await namesReached(connection, id, ['Ann']);
    const bob = joinLuanti(bench(), 'Bob', place.port);
    await namesReached(connection, id, ['Ann', 'Bob']);
    const view = await stateOf(connection, id);
    expect(view.players).toMatchObject({ online: 2, source: 'log' });
    expect(view.api).toMatchObject({ is: 'none', via: null });
    const since = (await connection.request('server/players', { id })).map((one) => one.since ?? 0);
    expect(Math.min(...since)).toBeGreaterThan(from);
    const now = await connection.request('server/playerStats', { id, from, to: Date.now() + 60_000 });
    expect(now.players.map(({ name, sessions, online }) => [name, sessions, online]).sort()).toEqual([
      ['Ann', 1, true],
      ['Bob', 1, true],
    ]);
    await until('a sample with both', async () => (await stateOf(connection, id)).sample?.players === 2);

    // One goes in order, the other is cut off and times out.
    ann.kill('SIGTERM');
    await namesReached(connection, id, ['Bob']);
    bob.kill('SIGKILL');
    // It waits half a minute for somebody who says nothing.
    await onlineReached(connection, id, 0, 90_000);
    await until('that all are told', async () => (await comings(connection, id)).length === 4);
    expect(await comings(connection, id)).toEqual(['Ann joined', 'Bob joined', 'Ann left', 'Bob left']);
    const left = await eventsOf(connection, id, ['player-left']);
    for (const { data } of left) expect(data.playedMs).toBeGreaterThan(0);
    const stats = await connection.request('server/playerStats', { id, from, to: Date.now() + 60_000 });
    for (const name of ['Ann', 'Bob']) {
      const one = stats.players.find((player) => player.name === name);
      expect(one).toMatchObject({ sessions: 1, online: false });
      expect(one?.playedMs).toBe(left.find(({ data }) => data.name === name)?.data.playedMs);
    }
    const { view: ended } = await connection.request('server/stop', { id }, { timeoutMs: 60_000 });
    expect(ended).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
    expect((await comings(connection, id)).length).toBe(4);
  },
  180_000,
);
