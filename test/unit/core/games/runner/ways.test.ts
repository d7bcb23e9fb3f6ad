import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Ask } from '../../../../../src/core/games/adapter.js';
import { RconClients } from '../../../../../src/core/games/rcon/clients.js';
import {
  placeOf,
  setUp,
  Ways,
  type Conversation,
  type RestTalks,
  type WaysOptions,
} from '../../../../../src/core/games/runner/ways.js';
import type { Effective } from '../../../../../src/shared/definition.js';
import { effective } from '../../../../../src/shared/definition.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { server } from './support/links.js';

const known: Partial<Record<string, string>> = {};
const rcon = new RconClients();
const sockets: net.Socket[] = [];
const listeners: net.Server[] = [];
afterEach(() => {
  for (const key of Object.keys(known)) Reflect.deleteProperty(known, key);
  rcon.dispose();
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const listener of listeners.splice(0)) listener.close();
  vi.useRealTimers();
});

type Place = Parameters<RestTalks['talk']>[0];

function ways(options: Partial<WaysOptions> = {}): Ways {
  const nobody = (): never => {
    throw new Failure('unreachable');
  };
  return new Ways({
    secret: (_, key) => known[key],
    ...{ rcon, rest: { talk: nobody }, admin: { of: nobody }, rejectedMs: 60_000 },
    ...options,
  });
}

const talkWith = (there: Effective, more: Partial<Conversation> = {}): Conversation => ({
  ...{ effective: there, restUser: 'admin', isWish: false, wasHeard: false },
  ...{ ms: 5000, signal: new AbortController().signal },
  ...more,
});

const vias = ['rest', 'rcon', 'econ', 'admin', 'query'] as const;

test('a way is set up where its port is known, and for RCON where the game has it', () => {
  const all = { restPort: 1, rconPort: 2, econPort: 3, adminPort: 4, queryPort: 5 };
  const there = server('one', all);
  expect(vias.map((via) => placeOf(there, via))).toEqual([1, 2, 3, 4, 5].map((port) => ({ host: '127.0.0.1', port })));
  expect(vias.map((via) => placeOf(server('one', { host: '::1' }), via))).toEqual(vias.map(() => null));
  expect(placeOf(server('one', { host: '::1', queryPort: 7 }), 'query')).toEqual({ host: '::1', port: 7 });
  const other = effective({ id: 'x', name: 'x', game: 'other', launch: { command: 'x' }, connection: all });
  expect(placeOf(other, 'rcon')).toBeNull();
  const asks: Ask<string>[] = [
    { via: 'rcon', run: async () => await Promise.resolve('') },
    { via: 'query', run: async () => await Promise.resolve('') },
  ];
  expect(setUp(other, asks).map(({ via }) => via)).toEqual(['query']);
});

describe('HTTP', () => {
  const get: Ask<unknown> = { via: 'rest', run: async (talk) => await talk.get('/info') };
  const post: Ask<unknown> = { via: 'rest', run: async (talk) => await talk.post('/save', { now: true }) };
  const there = server('one', { restPort: 8212 });

  test('goes to its place with the password of now; only what changes something counts as heard', async () => {
    const said: unknown[] = [];
    const rest: RestTalks = {
      talk: ({ host, port, user, password }, bounds) => ({
        ...bounds,
        get: async (path) => await Promise.resolve([host, port, user, password(), path]),
        post: async (path, body) => {
          said.push(path, body);
          return await Promise.resolve('OK');
        },
      }),
    };
    known.restPassword = 'swordfish';
    const reading = talkWith(there, { restUser: 'root' });
    expect(await ways({ rest }).run(get, reading)).toEqual(['127.0.0.1', 8212, 'root', 'swordfish', '/info']);
    expect(reading.wasHeard).toBe(false);
    const telling = talkWith(there);
    expect(await ways({ rest }).run(post, telling)).toBe('OK');
    expect([said, telling.wasHeard]).toEqual([['/save', { now: true }], true]);
  });

  test('a password that is missing is told, and one that was rejected is kept back for a minute', async () => {
    vi.useFakeTimers();
    const tried: string[] = [];
    const refuse = async ({ password }: Place): Promise<never> => {
      tried.push(password());
      return await Promise.reject(new Failure('auth-rejected'));
    };
    const one = ways({
      rest: {
        talk: (place, bounds) => ({
          ...bounds,
          get: async () => await refuse(place),
          post: async () => await refuse(place),
        }),
      },
    });
    const code = async (): Promise<unknown> =>
      await one.run(get, talkWith(there)).catch((error: unknown) => (error as Failure).code);
    expect([await code(), tried]).toEqual(['secret-missing', []]);
    known.restPassword = 'haddock';
    expect([await code(), await code(), await code(), tried]).toEqual([
      ...Array.from({ length: 3 }, () => 'auth-rejected'),
      ['haddock'],
    ]);
    known.restPassword = 'cod';
    await code();
    expect(tried).toEqual(['haddock', 'cod']);
    vi.advanceTimersByTime(59_000);
    await code();
    expect(tried.length).toBe(2);
    vi.advanceTimersByTime(2000);
    await code();
    expect(tried.length).toBe(3);
    one.forget('one');
    await code();
    expect(tried.length).toBe(4);
  });
});

test('an econ console is opened, told and closed', async () => {
  const heard: string[] = [];
  const listener = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.write('Enter password:\n\0\0');
    socket.on('end', () => socket.end('[1][Console]: done\n\0\0')).on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      heard.push(...data.toString().trim().split('\n'));
      if (heard.length === 1) socket.write('Authentication successful. External console access granted.\n\0\0');
    });
  });
  listeners.push(listener.listen(0, '127.0.0.1'));
  await once(listener, 'listening');
  const there = server('one', { econPort: (listener.address() as net.AddressInfo).port });
  const ask: Ask<string | null> = { via: 'econ', run: async (talk) => await talk.say('status') };
  await expect(ways().run(ask, talkWith(there))).rejects.toMatchObject({
    code: 'secret-missing',
    data: { id: 'one', key: 'econPassword' },
  });
  known.econPassword = 'swordfish';
  expect(await ways().run(ask, talkWith(there))).toBe('[1][Console]: done');
  expect(heard).toEqual(['swordfish', 'status']);
});

test('an admin port is told through its own client, which is forgotten with the life of the server', async () => {
  const said: unknown[] = [];
  const forgotten: string[] = [];
  const admin: WaysOptions['admin'] = {
    of: (id, place, password) => ({
      say: async (line, { ms, endsGame }) => {
        said.push([id, place, password(), line, ms, endsGame]);
        return await Promise.resolve('done');
      },
    }),
    forget: (id) => forgotten.push(id),
  };
  known.adminPassword = 'swordfish';
  const one = ways({ admin });
  const ask: Ask<string | null> = { via: 'admin', run: async (talk) => await talk.say('quit', { endsGame: true }) };
  expect(await one.run(ask, talkWith(server('one', { adminPort: 3977 })))).toBe('done');
  expect(said).toEqual([['one', { host: '127.0.0.1', port: 3977 }, 'swordfish', 'quit', 5000, true]]);
  one.forget('one');
  expect(forgotten).toEqual(['one']);
});

test('a query has its place and its time', async () => {
  const ask: Ask<unknown> = {
    via: 'query',
    run: async ({ host, port, ms }) => await Promise.resolve([host, port, ms]),
  };
  expect(await ways().run(ask, talkWith(server('one', { queryPort: 9 })))).toEqual(['127.0.0.1', 9, 5000]);
});
