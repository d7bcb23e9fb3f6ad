import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { demoPlayers } from '../../../../src/core/games/demo/status.js';

let server: net.Server | undefined;
afterEach(() => {
  server?.close();
});

/** A port of 127.0.0.1 at which that is done with whoever comes. */
async function listening(greet: (socket: net.Socket) => void): Promise<number> {
  server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    greet(socket);
    socket.unref();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

test('the count, also in pieces', async () => {
  const port = await listening((socket) => {
    socket.write('{"name":"x","pla');
    setTimeout(() => socket.end('yers":3}\n'), 20);
  });
  expect(await demoPlayers('127.0.0.1', port)).toBe(3);
});

test.each<[string, (socket: net.Socket) => void]>([
  ['closes at once', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
  ['speaks another language', (socket) => socket.end('SSH-2.0-OpenSSH\n')],
  ['tells nonsense', (socket) => socket.end('{"players":-1}\n')],
  ['tells words', (socket) => socket.end('{"players":"many"}\n')],
  ['never ends its line', (socket) => socket.write('x'.repeat(100_000))],
  ['says nothing', () => undefined],
])('nothing is known where the game %s', async (_, greet) => {
  expect(await demoPlayers('127.0.0.1', await listening(greet))).toBeNull();
});

test('nothing is known where nobody listens', async () => {
  const port = await listening(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  expect(await demoPlayers('127.0.0.1', port)).toBeNull();
});
