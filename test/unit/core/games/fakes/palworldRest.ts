import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import type { FakeGame, FakeMode, FakeWorld } from './fakeGame.js';

/** Palworld's HTTP interface; what else the tests want to know of it. */
export interface FakePalworldRest extends FakeGame {
  readonly via: 'rest';
  readonly password: string;
  /** `GET /v1/api/metrics`, in order; those that were turned away are among them. */
  readonly asked: readonly string[];
  /** Bodies of what was posted, as they came. */
  readonly bodies: readonly string[];
  /** So many connections were accepted. */
  readonly connections: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (value: unknown): Answer => ({ status: 200, type: 'application/json', body: JSON.stringify(value) });
const ok: Answer = { status: 200, type: 'text/plain', body: 'OK' };
const refused = (status: number, body: string): Answer => ({ status, type: 'text/plain', body });

function playersOf(world: FakeWorld): unknown[] {
  return world.players.map(({ name, id }, index) => ({
    ...{ name, accountName: name, playerId: `${index + 1}`.padStart(8, 'A').padEnd(32, '0') },
    ...(id === null ? {} : { userId: id }),
    ...{ ip: '192.0.2.1', ping: 28.5, location_x: -357_000.5, location_y: 268_000.25, level: 12, building_count: 3 },
  }));
}

function get(path: string, world: FakeWorld): Answer | undefined {
  switch (path) {
    case '/v1/api/info':
      return json({
        version: 'v0.7.2',
        servername: 'Fake',
        description: '',
        worldguid: 'A7E97BA767364F6FA8F9F2BDC5B10D5E',
      });
    case '/v1/api/players':
      return json({ players: playersOf(world) });
    case '/v1/api/settings':
      return json({ Difficulty: 'None', ExpRate: 1, ServerPlayerMaxNum: world.maxPlayers, RESTAPIEnabled: true });
    case '/v1/api/metrics':
      return json({
        ...{ serverfps: world.tickRate ?? 58, currentplayernum: world.players.length },
        ...{ serverframetime: world.frameTime ?? 17.2, maxplayernum: world.maxPlayers, uptime: 3600, days: 126 },
      });
    default:
      return undefined;
  }
}

/** What a post does, in a fake's words; undefined where there is no such path or something is missing. */
function told(path: string, body: Readonly<Record<string, unknown>>): string | undefined {
  const { message, userid, waittime } = body;
  const on = (what: string): string | undefined => (typeof userid === 'string' ? `${what} ${userid}` : undefined);
  if (path === '/v1/api/save') return 'save';
  if (path === '/v1/api/announce') return typeof message === 'string' ? `announce ${message}` : undefined;
  if (path === '/v1/api/shutdown') return typeof waittime === 'number' && waittime > 0 ? 'end' : undefined;
  const [, what = ''] = /^\/v1\/api\/(kick|ban|unban)$/.exec(path) ?? [];
  return what === '' ? undefined : on(what);
}

function parsed(body: string): Record<string, unknown> {
  try {
    return body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
  } catch {
    return {};
  }
}

/** Bytes that are no text where a text is expected, and values of wrong types where there should be fields. */
const garbage = (path: string): Buffer =>
  path === '/v1/api/metrics'
    ? Buffer.from('{"currentplayernum":{"a":[]},"maxplayernum":-1,"serverfps":"fast","serverframetime":null}')
    : Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]);

function misbehave(mode: Exclude<FakeMode, 'well'>, path: string, { body, type }: Answer, socket: net.Socket): void {
  const head = (length: number): string =>
    `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
  if (mode === 'reset') socket.resetAndDestroy();
  else if (mode === 'halfClosed') socket.end(head(body.length + 100) + body);
  else if (mode === 'garbage') {
    const bytes = garbage(path);
    socket.write(head(bytes.length));
    socket.write(bytes);
  } else if (mode === 'huge') {
    socket.write(head(10_000_000));
    socket.write(Buffer.alloc(10_000_000, '['));
  } else if (mode === 'slow') {
    const bytes = Array.from(head(body.length + 1000));
    const timer = setInterval(() => socket.write(bytes.shift() ?? ' '), 50);
    socket.on('close', () => {
      clearInterval(timer);
    });
  }
}

/** A Palworld server's HTTP interface, as its makers describe it. */
export async function makePalworldRest(): Promise<FakePalworldRest> {
  const sockets = new Set<net.Socket>();
  const fake = {
    ...{ via: 'rest' as const, port: 0, password: 'swordfish', mode: 'well' as FakeMode, connections: 0 },
    world: { players: [], maxPlayers: 32, tickRate: 58, frameTime: 17.2 } as FakeWorld,
    ...{ done: [] as string[], asked: [] as string[], bodies: [] as string[] },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
  const answer = ({ method, url = '', headers }: http.IncomingMessage, body: string): Answer => {
    fake.asked.push(`${method ?? ''} ${url}`);
    const login = Buffer.from(`admin:${fake.password}`).toString('base64');
    if (headers.authorization !== `Basic ${login}`) return refused(401, 'Unauthorized');
    if (method === 'GET') return get(url, fake.world) ?? refused(404, '');
    // It wants to know how long a body is before it takes one.
    if (headers['content-length'] === undefined) return refused(411, '');
    fake.bodies.push(body);
    const what = told(url, parsed(body));
    if (what === undefined) return refused(400, 'Bad Request');
    fake.done.push(what);
    return ok;
  };
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const said = answer(request, body);
      if (fake.mode !== 'well') misbehave(fake.mode, request.url ?? '', said, request.socket);
      else response.writeHead(said.status, { 'content-type': said.type }).end(said.body);
    });
  });
  server.on('connection', (socket) => {
    fake.connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  fake.port = (server.address() as net.AddressInfo).port;
  return fake;
}
