import { once } from 'node:events';
import net from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { minecraft } from '../../../../../src/core/games/minecraft/adapter.js';
import { serverListPing } from '../../../../../src/core/games/minecraft/serverListPing.js';
import { NoStatus, StatusReader, statusRequest } from '../../../../../src/core/games/minecraft/statusReader.js';
import { readVarInt, varIntBytes } from '../../../../../src/core/games/minecraft/varInt.js';
import { fakeModes } from '../fakes/fakeGame.js';
import { minecraftPing, statusPacket, statusText } from '../fakes/minecraftPing.js';
import { queryTalk, read, useTalks } from '../support/talks.js';

const bench = useTalks();
const servers: net.Server[] = [];
const sockets: net.Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, 'close');
  }
});

/** What listens on a port of its own, and does that with whoever connects. */
async function listening(onSocket: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onSocket(socket);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

describe('numbers', () => {
  // From the protocol's own description.
  test.each([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '8001'],
    [255, 'ff01'],
    [25_565, 'ddc701'],
    [2_097_151, 'ffff7f'],
    [2_147_483_647, 'ffffffff07'],
    [-1, 'ffffffff0f'],
    [-2_147_483_648, '8080808008'],
  ])('%d is %s', (value, hex) => {
    expect(varIntBytes(value).toString('hex')).toBe(hex);
    expect(readVarInt(Buffer.from(hex, 'hex'), 0)).toEqual({ value, end: hex.length / 2 });
    for (let cut = 0; cut < hex.length / 2; cut++) {
      expect(readVarInt(Buffer.from(hex, 'hex').subarray(0, cut), 0)).toBeUndefined();
    }
  });

  test('have five bytes at most', () => {
    expect(readVarInt(Buffer.from('ffffffffff01', 'hex'), 0)).toBeNull();
  });
});

test('the question is as the protocol says', () => {
  expect(statusRequest('localhost', 25_565).toString('hex')).toBe(
    `1300ffffffff0f09${Buffer.from('localhost').toString('hex')}63dd010100`,
  );
});

describe('the answer', () => {
  const text = statusText({ players: [{ name: 'Ada', id: null }], maxPlayers: 20 });
  const whole = statusPacket(text);

  test('is put together wherever it is cut in two', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const reader = new StatusReader();
      const first = reader.push(whole.subarray(0, cut));
      expect(first, `cut at ${cut}`).toBe(cut === whole.length ? text : undefined);
      if (first === undefined) expect(reader.push(whole.subarray(cut)), `cut at ${cut}`).toBe(text);
    }
  });

  test('is put together in any pieces', () => {
    const short = statusPacket('{"description":"한국어 🐟"}');
    fc.assert(
      fc.property(fc.array(fc.nat(short.length)), (cuts) => {
        const places = [0, ...cuts, short.length].sort((a, b) => a - b);
        const reader = new StatusReader();
        const said = places.slice(1).map((end, n) => reader.push(short.subarray(places[n], end)));
        expect(said.find((one) => one !== undefined)).toBe('{"description":"한국어 🐟"}');
      }),
    );
  });

  test.each([
    ['no number', 'ffffffffffff'],
    ['a negative length', 'ffffffff0f'],
    ['no length', '00'],
    ['more than a status can have', varIntBytes(512 * 1024 + 1).toString('hex')],
    ['another packet', '020100'],
    ['a text that is longer than its packet', '03000561'],
    ['a text that is shorter than its packet', '0400016161'],
    ['a packet that ends within a number', '0200ff'],
  ])('is none with %s', (_, hex) => {
    expect(() => new StatusReader().push(Buffer.from(hex, 'hex'))).toThrow(NoStatus);
  });

  test('is refused by its length before anything of it has come', () => {
    expect(() => new StatusReader().push(varIntBytes(10 * 1024 * 1024))).toThrow(NoStatus);
  });

  test('whatever the bytes: a text, nothing yet, or no status', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 20 }).map((body) => Buffer.concat([varIntBytes(body.length), Buffer.from(body)])),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (chunks) => {
        const reader = new StatusReader();
        try {
          for (const chunk of chunks) if (reader.push(Buffer.from(chunk)) !== undefined) return;
        } catch (error) {
          expect(error).toBeInstanceOf(NoStatus);
        }
      }),
    );
  });
});

