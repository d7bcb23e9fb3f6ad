import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMetrics } from '../../../../../src/core/games/palworld/metrics.js';
import { parsePlayerList } from '../../../../../src/core/games/palworld/playerList.js';
import { parseShowPlayers } from '../../../../../src/core/games/palworld/showPlayers.js';
import { bodyOf } from '../../../../../src/core/games/rest/restBody.js';
import { Failure } from '../../../../../src/shared/failure.js';

const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof Failure ? `${error.code} ${JSON.stringify(error.data)}` : error;
  }
};

describe('its metrics', () => {
  test('of 0.7', () => {
    const body = {
      serverfps: 58,
      currentplayernum: 1,
      serverframetime: 17.2,
      maxplayernum: 32,
      uptime: 3600,
      basecampnum: 2,
    };
    expect(parseMetrics(body)).toEqual({ players: 1, maxPlayers: 32, tickRate: 58, frameTime: 17.2 });
  });

  test('of 1.0: one more, one less', () => {
    const body = {
      serverfps: 60,
      serverfpsaverage: 59.7,
      currentplayernum: 0,
      serverframetime: 16.6,
      maxplayernum: 32,
    };
    expect(parseMetrics(body)).toEqual({ players: 0, maxPlayers: 32, tickRate: 60, frameTime: 16.6 });
  });

  test('numbers as texts are numbers; what is none is left out', () => {
    expect(parseMetrics({ currentplayernum: '3', serverfps: '59.5', maxplayernum: 0, serverframetime: 'n/a' })).toEqual(
      {
        ...{ players: 3, tickRate: 59.5 },
      },
    );
  });

  test.each([
    {},
    null,
    'OK',
    [],
    { currentplayernum: -1 },
    { currentplayernum: 1.5 },
    { currentplayernum: ' ' },
    { currentplayernum: 1e9 },
  ])('without a count that can be one it is no answer: %j', (body) => {
    expect(codeOf(() => parseMetrics(body))).toBe('bad-reply {"field":"currentplayernum"}');
  });
});

describe('its list of players', () => {
  test('names are any text; who is logging in is counted, but not under the name of an account', () => {
    const players = [
      { name: '김철수', playerId: 'AF6D9A43', userId: 'steam_1' },
      { name: 'gamer_tag', playerId: 'None', userId: 'steam_2' },
      { name: '', playerId: 'B0', userId: '' },
      { name: '<b>"\n', playerId: 7, userId: null },
    ];
    expect(parsePlayerList({ players })).toEqual({
      count: 4,
      names: [
        { name: '김철수', id: 'steam_1' },
        { name: '', id: null },
        { name: '<b>"\n', id: null },
      ],
    });
  });

  test('one without a name leaves the count', () => {
    expect(parsePlayerList({ players: [{ name: 'a' }, {}, null] })).toEqual({ count: 3, names: undefined });
  });

  test.each([null, {}, 'OK', { players: {} }, { players: 'none' }])('is not %j', (body) => {
    expect(codeOf(() => parsePlayerList(body))).toBe('bad-reply {"field":"players"}');
  });
});

describe('what RCON lists', () => {
  const head = 'name,playeruid,steamid';
  test.each([
    [head, 0, []],
    [`${head}\n`, 0, []],
    [`${head}\r\nAlice,1234567890,76561198000000001\r\n`, 1, ['Alice']],
    [`${head}\na, b,,c,1,76561198000000001\nBob,2,76561198000000002`, 2, ['a, b,,c', 'Bob']],
    [`${head}\nCarol,3,xbox_2533274800000000\n`, 1, ['Carol']],
    // Still logging in.
    [`${head}\ntag,00000000,76561198000000003\nBob,2,76561198000000002\n`, 2, ['Bob']],
  ])('%j', (reply, players, names) => {
    const reading = parseShowPlayers(reply);
    expect(reading.players).toBe(players);
    expect(reading.names?.map(({ name }) => name)).toEqual(names);
  });

  test.each([
    // The end is missing, of a row or of a number in it; how many rows with it is not known.
    `${head}\nAlice,1,76561198000000001\nBob,2,7656119800`,
    `${head}\nAlice,1,76561198000000001\nBo`,
    `${head}\n김철수,1,76561198000`,
    `${head}\nn\ufffd,1,76561198000000001\n`,
  ])('tells nothing where its end is missing: %j', (reply) => {
    expect(parseShowPlayers(reply)).toEqual({});
  });

  test.each([null, '', 'Unknown command', 'name,other', 'x\nname,playeruid,steamid'])('is not %j', (reply) => {
    expect(codeOf(() => parseShowPlayers(reply))).toBe('bad-reply {"field":"ShowPlayers"}');
  });
});

describe('whatever comes, nothing but a failure with a code is thrown', () => {
  const only = (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
    }
  };
  const field = fc.constantFrom(
    'currentplayernum',
    'maxplayernum',
    'serverfps',
    'serverframetime',
    'players',
    '__proto__',
  );

  test('parsers of JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.anything())), (body) => {
        only(() => {
          const { players, maxPlayers = 1, tickRate = 0, frameTime = 0 } = parseMetrics(body);
          expect(Number.isInteger(players) && players >= 0 && Number.isInteger(maxPlayers)).toBe(true);
          expect(tickRate >= 0 && frameTime >= 0 && Number.isFinite(tickRate + frameTime)).toBe(true);
        });
        only(() => parsePlayerList(body));
      }),
    );
  });

  test('the list of RCON', () => {
    const rows = fc
      .array(fc.oneof(fc.string(), fc.constantFrom(',', '\n', '76561198000000001', '\r')))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(rows, (text) => {
        only(() => parseShowPlayers(text));
        const { players, names = [] } = parseShowPlayers(`name,playeruid,steamid\n${text}`);
        expect(names.length).toBeLessThanOrEqual(players ?? 0);
      }),
    );
  });

  test('bodies', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        only(() => bodyOf(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const isStructure = typeof value === 'object' && value !== null;
        if (isStructure) expect(bodyOf(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});
