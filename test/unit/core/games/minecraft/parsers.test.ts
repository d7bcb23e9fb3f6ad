import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseList } from '../../../../../src/core/games/minecraft/list.js';
import { isPlayerName } from '../../../../../src/core/games/minecraft/names.js';
import { parseStatus } from '../../../../../src/core/games/minecraft/status.js';
import { parseForgeTps, parseTickQuery, parseTps } from '../../../../../src/core/games/minecraft/ticks.js';
import { Failure } from '../../../../../src/shared/failure.js';

const players = (...names: string[]): object => ({ names: names.map((name) => ({ name, id: name })) });

describe('the answer to list', () => {
  test.each<[string, string, object]>([
    ['1.12', 'There are 2/20 players online:\nAda, Bob_1', { players: 2, maxPlayers: 20, ...players('Ada', 'Bob_1') }],
    ['1.12 over RCON', 'There are 1/20 players online:Ada', { players: 1, maxPlayers: 20, ...players('Ada') }],
    ['1.12, nobody', 'There are 0/20 players online:\n', { players: 0, maxPlayers: 20, names: [] }],
    ['1.13', 'There are 1 of a max 20 players online: Ada', { players: 1, maxPlayers: 20, ...players('Ada') }],
    [
      '1.16 to 26.3',
      'There are 2 of a max of 20 players online: gspffAlice, gspffBob',
      { players: 2, maxPlayers: 20, ...players('gspffAlice', 'gspffBob') },
    ],
    ['nobody', 'There are 0 of a max of 20 players online: ', { players: 0, maxPlayers: 20, names: [] }],
    [
      'more than there is room for',
      'There are 2 of a max of 1 players online: .Ada, *Bob',
      { players: 2, maxPlayers: 1, ...players('.Ada', '*Bob') },
    ],
    ['names that are missing', 'There are 3 of a max of 20 players online: Ada, Bob', { players: 3, maxPlayers: 20 }],
    ['a name that is none', 'There are 1 of a max of 20 players online: @a', { players: 1, maxPlayers: 20 }],
    ['a name twice', 'There are 1 of a max of 20 players online: Ada, Ada', { players: 1, maxPlayers: 20 }],
    ['names without a count', 'There are 0 of a max of 20 players online: Ada', { players: 0, maxPlayers: 20 }],
  ])('%s', (_, answer, reading) => {
    expect(parseList(answer)).toEqual(reading);
  });

  test.each<[string, string, object]>([
    [
      'groups',
      '§6There are §c3§6 out of maximum §c100§6 players online.\n§6default§r: _Naseef_§f, prime9\n§6admins§r: [AFK]§fQuartz07',
      { players: 3, maxPlayers: 100, ...players('_Naseef_', 'prime9', 'Quartz07') },
    ],
    ['nobody', '§6There are §c0§6 out of maximum §c20§6 players online.', { players: 0, maxPlayers: 20, names: [] }],
    [
      'those who hide play as well',
      '§6There are §c3§6/§c1§6 out of maximum §c50§6 players online.',
      { players: 4, maxPlayers: 50 },
    ],
    [
      'only one who hides',
      '§6There are §c0§6/§c1§6 out of maximum §c50§6 players online.',
      { players: 1, maxPlayers: 50 },
    ],
    ['as its comments have it', 'There are 5 out of maximum 10 players online.', { players: 5, maxPlayers: 10 }],
    ['other words', 'There are 5 out of a maximum of 10 players online.', { players: 5, maxPlayers: 10 }],
    [
      'a nickname',
      'There are 1 out of maximum 10 players online.\ndefault: ~The Great',
      { players: 1, maxPlayers: 10 },
    ],
  ])('EssentialsX: %s', (_, answer, reading) => {
    expect(parseList(answer)).toEqual(reading);
  });

  test.each<[string, string, object]>([
    ['Chinese', '§6当前有 §c4§6 个玩家在线,最大在线人数为 §c50§6 个玩家.', { players: 4, maxPlayers: 50 }],
    [
      'Korean, the most first',
      '§6최대 §c15§6 명이 접속 가능하고, §c4§6 명의 플레이어가 접속중입니다.\n' +
        '§6default§r: §7[Infrastructure_Architect]§fBuilderOne, §5[Manager]ExampleAdmin§f, ' +
        '§x§1§0§b§9§8§1[Plugin_Curator]§fRedstoneTwo, [§4Raid_Leader§f]Quartz07\n',
      {
        players: 4,
        maxPlayers: 15,
        ...players('BuilderOne', 'ExampleAdmin', 'RedstoneTwo', 'Quartz07'),
      },
    ],
    [
      'Korean, nobody',
      '§6최대 §c15§6 명이 접속 가능하고, §c0§6 명의 플레이어가 접속중입니다.',
      { players: 0, maxPlayers: 15 },
    ],
    [
      'Korean, one hides',
      '§6최대 §c15§6 명이 접속 가능하고, §c3§6/§c1§6 명의 플레이어가 접속중입니다.',
      { players: 4, maxPlayers: 15 },
    ],
    ['with a stroke', 'Spieler online: 3/20', { players: 3, maxPlayers: 20 }],
  ])('in another language: %s', (_, answer, reading) => {
    expect(parseList(answer)).toEqual(reading);
  });

  test.each([
    '',
    'Unknown or incomplete command. See below for errorlist<--[HERE]',
    'Unknown command. Type "/help" for help.',
    '1 2 3 4',
    '3 and 4 and 5',
    'An unexpected error occurred trying to execute that command',
    '§6§c',
  ])('is none: %j', (answer) => {
    expect(() => parseList(answer)).toThrow(expect.objectContaining({ code: 'bad-reply', data: { field: 'list' } }));
  });
});

