import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClients, parseGameInfo } from '../../../../../src/core/games/openttd/adapter.js';
import { NoPacket, packetBytes, PacketReader, textOf } from '../../../../../src/core/games/openttd/packets.js';
import { parseTeeworldsStatus } from '../../../../../src/core/games/teeworlds/adapter.js';
import { Failure } from '../../../../../src/shared/failure.js';

const text = fc.string({ maxLength: 200 }).filter((value) => !value.includes('\0'));

describe('packets', () => {
  test('are the same however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(900)), (texts, cuts) => {
        const stream = Buffer.concat(texts.map((one, at) => packetBytes(at, one)));
        const places = [...new Set([0, ...cuts.filter((cut) => cut < stream.length), stream.length])].sort(
          (a, b) => a - b,
        );
        const reader = new PacketReader();
        const heard = places.flatMap((from, at) => [...reader.push(stream.subarray(from, places[at + 1] ?? from))]);
        expect(heard.map(({ type, body }) => [type, textOf(body)])).toEqual(
          texts.map((one, at) => [at, Buffer.from(one).toString()]),
        );
        expect(reader.isInside).toBe(false);
      }),
    );
  });

  test('of a length that cannot be are none, and nothing else is thrown, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 })), (chunks) => {
        const reader = new PacketReader();
        try {
          for (const chunk of chunks) for (const packet of reader.push(Buffer.from(chunk))) textOf(packet.body);
        } catch (error) {
          expect(error).toBeInstanceOf(NoPacket);
        }
      }),
    );
  });
});

/** As a 13.0 with one player told it. */
const told = Buffer.from('0601ffffffff00006bde0a001fde0a000f011970726f62650031332e300000190100800080000001', 'hex');

describe('what it tells to its list of servers', () => {
  test('is read', () => {
    expect(parseGameInfo(told)).toEqual({ players: 1, maxPlayers: 25, version: '13.0' });
  });

  test('with add-ons, and with their names, too', () => {
    const addOn = Buffer.alloc(20, 7);
    const named = Buffer.concat([
      told.subarray(0, 7),
      Buffer.from([2]),
      addOn,
      Buffer.from('one\0'),
      addOn,
      Buffer.from('two\0'),
      told.subarray(8),
    ]);
    expect(parseGameInfo(named)).toEqual({ players: 1, maxPlayers: 25, version: '13.0' });
    const seventh = Buffer.concat([Buffer.from([7]), Buffer.alloc(8), told.subarray(1)]);
    expect(parseGameInfo(seventh)).toEqual({ players: 1, maxPlayers: 25, version: '13.0' });
  });

  test('cut anywhere before its counts is a bad reply, never anything else', () => {
    for (let end = 0; end < 33; end += 1) expect(() => parseGameInfo(told.subarray(0, end))).toThrow(Failure);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          parseGameInfo(Buffer.from(bytes));
        } catch (error) {
          expect(Failure.is(error, 'bad-reply')).toBe(true);
        }
      }),
    );
  });
});

test('a list of clients is one or a bad reply', () => {
  const server = "Client #1  name: 'Unnamed Client'  company: 255  IP: server";
  expect(parseClients(server)).toEqual({ players: 0, names: [] });
  const odd = "Client #12  name: 'a'  company: 1  IP: server'  company: 3  IP: ::1";
  expect(parseClients(`${server}\n${odd}`)).toEqual({
    players: 1,
    names: [{ name: "a'  company: 1  IP: server", id: '12' }],
  });
  expect(() => parseClients('')).toThrow(Failure);
  expect(() => parseClients('ERROR: command not found')).toThrow(Failure);
});

test('the status of Teeworlds lists those who are in', () => {
  const lines = [
    "[22:30:00][server]: id=0 addr=127.0.0.1:54321 client=705 name='nameless tee' score=0 ",
    "[22:30:00][Server]: id=1 addr=[::1]:54321 name='it's me' score=-3 (Admin)",
    '[22:30:00][server]: id=2 addr=127.0.0.1:54322 connecting',
    "[22:30:00][chat]: 0:-2:x: id=9 addr=1 name='forged' score=1",
  ];
  expect(parseTeeworldsStatus(lines.join('\n'))).toEqual({
    players: 2,
    names: [
      { name: 'nameless tee', id: '0' },
      { name: "it's me", id: '1' },
    ],
  });
  expect(parseTeeworldsStatus('')).toEqual({ players: 0, names: [] });
});
