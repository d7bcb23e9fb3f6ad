import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arkSa, arkSe } from '../../../../../src/core/games/ark/adapter.js';
import { parseListPlayers } from '../../../../../src/core/games/ark/listPlayers.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { gameRow } from '../../../../../src/shared/games.js';
import { arkRcon } from '../fakes/arkRcon.js';
import { fakeModes } from '../fakes/fakeGame.js';
import { act, read, useTalks } from '../support/talks.js';

const bench = useTalks();
const steam = '76561198000000000';
const epic = '0002a1b2c3d4e5f60718293a4b5c6d7e';

describe('the answer to ListPlayers', () => {
  test.each<[string, string, object[]]>([
    ['nobody', 'No Players Connected \n ', []],
    ['nobody, in fewer words', 'No Players Connected', []],
    ['Steam', `0. Bob, ${steam} \n `, [{ name: 'Bob', id: steam }]],
    [
      'Epic',
      `0. Bob, ${epic} \n1. Ada, ${epic.replace('a', 'b')}\n`,
      [
        { name: 'Bob', id: epic },
        { name: 'Ada', id: epic.replace('a', 'b') },
      ],
    ],
    [
      'names as people give them',
      `0. 1. Bob, the 2nd, jr., ${steam}\n1. 가나다 🐟, ${epic}\r\n`,
      [
        { name: '1. Bob, the 2nd, jr.', id: steam },
        { name: '가나다 🐟', id: epic },
      ],
    ],
    ['a name like nobody', `0. No Players Connected, ${steam}`, [{ name: 'No Players Connected', id: steam }]],
    ['no name at all', `0. , ${steam}\n`, [{ name: steam, id: steam }]],
    [
      'two of a name',
      `0. 123, ${steam}\n1. 123, ${epic}`,
      [
        { name: '123', id: steam },
        { name: '123', id: epic },
      ],
    ],
  ])('%s', (_, answer, players) => {
    expect(parseListPlayers(answer)).toEqual(players);
  });

  test.each([
    '',
    ' \n ',
    'Server received, But no response!! \n ',
    `0. Bob, ${steam}\n1. Ada`,
    `0. Bob, ${steam}\n1. Ada, 7656`,
    `0. Bob, ${steam}\nKeep Alive`,
    `No Players Connected\n0. Bob, ${steam}`,
    `Bob, ${steam}`,
  ])('is none: %j', (answer) => {
    const wrong = expect.objectContaining({ code: 'bad-reply', data: { field: 'ListPlayers' } }) as Error;
    expect(() => parseListPlayers(answer)).toThrow(wrong);
  });

  test('whatever the text: players, or a Failure', () => {
    const parts = fc.constantFrom('0. ', ', ', steam, epic, '\n', 'No Players Connected', ' ', 'Bob', ',', '\0');
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.array(parts, { maxLength: 12 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          for (const { name, id } of parseListPlayers(text)) {
            expect(name).not.toBe('');
            expect(id).toMatch(/^[\w|-]{10,64}$/);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 1000 },
    );
    for (const piece of ['0. ', ', ', ',', ' ', '0', `0. a, ${steam}\n`]) {
      // Not a measurement: what grows with the square would take hours.
      try {
        parseListPlayers(`0. ${piece.repeat(Math.floor(1_000_000 / piece.length))}`);
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
    }
  });
});

describe.each([
  ['ark-se', arkSe],
  ['ark-sa', arkSa],
])('%s over RCON', (id, adapter) => {
  const players = [
    { name: 'Bob, the 2nd', id: steam },
    { name: '에이다', id: epic },
  ];

  test('tells who plays', async () => {
    expect(adapter.id).toBe(id);
    const fake = await bench.keep(arkRcon());
    const talk = bench.rcon(fake, 'ark');
    expect(await read(adapter, { rcon: talk })).toEqual({ players: 0, names: [] });
    fake.world.players = players;
    expect(await read(adapter, { rcon: talk })).toEqual({ players: 2, names: players });
    fake.world.players = Array.from({ length: 200 }, (_, n) => ({
      name: `이름 ${n}`,
      id: `${76561198000000000n + BigInt(n)}`,
    }));
    expect(await read(adapter, { rcon: talk })).toEqual({ players: 200, names: fake.world.players });
  });

  test('kicks, bans and forgives by the identifier', async () => {
    const fake = await bench.keep(arkRcon());
    const talk = bench.rcon(fake, 'ark');
    fake.world.players = players;
    expect(await act(adapter, 'kick', { player: steam }, talk)).toContain('Kicked');
    expect(await act(adapter, 'ban', { player: epic }, talk)).toContain('Banned');
    expect(await act(adapter, 'unban', { player: epic }, talk)).toContain('Unbanned');
    expect(fake.done).toEqual([`kick ${steam}`, `ban ${epic}`, `unban ${epic}`]);
    expect(await read(adapter, { rcon: talk })).toEqual({ players: 0, names: [] });
  });

  test.each(['', 'Bob', 'Bob, the 2nd', `${steam} DoExit`, `${steam}\nDoExit`, `${steam}\n`])(
    'takes nothing else for one: %j',
    (player) => {
      for (const name of ['kick', 'ban', 'unban']) {
        const wrong = expect.objectContaining({ code: 'invalid-definition', data: { field: 'player' } }) as Error;
        expect(() => adapter.actions?.[name]?.ask({ player })).toThrow(wrong);
      }
    },
  );

  test('saves, tells and ends by the lines of its row', async () => {
    const fake = await bench.keep(arkRcon());
    const talk = bench.rcon(fake, 'ark');
    const { saveLine = '', saveReply, sayLine = '', stop } = gameRow(id)!;
    expect(await talk.say(saveLine)).toMatch(new RegExp(saveReply!.done, 'u'));
    // An answer all the same: it has been heard.
    expect(await talk.say(sayLine.replace('{text}', 'back at 5'))).toContain('Server received');
    expect(await talk.say(stop.line!, { endsGame: true })).toContain('Exiting');
    expect(fake.done).toEqual(['save', 'announce back at 5', 'end']);
  });

  const codes = { silent: 'timeout', slow: 'timeout', reset: 'unreachable' } as Readonly<Record<string, string>>;
  test.each(fakeModes.filter((mode) => mode !== 'well').map((mode) => [mode, codes[mode] ?? 'bad-reply'] as const))(
    'that is %s fails as %s',
    async (mode, code) => {
      const fake = await bench.keep(arkRcon());
      fake.mode = mode;
      for (let n = 0; n < (mode === 'garbage' ? 2 : 1); n++) {
        const talk = bench.rcon(fake, 'ark', code === 'timeout' ? 300 : 10_000);
        await expect(read(adapter, { rcon: talk })).rejects.toMatchObject({ name: 'Failure', code });
      }
    },
  );
});
