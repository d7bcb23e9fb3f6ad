import dgram from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { stateOf, useBench } from '../support/bench.js';
import { definitionOf, newPlace, whyMissing } from '../support/games.js';
import { defined, reached } from '../support/lives.js';

/* A handler of its own makes exit codes of signals: 1 of an orderly end, 2 of a crash. */

/** A word to its port, as its own tools send it. */
async function say(port: number, words: string): Promise<void> {
  const socket = dgram.createSocket('udp4');
  socket.send(Buffer.concat([Buffer.alloc(4, 0xff), Buffer.from(words)]), port, '127.0.0.1', () => socket.close());
  await once(socket, 'close');
}

const bench = useBench();

describe.skipIf(whyMissing('openarena') !== undefined)('OpenArena', () => {
  test('moves to another port where its own is taken, and runs', async () => {
    const { connection, place } = await defined(bench(), 'openarena');
    await connection.request('server/start', { id: 'openarena' });
    const twin = { ...(await newPlace(bench(), 'twin')), port: place.port };
    await connection.request('server/add', { definition: definitionOf('openarena', twin) });
    const started = await connection.request('server/start', { id: 'twin' });
    expect(started).toMatchObject({ state: 'running', health: { is: 'ok' } });
    expect(bench().console('twin')).toContain('Address already in use');
    const { view } = await connection.request('server/stop', { id: 'twin' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
    expect(bench().console('twin')).toContain('Server Shutdown (Server quit)');
    expect(await stateOf(connection, 'openarena')).toMatchObject({ state: 'running' });
  });

  test('that ends with 1 on the SIGTERM that was asked for has not crashed', async () => {
    const restart = { policy: 'always' as const, backoffSeconds: [0.05] };
    const { connection } = await defined(bench(), 'openarena', { stop: { signal: 'SIGTERM' }, restart });
    await connection.request('server/start', { id: 'openarena' });
    const { view } = await connection.request('server/stop', { id: 'openarena' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 1, cause: 'asked' }, restarts: { nextAt: null } });
    expect(bench().console('openarena')).toContain('Server Shutdown (Received signal 15)');
  });

  test('that crashes by its own command crashed, though its handler makes an exit code of it', async () => {
    const { connection, place } = await defined(bench(), 'openarena');
    await connection.request('server/start', { id: 'openarena' });
    await say(place.port, 'rcon rconpw crash');
    expect(await reached(connection, 'openarena', 'crashed')).toMatchObject({ exit: { code: 2, cause: 'crash' } });
  });
});