describe('a status', () => {
  const status = (value: unknown): object => parseStatus(JSON.stringify(value));
  const sample = (...names: string[]): object[] => names.map((name) => ({ name, id: 'x' }));

  test.each<[string, unknown, object]>([
    [
      'of the game',
      { version: { name: '26.3', protocol: 777 }, players: { max: 20, online: 0 } },
      { version: '26.3', players: 0, maxPlayers: 20 },
    ],
    [
      'with colours',
      { version: { name: '§aPaper §f1.21' }, players: { max: 1, online: 0 } },
      { version: 'Paper 1.21', players: 0, maxPlayers: 1 },
    ],
    [
      'with all who play',
      { players: { max: 2, online: 2, sample: sample('Ada', 'Bob') } },
      { players: 2, maxPlayers: 2, ...players('Ada', 'Bob') },
    ],
    [
      'with some who play',
      { players: { max: 9, online: 3, sample: sample('Ada', 'Bob') } },
      { players: 3, maxPlayers: 9 },
    ],
    [
      'with somebody who is not named',
      { players: { max: 9, online: 2, sample: sample('Ada', 'Anonymous Player') } },
      { players: 2, maxPlayers: 9 },
    ],
    [
      'with the same name twice',
      { players: { max: 9, online: 2, sample: sample('Ada', 'Ada') } },
      { players: 2, maxPlayers: 9 },
    ],
    [
      'with words instead of names',
      { players: { max: 9, online: 1, sample: sample('§aVote for us!') } },
      { players: 1, maxPlayers: 9 },
    ],
    [
      'with more words than players',
      { players: { max: 9, online: 1, sample: sample('Ada', 'Rules') } },
      { players: 1, maxPlayers: 9 },
    ],
    [
      'with nobody, and a list of nobody',
      { players: { max: 9, online: 0, sample: [] } },
      { players: 0, maxPlayers: 9 },
    ],
    ['that hides how many play', { version: { name: '1.20' }, players: null }, { version: '1.20' }],
    ['without a limit', { players: { max: -1, online: 5 } }, { players: 5 }],
    [
      'with nonsense around the count',
      { version: 7, players: { max: 'x', online: 5, sample: 'none' } },
      { players: 5 },
    ],
    ['that says nothing', {}, {}],
  ])('%s', (_, value, reading) => {
    expect(status(value)).toEqual(reading);
  });

  test.each<[unknown, string]>([
    [{ players: { online: '5' } }, 'players.online'],
    [{ players: { online: 1.5 } }, 'players.online'],
    [{ players: { online: -1 } }, 'players.online'],
    [{ players: 3 }, 'players'],
    [[], 'status'],
    ['text', 'status'],
    [null, 'status'],
  ])('is none: %j', (value, field) => {
    const wrong = expect.objectContaining({ code: 'bad-reply', data: { field } }) as Error;
    if (Array.isArray(value)) expect(status(value)).toEqual({});
    else expect(() => status(value)).toThrow(wrong);
  });

  test('is none where it is no JSON, however deep', () => {
    for (const text of ['', '{', '{"players"', '['.repeat(100_000), '\ufffd']) {
      expect(() => parseStatus(text)).toThrow(
        expect.objectContaining({ code: 'bad-reply', data: { field: 'status' } }),
      );
    }
  });
});

