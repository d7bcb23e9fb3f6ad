import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { askByDatagrams } from '../../../../src/core/games/query/datagrams.js';
import { askByStream } from '../../../../src/core/games/query/stream.js';
import { RestLine } from '../../../../src/core/games/rest/restLine.js';
import { networkBytes } from '../../../../src/core/games/traffic.js';
import { httpAnswer, rawServer } from './support/httpServer.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const talkTo = (port: number): { host: string; port: number; signal: AbortSignal; ms: number } => ({
  ...{ host: '127.0.0.1', port, ms: 2000 },
  signal: new AbortController().signal,
});

/** What this costs, once the connection is over and while it is still there. */
async function costOf(work: () => Promise<unknown>): Promise<{ received: number; sent: number }> {
  const before = networkBytes();
  await work();
  const after = networkBytes();
  return { received: after.received - before.received, sent: after.sent - before.sent };
}

describe('bytes to and from games', () => {
  test('of HTTP are those on the wire, headers included, over a connection that is kept', async () => {
    const answer = httpAnswer(200, 'x'.repeat(5000));
    const server = await rawServer(({ socket }) => socket.write(answer));
    const line = new RestLine({ host: '127.0.0.1', port: server.port });
    closing.push(
      () => line.close(),
      () => server.close(),
    );
    const request = { method: 'GET', path: '/v1/api/metrics', headers: { authorization: 'x' }, body: null } as const;
    const ask = async (): Promise<unknown> =>
      await line.ask(request, { signal: new AbortController().signal, endsAt: performance.now() + 5000 });
    const first = await costOf(ask);
    const [{ head } = { head: '' }] = server.heard;
    expect(first).toEqual({ received: answer.length, sent: head.length + 4 });
    expect(await costOf(ask)).toEqual(first);
    expect(server.connections).toHaveLength(1);
    // A connection that is over keeps what it had.
    const before = networkBytes();
    await line.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(networkBytes()).toEqual(before);
  });

  test('of a connection for one question', async () => {
    const server = net.createServer((socket) => socket.on('data', () => socket.end('1234567')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const { port } = server.address() as net.AddressInfo;
    const ask = async (): Promise<unknown> =>
      await askByStream(talkTo(port), { first: Buffer.from('abc'), maxBytes: 100 }, (all) =>
        all.length === 7 ? { answer: 1 } : undefined,
      );
    expect(await costOf(ask)).toEqual({ received: 7, sent: 3 });
  });

  test('of datagrams, both ways', async () => {
    const server = dgram.createSocket('udp4').on('message', (_, { port }) => {
      server.send(Buffer.alloc(300), port, '127.0.0.1');
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const ask = async (): Promise<unknown> =>
      await askByDatagrams(talkTo(server.address().port), Buffer.alloc(25), () => ({ answer: 1 }));
    expect(await costOf(ask)).toEqual({ received: 300, sent: 25 });
  });
});
