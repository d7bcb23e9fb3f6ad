import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RestTalk } from '../../../../../src/core/games/adapter.js';
import { RestClients, type RestPlace } from '../../../../../src/core/games/rest/restClient.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { httpAnswer, rawServer, type RawServer } from '../support/httpServer.js';

const password = 'sw0rd:물고기 ü';
const login = Buffer.from(`admin:${password}`).toString('base64');
const servers: { close(): Promise<unknown> | void }[] = [];
let clients: RestClients;

beforeEach(() => {
  clients = new RestClients();
});
afterEach(async () => {
  await clients.dispose();
  for (const server of servers.splice(0)) await server.close();
});

async function serve(...answer: Parameters<typeof rawServer>): Promise<RawServer> {
  const server = await rawServer(...answer);
  servers.push(server);
  return server;
}

const always = async (bytes: Buffer | string): Promise<RawServer> => await serve(({ socket }) => socket.write(bytes));

function talk(
  port: number,
  ms = 20_000,
  signal = new AbortController().signal,
  place: Partial<RestPlace> = {},
): RestTalk {
  return clients.talk({ host: '127.0.0.1', port, user: 'admin', password: () => password, ...place }, { signal, ms });
}

async function failureOf(asked: Promise<unknown>): Promise<{ code: string; data: Failure['data'] }> {
  const error: unknown = await asked.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  const { code, data, message } = error as Failure;
  for (const secret of [password, login, 'sw0rd']) expect(JSON.stringify([code, data, message])).not.toContain(secret);
  return { code, data };
}

