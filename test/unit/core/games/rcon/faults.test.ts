import { inspect } from 'node:util';
import type net from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../../../src/shared/failure.js';
import type { RconDialect } from '../../../../../src/shared/games.js';
import { packet, type Asked } from '../support/rconServer.js';
import { quick, useRcon } from '../support/rconClients.js';

const { game, enemy, client } = useRcon();
const password = 'swordfish';
const silent = (): void => undefined;

/** Lets everybody in, then does as told with each command. */
const behindPassword =
  (then: (asked: Asked, socket: net.Socket) => void) =>
  (asked: Asked, socket: net.Socket): void => {
    if (asked.type === 3) socket.write(packet(asked.id, 2));
    else if (asked.type === 2) then(asked, socket);
  };
const lengthField = (length: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(length);
  return bytes;
};
const http = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
const flood = (bytes: Buffer, socket: net.Socket): void => {
  const more = (): void => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
};

type Case = [string, string, (socket: net.Socket) => void, ((asked: Asked, socket: net.Socket) => void)?];
const onConnection: Case[] = [
  ['silent', 'timeout', silent],
  ['closed at once', 'unreachable', (socket) => socket.end()],
  ['reset at once', 'unreachable', (socket) => socket.resetAndDestroy()],
  ['closed over the password', 'unreachable', silent, (_, socket) => socket.end()],
  ['reset over the password', 'unreachable', silent, (_, socket) => socket.resetAndDestroy()],
  ['an HTTP server', 'bad-reply', silent, (_, socket) => socket.end(http)],
  ['one that greets', 'bad-reply', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
  ['a negative length', 'bad-reply', silent, (_, socket) => socket.write(lengthField(-4))],
  ['a length of nothing', 'bad-reply', silent, (_, socket) => socket.write(lengthField(0))],
  ['a huge length', 'bad-reply', silent, (_, socket) => socket.write(lengthField(0x7fffffff))],
  ['an answer of somebody else', 'timeout', silent, ({ id }, socket) => socket.write(packet(id + 1, 2))],
  ['only the empty answer before the word', 'timeout', silent, ({ id }, socket) => socket.write(packet(id, 0))],
  ['a word with identifier 0', 'timeout', silent, (_, socket) => socket.write(packet(0, 2))],
  ['half a word', 'timeout', silent, ({ id }, socket) => socket.write(packet(id, 2).subarray(0, 9))],
  ['half a word, closed', 'bad-reply', silent, ({ id }, socket) => socket.end(packet(id, 2).subarray(0, 9))],
  ['no end of strangers', 'bad-reply', (socket) => flood(packet(999, 0, 'x'.repeat(4000)), socket)],
];
const onCommand: Case[] = [
  ['silent', 'timeout', silent, behindPassword(silent)],
  ['closed over a command', 'unreachable', silent, behindPassword((_, socket) => socket.end())],
  ['reset over a command', 'unreachable', silent, behindPassword((_, socket) => socket.resetAndDestroy())],
  [
    'an answer of somebody else',
    'timeout',
    silent,
    behindPassword(({ id }, socket) => socket.write(packet(id + 77, 0, 'no'))),
  ],
  [
    'an answer with identifier 0',
    'timeout',
    silent,
    behindPassword((_, socket) => socket.write(packet(0, 0, 'Keep Alive'))),
  ],
  [
    'half an answer',
    'timeout',
    silent,
    behindPassword(({ id }, socket) => socket.write(packet(id, 0, 'half').subarray(0, 14))),
  ],
  [
    'half an answer, closed',
    'bad-reply',
    silent,
    behindPassword(({ id }, socket) => socket.end(packet(id, 0, 'half').subarray(0, 14))),
  ],
  [
    'half an answer, one byte of it',
    'bad-reply',
    silent,
    behindPassword(({ id }, socket) => socket.end(packet(id, 0).subarray(0, 1))),
  ],
  ['a negative length', 'bad-reply', silent, behindPassword((_, socket) => socket.write(lengthField(-4)))],
  ['a length of 9', 'bad-reply', silent, behindPassword((_, socket) => socket.write(lengthField(9)))],
  ['a huge length', 'bad-reply', silent, behindPassword((_, socket) => socket.write(lengthField(1024 * 1024 + 1)))],
  ['no longer let in', 'auth-rejected', silent, behindPassword((_, socket) => socket.write(packet(-1, 2)))],
  [
    'no end of strangers',
    'bad-reply',
    silent,
    behindPassword((_, socket) => flood(packet(999, 0, 'x'.repeat(4000)), socket)),
  ],
];

/** What a command rejects with, looked through for the password. */
async function failureOf(command: Promise<unknown>): Promise<Failure> {
  const failure = await command.then(
    (reply) => new Error(`answered: ${inspect(reply)}`),
    (error: unknown) => error as Failure,
  );
  expect(inspect(failure, { depth: null, showHidden: true }) + JSON.stringify(failure)).not.toContain(password);
  return failure as Failure;
}

describe.each<RconDialect>(['source', 'ark'])('%s: a game that is none', (dialect) => {
  test.each(onConnection)('%s: %s', async (_, code, onConnect, onPacket) => {
    const there = await enemy(onConnect, onPacket);
    const rcon = client(dialect, there.port, code === 'timeout' ? { deadlines: quick } : {});
    const failure = await failureOf(rcon.command('list'));
    expect(failure).toMatchObject({ code, data: { port: there.port } });
    expect(failure.data.isSent).toBeUndefined();
    await closedBy(there.sessions[0]!.socket);
  });

  test.each(onCommand)('that lets us in, then %s: %s', async (_, code, onConnect, onPacket) => {
    const there = await enemy(onConnect, onPacket);
    const deadlines = { ...quick, authenticate: 5000 };
    const rcon = client(dialect, there.port, code === 'timeout' ? { deadlines } : {});
    const [first, second] = await Promise.all([failureOf(rcon.command('list')), failureOf(rcon.command('save'))]);
    expect(first).toMatchObject({ code, data: { port: there.port, isSent: true } });
    // Never sent, and told at once.
    expect(second).toMatchObject({ code: code === 'auth-rejected' ? code : 'unreachable', data: { port: there.port } });
    await closedBy(there.sessions[0]!.socket);
    expect(there.sessions).toHaveLength(1);
  });
});

/** The client lets go of a line with a fault, and does not wait for the other side. */
async function closedBy(socket: net.Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

test('nobody there', async () => {
  const there = await game('source');
  await there.close();
  const failure = await failureOf(client('source', there.port).command('list'));
  expect(failure).toMatchObject({
    code: 'unreachable',
    data: { port: there.port, retryAt: expect.any(Number) as number },
  });
});

test.each([
  ['source order', 'source'],
  ['one packet', 'minecraft'],
] as const)('a wrong password, %s, is known as such', async (_, which) => {
  const there = await game(which, { password: 'another' });
  const failure = await failureOf(client(which, there.port).command('list'));
  expect(failure).toMatchObject({
    code: 'auth-rejected',
    data: { port: there.port, retryAt: expect.any(Number) as number },
  });
  expect(there.heard).toEqual([]);
});

test('an answer without end is not gathered', async () => {
  const piece = 'x'.repeat(60_000);
  const there = await enemy(
    silent,
    behindPassword(({ id }, socket) => {
      for (let sent = 0; sent < 1_300_000; sent += piece.length) socket.write(packet(id, 0, piece));
    }),
  );
  expect(await failureOf(client('source', there.port).command('list'))).toMatchObject({ code: 'bad-reply' });
});

test('a closing game has said what it had to say; by force, it may not have', async () => {
  const bye =
    (end: (socket: net.Socket) => void) =>
    ({ id }: Asked, socket: net.Socket): void => {
      socket.write(packet(id, 0, 'Stopping'), () => end(socket));
    };
  const orderly = await enemy(silent, behindPassword(bye((socket) => socket.end())));
  expect(await client('source', orderly.port).command('stop')).toBe('Stopping');
  const cut = await enemy(
    silent,
    behindPassword(({ id }, socket) => {
      socket.end(Buffer.concat([packet(id, 0, 'Stop'), packet(id, 0, 'ping').subarray(0, 13)]));
    }),
  );
  expect(await failureOf(client('source', cut.port).command('stop'))).toMatchObject({ code: 'bad-reply' });
  const forced = await enemy(silent, behindPassword(bye((socket) => setTimeout(() => socket.resetAndDestroy(), 100))));
  expect(await failureOf(client('source', forced.port).command('stop'))).toMatchObject({ code: 'bad-reply' });
});

test.each(['closed', 'reset'])('the end of the line, %s, answers what ends the game', async (how) => {
  const there = await enemy(
    silent,
    behindPassword((_, socket) => (how === 'closed' ? socket.end() : socket.resetAndDestroy())),
  );
  const rcon = client('source', there.port);
  expect(await rcon.command('quit', { endsGame: true })).toBeNull();
});

test('two answers in one segment, and those of before, go to nobody else', async () => {
  const there = await enemy(
    silent,
    behindPassword(({ id, body }, socket) => {
      socket.write(
        Buffer.concat([packet(id - 2, 0, 'of before'), packet(id, 0, `said ${body}`), packet(id, 0, 'twice')]),
      );
    }),
  );
  const rcon = client('factorio', there.port);
  expect(await Promise.all([rcon.command('one'), rcon.command('two')])).toEqual(['said one', 'said two']);
  expect(await rcon.command('three')).toBe('said three');
});

test('whatever bytes come, every command ends with an answer or a failure of its own', async () => {
  const bytes = fc.uint8Array({ maxLength: 64 }).map((value) => Buffer.from(value));
  const whole = fc
    .tuple(fc.integer({ min: -1, max: 9 }), fc.integer({ min: -1, max: 4 }), bytes)
    .map(([id, type, body]) => packet(id, type, body));
  const stream = fc.array(fc.oneof(bytes, whole), { maxLength: 6 }).map((parts) => Buffer.concat(parts));
  const dialect = fc.constantFrom<RconDialect>('source', 'minecraft', 'ark', 'factorio', 'palworld');
  await fc.assert(
    fc.asyncProperty(dialect, fc.array(stream, { maxLength: 5 }), fc.boolean(), async (given, answers, isIn) => {
      let next = 0;
      const answer = (_: Asked, socket: net.Socket): void => void socket.write(answers[next++] ?? Buffer.alloc(0));
      const there = await enemy(silent, isIn ? behindPassword(answer) : answer);
      const rcon = client(given, there.port, { deadlines: { connect: 5000, authenticate: 30, command: 30 } });
      for (const outcome of await Promise.allSettled([rcon.command('one'), rcon.command('two')])) {
        if (outcome.status === 'rejected') expect((outcome.reason as Failure).name).toBe('Failure');
      }
      rcon.dispose();
      await there.close();
    }),
    { numRuns: 60 },
  );
});