describe('how fast it runs', () => {
  const percentiles = 'Percentiles: P50: 3.1ms P95: 4.0ms P99: 6.2ms, sample: 100';
  const running = (average: string, state = 'The game is running normally'): string[] => [
    state,
    `Target tick rate: 20.0 per second.\nAverage time per tick: ${average}ms (Target: 50.0ms)`,
    percentiles,
  ];

  test.each<[string, string, object]>([
    ['in lines', running('3.2').join('\n'), { tickRate: 20, frameTime: 3.2 }],
    ['over RCON', running('3.2').join(''), { tickRate: 20, frameTime: 3.2 }],
    ['of 26.1', running('3.2').join('').replace(', sample', '. Sample'), { tickRate: 20, frameTime: 3.2 }],
    ['with colours', `§a${running('3.2').join('\n')}`, { tickRate: 20, frameTime: 3.2 }],
    [
      'that cannot keep up',
      running('80.0', "The game is running, but can't keep up with the target tick rate").join(''),
      { tickRate: 12.5, frameTime: 80 },
    ],
    ['in a language with commas', running('3,2').join('').replace('20.0', '20,0'), { tickRate: 20, frameTime: 3.2 }],
    ['that has nothing to do', running('0.0').join(''), { tickRate: 20, frameTime: 0 }],
    [
      'that runs ahead',
      `The game is sprintingTarget tick rate: 20.0 per second (ignored, reference only).\nAverage time per tick: 2.0ms${percentiles}`,
      { tickRate: 500, frameTime: 2 },
    ],
  ])('tick query %s', (_, answer, ticks) => {
    expect(parseTickQuery(answer)).toEqual(ticks);
  });

  test.each<[string, string, object]>([
    ['Paper 1.21.11', '§6TPS from last 1m, 5m, 15m: §a20.0§r, §a20.0§r, §a20.0\n', { tickRate: 20 }],
    ['above it', '§6TPS from last 1m, 5m, 15m: §a*20.0, §a19.9, §a18.0', { tickRate: 20 }],
    ['below it', 'TPS from last 1m, 5m, 15m: 14.87, 20.0, 20.0', { tickRate: 14.87 }],
    ['Purpur', '§6TPS from last 5s, 1m, 5m, 15m: §a19.5, §a20.0, §a20.0, §a20.0', { tickRate: 19.5 }],
    [
      'with memory behind it',
      'TPS from last 1m, 5m, 15m: 19.0, 20.0, 20.0Current Memory Usage: 512/1024 mb',
      { tickRate: 19 },
    ],
    ['with commas', 'TPS from last 1m, 5m, 15m: 14,87, 20,0, 20,0', { tickRate: 14.87 }],
  ])('tps of %s', (_, answer, ticks) => {
    expect(parseTps(answer)).toEqual(ticks);
  });

  test('forge tps is that of all worlds', () => {
    const answer =
      'Dim minecraft:overworld (...): Mean tick time: 57.739 ms. Mean TPS: 17.319' +
      'Dim twilightforest:x: Mean tick time: 1.0 ms. Mean TPS: 20.000Overall: Mean tick time: 61.063 ms. Mean TPS: 16.376';
    expect(parseForgeTps(answer)).toEqual({ tickRate: 16.376, frameTime: 61.063 });
    // 1.12 has a space there.
    expect(parseForgeTps('Overall : Mean tick time: 3.456 ms. Mean TPS: 20.000')).toEqual({
      tickRate: 20,
      frameTime: 3.456,
    });
  });

  test.each([
    '',
    'Unknown or incomplete command. See below for errortick query<--[HERE]',
    'Unknown command. Type "/help" for help.',
    'Target tick rate: 20.0 per second.',
    'Target tick rate: . per second.\nAverage time per tick: ,ms',
    'TPS from last 1m: ',
    'Overall: Mean tick time: x ms. Mean TPS: y',
  ])('is not told by %j', (answer) => {
    for (const parse of [parseTickQuery, parseTps, parseForgeTps]) expect(parse(answer)).toBeUndefined();
  });
});

test.each([
  ['Alex_1', true],
  ['.Bedrock_Player', true],
  ['*Bedrock', true],
  ['+bob', true],
  ['a', true],
  ['*', false],
  ['@a', false],
  ['@e[type=player]', false],
  ['bob stop', false],
  ['bob\nstop', false],
  ['bob\n', false],
  ['', false],
  ['..', false],
  ['-', false],
  ['ö', false],
  ['a'.repeat(41), false],
])('%j is a name: %s', (text, is) => {
  expect(isPlayerName(text)).toBe(is);
});

test('whatever the text: a reading with numbers that can be, or a Failure', () => {
  const parts = [
    'There are ',
    'players online:',
    '3/1',
    ' of a max of ',
    ' out of maximum ',
    '\n',
    '§6',
    'Ada, ',
    '99999999999999999999',
  ];
  const more = [
    'Target tick rate: ',
    ' per second',
    'Average time per tick: ',
    'ms',
    'TPS from last ',
    ':',
    'Overall: Mean tick time: ',
    ',',
  ];
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(fc.oneof(fc.constantFrom(...parts, ...more), fc.nat().map(String), fc.double().map(String)), {
        maxLength: 12,
      })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const parse of [parseList, parseStatus, parseTickQuery, parseTps, parseForgeTps]) {
        let told;
        try {
          told = parse(text) ?? {};
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          continue;
        }
        for (const value of Object.values(told).filter((one) => typeof one === 'number')) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(value)).toBe(true);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('a megabyte of it is read at once', () => {
  for (const piece of [
    '1',
    '1/',
    '§',
    ' ',
    ':',
    ',',
    '\n',
    'a,',
    '[',
    '[]',
    'There are 1 of a max of 1 players online:',
    'TPS from last ',
    '1.',
  ]) {
    const text = piece.repeat(Math.floor(1_000_000 / piece.length));
    // Not a measurement: what grows with the square would take hours.
    for (const parse of [parseList, parseTickQuery, parseTps, parseForgeTps]) {
      for (const whole of [text, `There are 1/1 players online:${text}`, `TPS from last 1m: ${text}`]) {
        try {
          parse(whole);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }
    }
  }
});