/** Listens in a process that is stopped, with a queue of one that is full. */
async function fullPort(): Promise<{ port: number; close: () => void }> {
  const code =
    'const s = require("net").createServer(); s.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {' +
    ' process.stdout.write(String(s.address().port)); });';
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  const port = Number(chunk.toString());
  const fillers = Array.from({ length: 16 }, () =>
    net.connect({ host: '127.0.0.1', port }).on('error', () => undefined),
  );
  await once(fillers[0]!, 'connect');
  return {
    port,
    close: () => {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

const closed = async (socket: net.Socket): Promise<void> => {
  await expect.poll(() => socket.destroyed, { timeout: 10_000 }).toBe(true);
};

describe('what it says', () => {
  test('credentials in UTF-8, with a colon and what is not Latin in the password', async () => {
    const server = await always(httpAnswer(200, '{"a":[1]}'));
    expect(await talk(server.port).get('/v1/api/x')).toEqual({ a: [1] });
    const head = server.heard[0]?.head ?? '';
    expect(head.split('\r\n')[0]).toBe('GET /v1/api/x HTTP/1.1');
    expect(head).toContain(`authorization: Basic ${login}`);
    expect(head).toContain(`host: 127.0.0.1:${server.port}`);
  });

  test('a post without a body states its length, and one with a body its kind', async () => {
    const server = await always(httpAnswer(200, 'OK', { 'content-type': 'text/plain' }));
    expect(await talk(server.port).post('/save')).toBe('OK');
    expect(await talk(server.port).post('/say', { message: '안녕' })).toBe('OK');
    const [save, say] = server.heard;
    expect(save?.head).toMatch(/content-length: 0/);
    expect(save?.head).not.toMatch(/content-type/);
    expect(say?.head).toMatch(/content-type: application\/json/);
    expect(Buffer.from(say?.body ?? '', 'latin1').toString()).toBe('{"message":"안녕"}');
  });

  test('a password that is missing is told as that, and nothing is opened', async () => {
    const server = await always(httpAnswer(200, '{}'));
    const missing = {
      password: (): string => {
        throw new Failure('secret-missing', { key: 'restPassword' });
      },
    };
    for (const asked of ['get', 'post'] as const)
      expect(await failureOf(talk(server.port, 20_000, undefined, missing)[asked]('/'))).toMatchObject({
        code: 'secret-missing',
      });
    expect(server.connections).toEqual([]);
  });
});

describe('what an answer is', () => {
  test.each<[string, Buffer, unknown]>([
    ['JSON under another name', httpAnswer(200, ' {"a":1}\n', { 'content-type': 'text/plain' }), { a: 1 }],
    ['text under the name of JSON', httpAnswer(200, 'OK\n'), 'OK'],
    ['nothing', httpAnswer(204, '', { 'content-length': '0' }), ''],
    ['a mark of its byte order', httpAnswer(200, '\ufeff{"a":"김"}'), { a: '김' }],
    [
      'something first that is none',
      Buffer.concat([Buffer.from('HTTP/1.1 103 Early\r\n\r\n'), httpAnswer(200, '[]')]),
      [],
    ],
    [
      'pieces',
      Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n5\r\na":1}\r\n0\r\n\r\n'),
      { a: 1 },
    ],
  ])('%s', async (_, bytes, value) => {
    const server = await always(bytes);
    expect(await talk(server.port).get('/')).toEqual(value);
  });

  test('bytes that come one by one, also within a character', async () => {
    const server = await serve(({ socket }) => {
      socket.setNoDelay(true);
      void (async () => {
        for (const byte of httpAnswer(200, '{"name":"김"}')) {
          socket.write(Buffer.of(byte));
          await new Promise(setImmediate);
        }
      })();
    });
    expect(await talk(server.port).get('/')).toEqual({ name: '김' });
  });

  test.each<[string, Buffer | string]>([
    ['invalid UTF-8', httpAnswer(200, Buffer.from('{"a":"\xff"}', 'latin1'))],
    ['half a JSON', httpAnswer(200, '{"a":')],
    ['a web page', httpAnswer(200, '<!doctype html><title>router</title>', { 'content-type': 'text/html' })],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['lengths that contradict each other', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} '],
    ['headers without an end', `HTTP/1.1 200 OK\r\n${'x-pad: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(2000)}`],
  ])('not %s', async (_, bytes) => {
    const server = await always(bytes);
    for (const asked of ['get', 'post'] as const)
      expect(await failureOf(talk(server.port)[asked]('/'))).toMatchObject({
        code: 'bad-reply',
        data: { isSent: true },
      });
  });

  test.each([
    [401, 'auth-rejected', undefined],
    [403, 'auth-rejected', undefined],
    [400, 'bad-reply', undefined],
    [404, 'bad-reply', undefined],
    [429, 'bad-reply', undefined],
    // It may have gone wrong in the middle of it.
    [500, 'bad-reply', true],
    [503, 'bad-reply', true],
  ])('not %i, which is %s', async (status, code, isSent) => {
    const server = await always(httpAnswer(status, 'Unauthorized', { 'retry-after': '1' }));
    for (const asked of ['get', 'post'] as const) {
      const { data, ...rest } = await failureOf(talk(server.port)[asked]('/'));
      expect(rest).toEqual({ code });
      expect([data.status, data.isSent]).toEqual([status, isSent]);
    }
    // Nothing was asked again on its own account.
    expect(server.heard).toHaveLength(2);
  });

  test.each([301, 302, 307, 308])('not %i: nobody else is asked, or gets the credentials', async (status) => {
    const elsewhere = await always(httpAnswer(200, '{}'));
    const server = await always(httpAnswer(status, '', { location: `http://127.0.0.1:${elsewhere.port}/v1/api/x` }));
    for (const asked of ['get', 'post'] as const)
      expect(await failureOf(talk(server.port)[asked]('/'))).toMatchObject({ code: 'bad-reply', data: { status } });
    expect(elsewhere.connections).toEqual([]);
  });

  test('not one that is encrypted', async () => {
    const server = tls.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push({ close: () => void server.close() });
    const { port } = server.address() as net.AddressInfo;
    const { code, data } = await failureOf(talk(port).post('/'));
    // It either says so, in bytes that are no HTTP, or only closes.
    expect(['bad-reply', 'unreachable']).toContain(code);
    expect(data).toMatchObject({ isSent: true });
  });

  test.each([
    ['of a stated length', (socket: net.Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n')],
    ['without one', (socket: net.Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
  ])('not 10 MB %s: no more than a piece of it is taken', async (_, begin) => {
    const server = await serve(({ socket }) => {
      begin(socket);
      for (let i = 0; i < 100; i++) socket.write(Buffer.alloc(100_000, '['));
    });
    expect(await failureOf(talk(server.port).get('/'))).toMatchObject({ code: 'bad-reply' });
    const [socket] = server.connections;
    if (socket === undefined) throw new Error('nothing was asked');
    await closed(socket);
    // What was not taken by then stays with whoever sends it, but for the system's own buffers.
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(9_000_000);
  });
});

describe('waiting', () => {
  test.each<[string, (socket: net.Socket) => void]>([
    ['no answer', () => undefined],
    [
      'a piece after the other',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.write('1\r\n \r\n'), 20);
        socket.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
    [
      'a header after the other',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('x: y\r\n'), 20);
        socket.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('%s ends at the deadline, and so does the connection', async (_, answer) => {
    const server = await serve(({ socket }) => {
      answer(socket);
    });
    for (const asked of ['get', 'post'] as const)
      expect(await failureOf(talk(server.port, 300)[asked]('/'))).toMatchObject({
        code: 'timeout',
        data: { isSent: true },
      });
    for (const socket of server.connections) await closed(socket);
    expect(server.connections).toHaveLength(2);
  });

  test('the deadline holds for a talk, not for each of its questions', async () => {
    const server = await serve(({ socket }, count) => {
      if (count === 1) setTimeout(() => socket.write(httpAnswer(200, '{}')), 300);
    });
    const one = talk(server.port, 1000);
    await one.get('/');
    expect(await failureOf(one.get('/'))).toMatchObject({ code: 'timeout' });
    expect(await failureOf(one.post('/'))).toEqual({ code: 'timeout', data: { port: server.port } });
    expect(server.heard).toHaveLength(2);
  });

  test('is called off at once', async () => {
    const server = await serve(() => undefined);
    const calledOff = new AbortController();
    const asked = ['get', 'post'] as const;
    const failures = asked.map((one) => failureOf(talk(server.port, 20_000, calledOff.signal)[one]('/')));
    await expect.poll(() => server.heard.length).toBe(2);
    calledOff.abort();
    for (const failure of failures) expect(await failure).toMatchObject({ code: 'cancelled', data: { isSent: true } });
    for (const one of asked)
      expect(await failureOf(talk(server.port, 20_000, calledOff.signal)[one]('/'))).toEqual({
        code: 'cancelled',
        data: { port: server.port },
      });
    expect(server.heard).toHaveLength(2);
  });

  test('a deadline that comes as a signal is a deadline', async () => {
    const server = await serve(() => undefined);
    expect(await failureOf(talk(server.port, 20_000, AbortSignal.timeout(200)).get('/'))).toMatchObject({
      code: 'timeout',
    });
  });

  test('for one place keeps nobody waiting at another', async () => {
    const hanging = await serve(() => undefined);
    const well = await always(httpAnswer(200, '{}'));
    const stuck = failureOf(talk(hanging.port, 20_000).get('/'));
    for (let i = 0; i < 10; i++) expect(await talk(well.port).get('/')).toEqual({});
    await clients.dispose();
    expect(await stuck).toMatchObject({ code: 'cancelled' });
  });

  test('at one place: who waits behind one that hangs has a deadline of its own, and its turn comes', async () => {
    const server = await serve(({ socket }, count) => {
      if (count > 1) socket.write(httpAnswer(200, '{}'));
    });
    const first = failureOf(talk(server.port, 600).get('/'));
    const [early, late] = [failureOf(talk(server.port, 200).get('/')), talk(server.port, 20_000).get('/')];
    expect(await early).toEqual({ code: 'timeout', data: { port: server.port } });
    expect(await first).toMatchObject({ code: 'timeout', data: { isSent: true } });
    expect(await late).toEqual({});
    // Who had given up was not said for.
    expect(server.heard).toHaveLength(2);
  });
});

describe('the connection', () => {
  test('is kept for questions; what is done takes one of its own', async () => {
    const server = await always(httpAnswer(200, '{}'));
    for (let i = 0; i < 3; i++) await talk(server.port).get('/');
    await talk(server.port).post('/');
    await talk(server.port).get('/');
    await talk(server.port).post('/');
    expect(server.heard.map(({ connection }) => connection)).toEqual([1, 1, 1, 2, 1, 3]);
    await closed(server.connections[1]!);
    expect(server.connections[0]?.destroyed).toBe(false);
  });

  test('that was closed meanwhile is opened again, and nobody notices', async () => {
    const server = await serve(({ socket }) => socket.end(httpAnswer(200, '{}')));
    for (let i = 0; i < 20; i++) {
      expect(await talk(server.port).get('/')).toEqual({});
      // Sometimes the end is there before the next question, sometimes it is on its way.
      if (i % 2 === 0) await closed(server.connections.at(-1)!);
    }
  });

  test('that breaks over a question which others went before is opened again, once', async () => {
    let isBroken = false;
    const server = await serve(({ socket, connection }, count) => {
      if (isBroken || (connection === 1 && count === 2)) socket.resetAndDestroy();
      else socket.write(httpAnswer(200, `{"on":${connection}}`));
    });
    expect(await talk(server.port).get('/')).toEqual({ on: 1 });
    expect(await talk(server.port).get('/')).toEqual({ on: 2 });
    isBroken = true;
    expect(await failureOf(talk(server.port).get('/'))).toMatchObject({ code: 'unreachable', data: { isSent: true } });
    expect(server.heard).toHaveLength(5);
  });

  test('that breaks over something to be done is not tried again', async () => {
    const server = await serve(({ socket, head }) =>
      head.startsWith('POST') ? socket.resetAndDestroy() : socket.write(httpAnswer(200, '{}')),
    );
    await talk(server.port).get('/');
    expect(await failureOf(talk(server.port).post('/'))).toMatchObject({ code: 'unreachable', data: { isSent: true } });
    expect(server.heard.filter(({ head }) => head.startsWith('POST'))).toHaveLength(1);
  });

  test('that ends in the middle of an answer gave a bad one', async () => {
    const whole = httpAnswer(200, '{"a":1}');
    for (const length of [5, whole.length - 3]) {
      const server = await serve(({ socket }) => socket.end(whole.subarray(0, length)));
      expect(await failureOf(talk(server.port).post('/'))).toMatchObject({ code: 'bad-reply', data: { isSent: true } });
    }
  });

  test.each(['127.0.0.1', 'no.such.host.invalid', 'not a host', '::1', 'fe80::1%nowhere'])(
    'that is not to be had was certainly not heard on: %s',
    async (host) => {
      const gone = await rawServer(() => undefined);
      await gone.close();
      for (const asked of ['get', 'post'] as const) {
        const { code, data } = await failureOf(talk(gone.port, 20_000, undefined, { host })[asked]('/'));
        expect([code, data.isSent]).toEqual(['unreachable', undefined]);
      }
    },
  );

  test('to a game that is back is there with the next question', async () => {
    const gone = await rawServer(() => undefined);
    await gone.close();
    expect(await failureOf(talk(gone.port).get('/'))).toMatchObject({ code: 'unreachable' });
    const back = net.createServer((socket) => socket.once('data', () => socket.end(httpAnswer(200, '{}'))));
    back.listen(gone.port, '127.0.0.1');
    await once(back, 'listening');
    servers.push({ close: () => void back.close() });
    expect(await talk(gone.port).get('/')).toEqual({});
  });

  test.skipIf(process.platform === 'win32')(
    'where nobody accepts it is given up long before the deadline',
    async () => {
      // A port whose queue of those who wait is full: the system answers no more of them.
      const { port, close } = await fullPort();
      servers.push({ close });
      expect(await failureOf(talk(port, 20_000).post('/'))).toEqual({
        code: 'unreachable',
        data: { port, detail: 'ETIMEDOUT' },
      });
    },
  );
});

test('nothing of the process is replaced: other requests of it go the way they went', async () => {
  const server = await always(httpAnswer(200, '{}'));
  const agents = [1, 2].map((n) => Symbol.for(`undici.globalDispatcher.${n}`));
  const before = agents.map((agent) => (globalThis as Record<symbol, unknown>)[agent]);
  await talk(server.port).get('/');
  expect(agents.map((agent) => (globalThis as Record<symbol, unknown>)[agent])).toEqual(before);
});

test('the end of all ends every wait and every connection, and nothing is opened behind it', async () => {
  const server = await serve(() => undefined);
  const waits = [failureOf(talk(server.port).get('/')), failureOf(talk(server.port).post('/'))];
  await expect.poll(() => server.heard.length).toBe(2);
  await clients.dispose();
  for (const wait of waits) expect(await wait).toMatchObject({ code: 'cancelled', data: { isSent: true } });
  for (const socket of server.connections) await closed(socket);
  for (const asked of ['get', 'post'] as const)
    expect(await failureOf(talk(server.port)[asked]('/'))).toEqual({ code: 'cancelled', data: { port: server.port } });
  expect(server.connections).toHaveLength(2);
});
