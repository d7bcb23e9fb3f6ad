import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { connect, connectCore } from '../../../src/node/coreConnection.js';
import { prepareEndpoints, readToken, type Endpoints } from '../../../src/node/endpoint.js';
import { Peer, type Handler } from '../../../src/node/peer.js';
import { Failure } from '../../../src/shared/failure.js';
import { failing } from './support/failing.js';
import { useTempFolder } from './support/tempFolder.js';

const at = useTempFolder();
const client = { name: 'test', version: '0' };
const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.destroy();
});

/** Something that listens where a core would. */
async function listening(onSocket: (socket: net.Socket) => void): Promise<Endpoints> {
  const endpoints = prepareEndpoints(at('data'));
  const server = net.createServer((socket) => {
    open.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(endpoints.core, resolve));
  open.push({ destroy: () => void server.close() });
  return endpoints;
}

const core = async (handler: Handler): Promise<Endpoints> =>
  await listening((socket) => {
    new Peer(socket, handler).onClose(() => undefined);
  });
const connectHere = async (timeoutMs = 5000) => await connectCore({ dataDir: at('data'), client, timeoutMs });

describe('connectCore', () => {
  test('says hello with the token, and hands out the answer', async () => {
    const asked: unknown[] = [];
    const hello = { protocol: 1, version: '1', pid: 1, startedAt: 0, platform: 'linux', secretsMissing: [] };
    const { tokenFile } = await core((method, params) => {
      asked.push([method, params]);
      return method === 'core/hello' ? hello : [];
    });
    const connection = await connectHere();
    expect(connection.hello).toEqual(hello);
    expect(await connection.request('server/list', {})).toEqual([]);
    expect(asked).toEqual([
      ['core/hello', { token: readToken(tokenFile), protocol: 1, client }],
      ['server/list', {}],
    ]);
    const closed = new Promise<void>((resolve) => connection.onClose(resolve));
    connection.dispose();
    await closed;
    await expect(connection.request('server/list', {})).rejects.toSatisfy(failing('unreachable'));
  });

  test('unreachable: no core ever ran here', async () => {
    await expect(connectHere()).rejects.toSatisfy(failing('unreachable', { dataDir: at('data') }));
    expect(fs.existsSync(at('data'))).toBe(false);
  });

  test('unreachable: none is there now', async () => {
    const { core: endpoint } = prepareEndpoints(at('data'));
    await expect(connectHere()).rejects.toSatisfy(failing('unreachable', { endpoint }));
  });

  test('unreachable: one that was killed has left its socket behind', async () => {
    const { core: endpoint } = prepareEndpoints(at('data'));
    fs.writeFileSync(endpoint, '');
    await expect(connectHere()).rejects.toSatisfy(failing('unreachable', { endpoint }));
  });

  test('unauthorized: the token is gone', async () => {
    const { tokenFile } = await core(() => null);
    fs.rmSync(tokenFile);
    await expect(connectHere()).rejects.toSatisfy(failing('unauthorized', { file: tokenFile }));
  });

  test.each(['unauthorized', 'protocol-mismatch'] as const)('%s: as the core says', async (code) => {
    await core(() => {
      throw new Failure(code, { mine: 2 });
    });
    await expect(connectHere()).rejects.toSatisfy(failing(code, { mine: 2 }));
  });

  test('timeout: something listens and says nothing', async () => {
    let ended = false;
    await listening((socket) => socket.on('close', () => (ended = true)).resume());
    await expect(connectHere(100)).rejects.toSatisfy(failing('timeout'));
    // The connection is not left open behind it.
    while (!ended) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test.each([
    ['hangs up', (socket: net.Socket) => socket.destroy()],
    ['speaks something else', (socket: net.Socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
  ])('unreachable: whoever listens %s', async (_, onSocket) => {
    await listening(onSocket);
    await expect(connectHere()).rejects.toSatisfy(failing('unreachable'));
  });
});

test('connect: nobody listens at a path', async () => {
  await expect(connect(path.join(at(), 'no.sock'), 1000)).rejects.toSatisfy(
    failing('unreachable', { endpoint: at('no.sock') }),
  );
});