describe('a conversation', () => {
  test('tells how many play, who, and the version', async () => {
    const fake = await bench.keep(minecraftPing());
    const asked = async (): Promise<unknown> => await read(minecraft, { query: queryTalk(fake.port) });
    expect(await asked()).toEqual({ version: '1.21.4', players: 0, maxPlayers: 20 });
    fake.world.players = [
      { name: 'Ada', id: null },
      { name: '.Bob_1', id: null },
    ];
    const names = [
      { name: 'Ada', id: 'Ada' },
      { name: '.Bob_1', id: '.Bob_1' },
    ];
    expect(await asked()).toEqual({ version: '1.21.4', players: 2, maxPlayers: 20, names });
    fake.world.players = Array.from({ length: 13 }, (_, n) => ({ name: `p${n}`, id: null }));
    expect(await asked()).toEqual({ version: '1.21.4', players: 13, maxPlayers: 20 });
  });

  test('works in every piece of its bytes alone', async () => {
    const packet = statusPacket('{"players":{"online":3,"max":20}}');
    const port = await listening((socket) => {
      socket.setNoDelay(true).once('data', () => {
        const next = (at: number): void => {
          if (at < packet.length) socket.write(packet.subarray(at, at + 1), () => setImmediate(next, at + 1));
        };
        next(0);
      });
    });
    expect(await read(minecraft, { query: queryTalk(port) })).toEqual({ players: 3, maxPlayers: 20 });
  });

  test.each(
    fakeModes
      .filter((mode) => mode !== 'well')
      .map(
        (mode) =>
          [
            mode,
            { silent: 'timeout', slow: 'timeout', reset: 'unreachable' }[mode as 'silent'] ?? 'bad-reply',
          ] as const,
      ),
  )('with one that is %s fails as %s', async (mode, code) => {
    const fake = await bench.keep(minecraftPing());
    fake.mode = mode;
    const ms = code === 'timeout' ? 300 : 10_000;
    // Garbage comes in four kinds.
    for (let n = 0; n < (mode === 'garbage' ? 4 : 1); n++) {
      await expect(read(minecraft, { query: queryTalk(fake.port, ms) })).rejects.toMatchObject({
        name: 'Failure',
        code,
      });
    }
  });

  test('with nobody there fails as unreachable, and so it does where a port is none', async () => {
    const port = await listening(() => undefined);
    servers.pop()?.close();
    await expect(serverListPing(queryTalk(port))).rejects.toMatchObject({ code: 'unreachable', data: { port } });
    await expect(serverListPing(queryTalk(70_000))).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('that is refused at the door fails as unreachable', async () => {
    const port = await listening((socket) => socket.end());
    await expect(serverListPing(queryTalk(port))).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('with a server of before 1.7, which says something else and leaves, fails as bad-reply', async () => {
    const port = await listening((socket) => socket.end(Buffer.from('ff0017004f0075', 'hex')));
    await expect(serverListPing(queryTalk(port))).rejects.toMatchObject({ code: 'bad-reply' });
  });

  test('is called off at once, and closed', async () => {
    let closed = false;
    const calledOff = new AbortController();
    const port = await listening((socket) => {
      socket.on('close', () => (closed = true));
      socket.once('data', () => calledOff.abort());
    });
    await expect(serverListPing(queryTalk(port, 60_000, calledOff.signal))).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect.poll(() => closed).toBe(true);
    await expect(serverListPing(queryTalk(port, 60_000, calledOff.signal))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('at the deadline is late, whoever says so first', async () => {
    const port = await listening(() => undefined);
    const talk = queryTalk(port, 300, AbortSignal.timeout(290));
    await expect(serverListPing(talk)).rejects.toMatchObject({ code: 'timeout', data: { port, ms: 300 } });
  });

  test('is closed by us when it is over, and no ping was sent', async () => {
    let heard = Buffer.alloc(0);
    const ended = new Promise<void>((resolve) => {
      void listening((socket) => {
        socket.on('close', () => resolve());
        socket.on('data', (chunk: Buffer) => {
          heard = Buffer.concat([heard, chunk]);
          socket.write(statusPacket('{}'));
        });
      }).then(async (port) => {
        expect(await serverListPing(queryTalk(port))).toBe('{}');
        expect(heard).toEqual(statusRequest('127.0.0.1', port));
      });
    });
    await ended;
  });

  test('whatever is answered: a reading, or a Failure', async () => {
    let answer = Buffer.alloc(0);
    const port = await listening((socket) => socket.once('data', () => socket.end(answer)));
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => Buffer.from(statusPacket(JSON.stringify(value))));
    const bytes = fc.uint8Array({ maxLength: 60 }).map((all) => Buffer.from(all));
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, bytes), async (one) => {
        answer = one;
        const reading = await read(minecraft, { query: queryTalk(port) }).catch((error: unknown) => error);
        if (reading instanceof Error) expect(reading.name).toBe('Failure');
      }),
      { numRuns: 60 },
    );
  });
});
