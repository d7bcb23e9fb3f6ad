import { once } from 'node:events';
import net from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { LineTalk } from '../../../../../src/core/games/adapter.js';
import { openttd } from '../../../../../src/core/games/openttd/adapter.js';
import { AdminClient, AdminClients } from '../../../../../src/core/games/openttd/adminClient.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { fakeModes, type FakeGame, type FakeMode } from '../fakes/fakeGame.js';
import { openttdAdmin } from '../fakes/openttdAdmin.js';

const deadlines = { connect: 2000, join: 300, command: 300 };
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function fakeGame(mode: FakeMode = 'well'): Promise<FakeGame> {
  const fake = await openttdAdmin();
  fake.mode = mode;
  ends.push(() => fake.close());
  return fake;
}

function clientOf({ port, password }: { port: number; password: string | null }, idle = 60_000): AdminClient {
  const client = new AdminClient({
    host: '127.0.0.1',
    port,
    password: () => password ?? '',
    deadlines: { ...deadlines, idle },
  });
  ends.push(() => {
    client.dispose();
  });
  return client;
}

const talkOf = (client: AdminClient): LineTalk => ({
  ms: 5000,
  signal: new AbortController().signal,
  say: async (line, options) => await client.say(line, options),
});

/** What a command rejects with, looked through for the password. */
async function failureOf(command: Promise<unknown>, password = 'admin-word'): Promise<Failure> {
  const failure: unknown = await command.then(
    (reply) => new Error(`answered: ${inspect(reply)}`),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Failure);
  expect(inspect(failure, { depth: null, showHidden: true }) + JSON.stringify(failure)).not.toContain(password);
  return failure as Failure;
}

/** A game that greets whoever joins, and then does as told with each command. */
async function hostile(
  onCommand: (socket: net.Socket) => void,
  onJoin = (socket: net.Socket): unknown => socket.write(Buffer.from([3, 0, 103, 3, 0, 104])),
): Promise<{ port: number; password: string; sockets: net.Socket[] }> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    let isIn = false;
    socket
      .on('error', () => undefined)
      .on('data', () => {
        if (isIn) onCommand(socket);
        else onJoin(socket);
        isIn = true;
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as net.AddressInfo).port, password: 'admin-word', sockets };
}

describe('the adapter', () => {
  test('reads who is there: never the server itself, and names as they are', async () => {
    const fake = await fakeGame();
    const talk = talkOf(clientOf(fake));
    const [ask] = openttd.readings;
    const reading = ask?.via === 'admin' ? await ask.run(talk) : undefined;
    expect(reading).toEqual({ players: 1, maxPlayers: 25, names: [{ name: "bot 'a'", id: '3' }] });
    fake.world.players = [];
    expect(ask?.via === 'admin' && (await ask.run(talk))).toEqual({ players: 0, maxPlayers: 25, names: [] });
  });

  test('saves, tells, kicks, bans and ends', async () => {
    const fake = await fakeGame();
    const talk = talkOf(clientOf(fake));
    const { save = [], end = [], announce, actions } = openttd;
    const asks = [
      ...(announce?.('say "hi"; quit') ?? []),
      ...(actions?.kick?.ask({ player: '3', reason: 'no "manners"' }) ?? []),
      ...(actions?.ban?.ask({ player: '3' }) ?? []),
      ...save,
      ...end,
    ];
    for (const ask of asks) if (ask.via === 'admin') await ask.run(talk);
    expect(fake.done).toEqual(["announce say 'hi'; quit", 'kick 3', 'ban 3', 'save', 'end']);
    expect(() => actions?.kick?.ask({ player: 'bota' })).toThrow(Failure);
  });

  test.each([
    ['io', 'Saving map...\nSaving map failed.'],
    ['bad-reply', 'Saving map...'],
    ['bad-reply', null],
  ])('a save that is not said to be done is %s', async (code, said) => {
    const talk = {
      ...talkOf(new AdminClient({ host: '', port: 1, password: () => '' })),
      say: () => Promise.resolve(said),
    };
    const [save] = openttd.save ?? [];
    expect(await failureOf(save?.via === 'admin' ? save.run(talk) : Promise.resolve())).toMatchObject({
      code,
      data: { isSent: true },
    });
  });
});

