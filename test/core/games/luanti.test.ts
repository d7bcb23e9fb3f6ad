import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/shared/contract.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { definitionOf, luantiMod, newPlace, whyMissing } from '../support/games.js';
import { defined, livesOf } from '../support/lives.js';

/* It has no console; signals end it in order. Mods make it fail in every way a game can. All it prints is on stderr. */

livesOf({
  game: 'luanti',
  readyText: 'listening on 127.0.0.1',
  stopText: 'Server: Shutting down',
  steps: [
    ['signal', 'SIGTERM'],
    ['wait', null],
  ],
  endFromInside: async (_, { pid }) => await Promise.resolve(process.kill(pid ?? 0, 'SIGTERM')),
});

const bench = useBench();

describe.skipIf(whyMissing('luanti') !== undefined)('Luanti', () => {
  /** With a mod of these words. */
  const modded = async (lua: string, change: Partial<Definition> = {}): ReturnType<typeof defined> => {
    luantiMod(bench(), 'luanti', lua);
    return await defined(bench(), 'luanti', change);
  };

  test('a second one on its port prints its ready line and dies: a failed start; the first one saves its world', async () => {
    const { connection, place } = await defined(bench(), 'luanti');
    const started = await connection.request('server/start', { id: 'luanti' });
    const twin = { ...(await newPlace(bench(), 'twin')), port: place.port };
    await connection.request('server/add', { definition: definitionOf('luanti', twin) });
    const start = connection.request('server/start', { id: 'twin' });
    await expect(start).rejects.toMatchObject({ code: 'start-failed', data: { exitCode: 1 } });
    expect(await stateOf(connection, 'twin')).toMatchObject({
      state: 'crashed',
      exit: { code: 1, cause: 'start-failed' },
    });
    expect(bench().console('twin')).toMatch(/listening on[^]*Failed to bind socket/);
    expect(await stateOf(connection, 'luanti')).toMatchObject({ state: 'running', pid: started.pid });
    await connection.request('server/stop', { id: 'luanti' });
    expect(fs.statSync(bench().file('luanti', 'world', 'env_meta.txt')).size).toBeGreaterThan(0);
  });

  test('an error in a mod shuts it down with the words of a stop: a crash all the same', async () => {
    const restart = { policy: 'on-crash' as const, maxAttempts: 0 };
    const { connection } = await modded('minetest.after(1.5, function() error("planted") end)', { restart });
    await connection.request('server/start', { id: 'luanti' });
    const view = await until('its end', async () => {
      const now = await stateOf(connection, 'luanti');
      return now.exit !== null && now;
    });
    expect(view).toMatchObject({ state: 'failed', exit: { code: 1, cause: 'crash' } });
    expect(bench().console('luanti')).toMatch(/Server: Shutting down[^]*planted/);
  });

  test('a loop that never ends takes SIGTERM and stays: it is stopping until somebody kills it', async () => {
    const { connection } = await modded('minetest.after(1, function() while true do end end)', {
      stop: { graceSeconds: 1 },
    });
    const { pid } = await connection.request('server/start', { id: 'luanti' });
    await until('the loop', async () => ((await stateOf(connection, 'luanti')).sample?.cpu ?? 0) > 50);
    const stop = connection.request('server/stop', { id: 'luanti' });
    await expect(stop).rejects.toMatchObject({ code: 'stop-timeout' });
    expect(bench().console('luanti')).toContain('got SIGTERM');
    expect(await stateOf(connection, 'luanti')).toMatchObject({ state: 'stopping', pid });
    const killed = await connection.request('server/kill', { id: 'luanti' });
    expect(killed).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL', cause: 'asked' } });
  });

  test('a stop that takes its time is waited for', async () => {
    const { connection } = await modded(
      'minetest.register_on_shutdown(function() local t = os.time() while os.time() < t + 2 do end end)',
    );
    await connection.request('server/start', { id: 'luanti' });
    const { view, steps } = await connection.request('server/stop', { id: 'luanti' }, { timeoutMs: 60_000 });
    expect(view).toMatchObject({ state: 'stopped', pid: null, exit: { code: 0, cause: 'asked' } });
    const wait = steps.find(({ step }) => step === 'wait');
    expect(wait).toMatchObject({ outcome: 'done' });
    expect((wait?.endedAt ?? 0) - (wait?.startedAt ?? 0)).toBeGreaterThan(500);
  });

  test('one that ends by itself after a delay was stopped from inside', async () => {
    const { connection } = await modded(
      'minetest.after(1, function() minetest.request_shutdown("bye", false, 1) end)',
      {
        restart: { policy: 'on-crash', backoffSeconds: [0.05] },
      },
    );
    await connection.request('server/start', { id: 'luanti' });
    const view = await until('its end', async () => {
      const now = await stateOf(connection, 'luanti');
      return now.exit !== null && now;
    });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'stopped-from-inside' } });
  });

  test('one whose memory grows and grows is measured so, and still stops in order', async () => {
    const { connection } = await modded(
      'local kept = {}\nminetest.register_globalstep(function() for i = 1, 20 do ' +
        'kept[#kept + 1] = string.rep(tostring(#kept) .. "x", 100000) end end)',
    );
    await connection.request('server/start', { id: 'luanti' });
    const memory = async (): Promise<number> => (await stateOf(connection, 'luanti')).sample?.memory ?? 0;
    await until('growth', async () => (await memory()) > 150_000_000);
    const { view } = await connection.request('server/stop', { id: 'luanti' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
  });

  test('what it prints on stderr is its console, and no fault', async () => {
    const { connection } = await defined(bench(), 'luanti');
    const lines: string[] = [];
    connection.on('console/lines', (news) => lines.push(...news.lines));
    const view = await connection.request('server/start', { id: 'luanti' });
    expect(lines.join('\n')).toContain('ACTION[Main]: Server for gameid');
    expect(view).toMatchObject({ state: 'running', health: { is: 'ok', reason: null }, alerts: 0 });
  });
});
