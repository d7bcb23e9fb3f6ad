import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { bzflag } from '../../../../../src/core/games/bzflag/adapter.js';
import { demo } from '../../../../../src/core/games/demo/adapter.js';
import type { GameAdapter, QueryTalk, Reading } from '../../../../../src/core/games/adapter.js';
import { quake3 } from '../../../../../src/core/games/quake3/adapter.js';
import { teeworlds } from '../../../../../src/core/games/teeworlds/adapter.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { bzflagQuery } from '../fakes/bzflagQuery.js';
import { demoQuery } from '../fakes/demoQuery.js';
import { fakeModes, type FakeGame, type FakeMode, type MakeFake } from '../fakes/fakeGame.js';
import { quake3Query } from '../fakes/quake3Query.js';
import { teeworldsQuery } from '../fakes/teeworldsQuery.js';

const games: [GameAdapter, MakeFake, Reading][] = [
  [demo, demoQuery, { players: 1, maxPlayers: 32, tickRate: 20 }],
  [
    quake3,
    quake3Query,
    { players: 1, bots: 1, maxPlayers: 12, version: 'ioq3 1.36', names: [{ name: 'ann', id: null }] },
  ],
  [bzflag, bzflagQuery, { players: 1, bots: 1, maxPlayers: 20, names: [{ name: 'two words', id: null }] }],
  [
    teeworlds,
    teeworldsQuery,
    { players: 1, bots: 1, maxPlayers: 16, version: '0.7.5', names: [{ name: 'nameless tee', id: null }] },
  ],
];

const fakes: FakeGame[] = [];
afterEach(async () => {
  for (const fake of fakes.splice(0)) await fake.close();
});

async function started(make: MakeFake, mode: FakeMode = 'well'): Promise<FakeGame> {
  const fake = await make();
  fake.mode = mode;
  fakes.push(fake);
  return fake;
}

const talkTo = (port: number, ms = 5000, signal = new AbortController().signal): QueryTalk => ({
  host: '127.0.0.1',
  port,
  ms,
  signal,
});

async function read(game: GameAdapter, talk: QueryTalk): Promise<Reading> {
  const [ask] = game.readings;
  if (ask?.via !== 'query') throw new Error('asks otherwise');
  return await ask.run(talk);
}

const failureOf = async (reading: Promise<Reading>): Promise<Failure> => {
  const failure: unknown = await reading.then(
    (told) => new Error(`told ${inspect(told)}`),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Failure);
  return failure as Failure;
};

describe.each(games.map(([game, make, expected]) => ({ name: game.id, game, make, expected })))(
  '$name, asked by query',
  ({ game, make, expected }) => {
    test('tells who plays, and follows them', async () => {
      const fake = await started(make);
      expect(await read(game, talkTo(fake.port))).toEqual(expected);
      fake.world.players = [];
      expect(await read(game, talkTo(fake.port))).toMatchObject({ players: 0 });
    });

    const expectedCodes: Record<Exclude<FakeMode, 'well'>, string[]> = {
      silent: ['timeout'],
      slow: ['timeout'],
      halfClosed: ['bad-reply'],
      reset: ['unreachable', 'timeout'],
      garbage: ['bad-reply'],
      huge: ['bad-reply'],
    };
    test.each(fakeModes.filter((mode) => mode !== 'well'))('that is %s fails with a failure', async (mode) => {
      const fake = await started(make, mode);
      // The demo server's line is its whole answer: what follows it is not read.
      if (game === demo && mode === 'huge') return;
      const failure = await failureOf(read(game, talkTo(fake.port, 600)));
      expect(expectedCodes[mode]).toContain(failure.code);
      expect(failure.data.port).toBe(fake.port);
    });

    test('where nobody listens is unreachable', async () => {
      const fake = await make();
      await fake.close();
      expect(await failureOf(read(game, talkTo(fake.port)))).toMatchObject({ code: 'unreachable' });
    });

    test('that is called off is cancelled, before it began too', async () => {
      const fake = await started(make, 'silent');
      const off = new AbortController();
      const reading = read(game, talkTo(fake.port, 5000, off.signal));
      off.abort();
      expect(await failureOf(reading)).toMatchObject({ code: 'cancelled' });
      expect(await failureOf(read(game, talkTo(fake.port, 5000, off.signal)))).toMatchObject({ code: 'cancelled' });
    });
  },
);