describe('the client', () => {
  test('keeps one connection for many commands, says one at a time, and closes it when idle', async () => {
    const fake = await fakeGame();
    const client = clientOf(fake, 50);
    const said = await Promise.all(['a', 'b', 'c'].map(async (line) => await client.say(line)));
    expect(said).toEqual([null, null, null]);
    expect(fake.done).toEqual(['say a', 'say b', 'say c']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await client.say('clients')).toContain('server');
  });

  test('asks for the password anew, and knows a wrong one', async () => {
    const fake = await fakeGame();
    const clients = new AdminClients();
    ends.push(() => {
      clients.dispose();
    });
    const place = { host: '127.0.0.1', port: fake.port };
    expect(await failureOf(clients.of('x', place, () => 'guessed').say('a'), 'guessed')).toMatchObject({
      code: 'auth-rejected',
      data: { port: fake.port },
    });
    expect(await clients.of('x', place, () => fake.password ?? '').say('a')).toBeNull();
    const missing = new Failure('secret-missing', { key: 'adminPassword' });
    clients.forget('x');
    const without = clients.of('x', place, () => {
      throw missing;
    });
    await expect(without.say('a')).rejects.toBe(missing);
    clients.forget('x');
    expect(await failureOf(without.say('a'))).toMatchObject({ code: 'cancelled' });
  });

  test.each(['', '  ', 'two\nlines', 'zero\0', 'x'.repeat(500)])('%j is not sent', async (line) => {
    const fake = await fakeGame();
    expect(await failureOf(clientOf(fake).say(line))).toMatchObject({ code: 'invalid-definition' });
    expect(fake.done).toEqual([]);
  });

  test('who is called off in a queue does not say a word, and the others are heard', async () => {
    const fake = await fakeGame();
    const client = clientOf(fake);
    const off = new AbortController();
    const [first, second, third] = [client.say('a'), client.say('b', { signal: off.signal }), client.say('c')];
    off.abort();
    const failure = await failureOf(second);
    expect(failure).toMatchObject({ code: 'cancelled' });
    expect(failure.data.isSent).toBeUndefined();
    await Promise.all([first, third]);
    expect(fake.done).toEqual(['say a', 'say c']);
  });

  test('called off in the middle it may have been heard, and the next one is not mixed up with it', async () => {
    const fake = await hostile(() => undefined);
    const client = clientOf(fake);
    const off = new AbortController();
    const command = client.say('a', { signal: off.signal, ms: 10_000 });
    const caught = failureOf(command);
    await new Promise((resolve) => setTimeout(resolve, 100));
    off.abort();
    expect(await caught).toMatchObject({ code: 'cancelled', data: { isSent: true } });
    await failureOf(client.say('b'));
    expect(fake.sockets).toHaveLength(2);
  });

  test('its end is an answer to a word that ends the game, and to no other', async () => {
    const ending = await hostile((socket) => socket.end());
    expect(await clientOf(ending).say('quit', { endsGame: true })).toBeNull();
    expect(await failureOf(clientOf(ending).say('clients'))).toMatchObject({
      code: 'unreachable',
      data: { isSent: true },
    });
  });
});

describe('a game that is none, or ill', () => {
  const codes: Record<Exclude<FakeMode, 'well'>, string> = {
    silent: 'timeout',
    slow: 'timeout',
    halfClosed: 'bad-reply',
    reset: 'unreachable',
    garbage: 'bad-reply',
    huge: 'bad-reply',
  };
  const bad = fakeModes.filter((mode) => mode !== 'well');

  test.each(bad)('%s from the beginning', async (mode) => {
    const failure = await failureOf(clientOf(await fakeGame(mode)).say('save panel'));
    // Ten megabytes of greetings are greetings all the same: the answer drowns in them.
    expect(mode === 'huge' ? ['bad-reply', 'timeout'] : [codes[mode]]).toContain(failure.code);
  });

  test.each(bad)('%s over a command: it may have been heard', async (mode) => {
    const fake = await fakeGame();
    const client = clientOf(fake);
    await client.say('clients');
    fake.mode = mode;
    const command = client.say('clients');
    if (mode === 'huge') {
      // The answer is whole; the flood behind it ends the connection.
      expect(await command).toContain('server');
      return;
    }
    const failure = await failureOf(command);
    expect(failure).toMatchObject({ code: codes[mode], data: { isSent: true, port: fake.port } });
  });

  test.each<[string, string, number[]]>([
    ['a length of nothing', 'bad-reply', [0, 0]],
    ['a length of 2', 'bad-reply', [2, 0, 9]],
    ['a length of 1461', 'bad-reply', [0xb5, 0x05]],
    ['full', 'unreachable', [3, 0, 100]],
    ['banned', 'auth-rejected', [3, 0, 101]],
    ['a wrong password', 'auth-rejected', [4, 0, 102, 10]],
    ['plain passwords switched off', 'bad-reply', [4, 0, 102, 6]],
    ['another error', 'bad-reply', [4, 0, 102, 7]],
  ])('%s at the door is %s', async (_, code, bytes) => {
    const there = await hostile(
      () => undefined,
      (socket) => socket.write(Buffer.from(bytes)),
    );
    const failure = await failureOf(clientOf(there).say('clients'));
    expect(failure.code).toBe(code);
    expect(failure.data.isSent).toBeUndefined();
    if (bytes[3] === 6) expect(failure.data.detail).toContain('allow_insecure_admin_login');
  });

  test('one that closes over the password does not take it', async () => {
    const there = await hostile(
      () => undefined,
      (socket) => socket.end(),
    );
    expect(await failureOf(clientOf(there).say('clients'))).toMatchObject({ code: 'auth-rejected' });
  });

  test('where nobody listens is unreachable', async () => {
    const fake = await openttdAdmin();
    await fake.close();
    expect(await failureOf(clientOf(fake).say('clients'))).toMatchObject({ code: 'unreachable' });
  });
});
