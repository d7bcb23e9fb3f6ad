import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialects } from '../../../../../src/core/games/rcon/dialects.js';
import type { FakeGame } from '../support/rconServer.js';
import { useRcon } from '../support/rconClients.js';

const { game, client } = useRcon();
const all = Object.keys(dialects) as FakeGame[];
const long = (length: number): string =>
  Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');

describe.each(all)('%s', (dialect) => {
  test('answers one command after another over one connection', async () => {
    const there = await game(dialect);
    const rcon = client(dialect, there.port);
    expect(await Promise.all(['list', 'save', 'time'].map((line) => rcon.command(line)))).toEqual([
      'said list',
      'said save',
      'said time',
    ]);
    expect(await rcon.command('again')).toBe('said again');
    expect(there.heard).toEqual(['list', 'save', 'time', 'again']);
    expect(there.passwords).toEqual(['swordfish']);
    expect(there.sessions).toHaveLength(1);
  });

  test('says nothing: null', async () => {
    const there = await game(dialect, { say: () => '' });
    expect(await client(dialect, there.port).command('quiet')).toBeNull();
  });

  test('takes a slow answer', async () => {
    const there = await game(dialect, {
      say: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return 'slept';
      },
    });
    expect(await client(dialect, there.port).command('sleep')).toBe('slept');
  });

  test('refuses a wrong password', async () => {
    const there = await game(dialect);
    const rcon = client(dialect, there.port, { password: () => 'haddock' });
    await expect(rcon.command('list')).rejects.toMatchObject({ code: 'auth-rejected', data: { port: there.port } });
    expect(there.heard).toEqual([]);
  });

  test('takes a command of the longest kind, and none longer', async () => {
    const there = await game(dialect);
    const rcon = client(dialect, there.port);
    const { maxBytes } = dialects[dialect];
    const longest = 'é'.repeat(Math.floor(maxBytes / 2));
    await expect(rcon.command(`${longest}aa`)).rejects.toMatchObject({ code: 'invalid-definition' });
    expect(there.sessions).toHaveLength(0);
    await rcon.command(dialect === 'palworld' ? 'a'.repeat(maxBytes) : longest);
    expect(there.heard.map((line) => Buffer.byteLength(line))).toEqual([maxBytes]);
  });

  test('answers in every piece of its bytes alone', async () => {
    const there = await game(dialect, {
      say: () => (dialect === 'palworld' ? 'Info' : 'Größe: 한국어 🐟'),
      cut: (bytes) => [...bytes].map((byte) => Buffer.from([byte])),
    });
    const rcon = client(dialect, there.port);
    const expected = dialect === 'palworld' ? 'Info' : 'Größe: 한국어 🐟';
    expect([await rcon.command('size'), await rcon.command('size')]).toEqual([expected, expected]);
  });
});

describe('a long answer', () => {
  const lengths = [1, 4085, 4086, 4087, 4095, 4096, 4097, 8172, 8191, 8192, 8193, 20_000];

  test.each(['source', 'minecraft', 'ark', 'factorio'] as const)('of %s is whole', async (dialect) => {
    const there = await game(dialect, { say: (command) => long(Number(command)) });
    const rcon = client(dialect, there.port);
    for (const length of lengths) expect(await rcon.command(String(length))).toBe(long(length));
    expect(there.sessions).toHaveLength(1);
  });

  test.each(['source', 'ark'] as const)(
    'of %s is not broken where a packet ends within a character',
    async (dialect) => {
      // Not a multiple of the bytes of a packet: the border lies within a character.
      const text = `a${'한국어'.repeat(3000)}`;
      const there = await game(dialect, { say: () => text });
      expect(await client(dialect, there.port).command('names')).toBe(text);
    },
  );

  test('of Minecraft is measured in characters as Java counts them', async () => {
    const answers = [
      '가'.repeat(4096),
      `${'가'.repeat(4095)}나다`,
      '🐟'.repeat(2048),
      '🐟'.repeat(5000),
      `a${'🐟'.repeat(4096)}`,
    ];
    const there = await game('minecraft', { say: (command) => answers[Number(command)]! });
    const rcon = client('minecraft', there.port);
    for (const at of [0, 1, 2, 3]) expect(await rcon.command(String(at))).toBe(answers[at]);
    // The game has cut characters in two there, and nobody can put them together again; none but those is lost.
    expect(await rcon.command('4')).toBe(`a${'🐟'.repeat(2047)}??${'🐟'.repeat(2047)}??`);
    expect(there.sessions).toHaveLength(1);
  });

  test('of Factorio may be one packet of any length', async () => {
    const there = await game('factorio', { say: () => long(300_000) });
    expect(await client('factorio', there.port).command('/players')).toBe(long(300_000));
  });

  test('of CS2 may be longer packets than the protocol says', async () => {
    const there = await game('source', { say: () => long(9000), packetBytes: 8000 });
    expect(await client('source', there.port).command('status')).toBe(long(9000));
  });
});

describe('what some games do', () => {
  test('Minecraft: a mark follows only a full packet, and never the command itself', async () => {
    const there = await game('minecraft', { say: (command) => '가'.repeat(Number(command)) });
    const rcon = client('minecraft', there.port);
    await rcon.command('100');
    await rcon.command('4095');
    expect(there.others).toEqual([]);
    await rcon.command('5000');
    expect(there.others).toEqual([{ id: expect.any(Number) as number, type: 100, body: '' }]);
  });

  test.each(['ark', 'factorio', 'palworld'] as const)('%s: nothing but commands is sent', async (dialect) => {
    const there = await game(dialect, { say: () => long(10_000) });
    await client(dialect, there.port).command('list');
    expect(there.others).toEqual([]);
  });

  test('a source-like game that does not send the mark back: its answer counts after a silence, on a new line the next', async () => {
    const there = await game('factorio');
    const rcon = client('source', there.port);
    expect(await rcon.command('status')).toBe('said status');
    expect(await rcon.command('users')).toBe('said users');
    expect(there.sessions).toHaveLength(2);
  });

  test('Palworld: a packet that is shorter than it says ends by silence', async () => {
    const there = await game('palworld', {
      say: (command) => (command === 'ShowPlayers' ? 'name,playeruid,steamid\n이름,1234,7656' : 'ok'),
    });
    const rcon = client('palworld', there.port);
    // As many bytes are missing at the end as the text has more bytes than characters.
    expect(await rcon.command('ShowPlayers')).toBe('name,playeruid,steamid\n이름,1234,');
    expect(await rcon.command('Info')).toBe('ok');
  });

  test('bytes that are no UTF-8 become replacement characters', async () => {
    const there = await game('source', { say: () => Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]) });
    expect(await client('source', there.port).command('dump')).toBe('a\ufffd\ufffd(\ufffd\ufffd\ufffd');
  });
});

test.each(['source', 'minecraft', 'ark', 'factorio'] as const)(
  '%s: any text comes back, however it is cut',
  async (dialect) => {
    // What a game cuts between the halves of a character is lost before it is sent, so those are left out.
    const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((value) => !/[\0\ud800-\udfff]/.test(value));
    await fc.assert(
      fc.asyncProperty(text, fc.nat(300), fc.integer({ min: 1, max: 40 }), async (value, times, width) => {
        const whole = value.repeat(times);
        const there = await game(dialect, {
          say: () => whole,
          cut: (bytes) => {
            const first = bytes.subarray(0, width * 3);
            const cuts = Array.from({ length: Math.ceil(first.length / width) }, (_, at) =>
              first.subarray(at * width, (at + 1) * width),
            );
            return [...cuts, bytes.subarray(first.length)];
          },
        });
        const rcon = client(dialect, there.port);
        expect(await rcon.command('text')).toBe(whole === '' ? null : whole);
        rcon.dispose();
        await there.close();
      }),
      { numRuns: dialect === 'ark' ? 6 : 20 },
    );
  },
);
