import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Ask, GameAdapter, Reading, Talks } from '../../../../src/core/games/adapter.js';
import { adapters } from '../../../../src/core/games/adapters.js';
import type { ToldPlayer, Via } from '../../../../src/core/ports.js';
import { Failure } from '../../../../src/shared/failure.js';
import { gameRow } from '../../../../src/shared/games.js';
import { fakeModes, type FakeGame, type FakeMode, type MakeFake } from './fakes/fakeGame.js';
import { fakes } from './fakes/index.js';
import { talkers } from './support/talkers.js';

/*
 * Every adapter, by every way that it has, against servers of ours that speak as its game does, and against such that do not.
 */

/** Plenty for a fake that behaves; what a hostile one gets; and when a test gives up on something that hangs, milliseconds. */
const plentyMs = 20_000;
const shortMs = 300;
const hangMs = 15_000;
const hostile = fakeModes.filter((mode): mode is Exclude<FakeMode, 'well'> => mode !== 'well');
const codes = new Set([
  'unreachable',
  'auth-rejected',
  'timeout',
  'bad-reply',
  'cancelled',
  'io',
  'busy',
  'secret-missing',
]);

const odd = ['alice', '김철수', 'Bob, the Great', 'x [clan]', 'a;b|c'];
const latin = ['alice', 'Bob, the Great', 'x [clan]', 'a;b|c', 'dave'];
const plain = ['alice', 'Bob_2', 'carol', 'dave', 'Eve_5'];

interface People {
  /** The names that it takes, and those that a way of it carries, where these are fewer. */
  readonly names?: readonly string[];
  readonly carried?: Readonly<Partial<Record<Via, readonly string[]>>>;
  /** By what it knows a player. */
  id?(index: number, name: string): string;
}

const people: Readonly<Record<string, People>> = {
  palworld: { carried: { rcon: latin }, id: (index) => `steam_7656119800000000${index}` },
  minecraft: { names: plain, id: (_, name) => name },
  'ark-se': { id: (index) => `7656119800000000${index}` },
  'ark-sa': { id: (index) => `0002abcdef0123456789abcdef01234${index}` },
  openttd: { id: (index) => `${index + 2}` },
  teeworlds: { id: (index) => `${index}` },
  quake3: { carried: { query: plain } },
  bzflag: { carried: { query: plain } },
};

function playersOf(game: string, count: number, via?: Via): ToldPlayer[] {
  const { names = odd, carried = {}, id = () => null } = people[game] ?? {};
  const used = via === undefined ? names : (carried[via] ?? names);
  return used.slice(0, count).map((name, index) => ({ name, id: id(index, name) }));
}

const lost: unknown[] = [];
const note = (error: unknown): void => {
  lost.push(error);
};
/** What keeps a process alive, by its kind. */
const kept = (): Record<string, number> => {
  const count: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) count[kind] = (count[kind] ?? 0) + 1;
  return count;
};
const watched = ['TCPSocketWrap', 'TCPServerWrap', 'UDPWrap', 'Timeout'];

beforeAll(() => {
  process.on('unhandledRejection', note).on('uncaughtException', note);
});
afterAll(() => {
  process.off('unhandledRejection', note).off('uncaughtException', note);
});

const open: { close(): unknown }[] = [];
let before: Record<string, number> = {};

async function start(make: MakeFake): Promise<FakeGame> {
  const fake = await make();
  open.push(fake);
  return fake;
}

async function release(): Promise<void> {
  for (const one of open.splice(0)) await one.close();
}
afterEach(release);

/** The fakes of one way, in every wording that there is. */
async function fakesBy(game: string, via: Via): Promise<FakeGame[]> {
  const all = await Promise.all((fakes[game] ?? []).map(start));
  return all.filter((fake) => fake.via === via);
}

/** Asks once, with a conversation of its own. */
async function run<T>(ask: Ask<T>, fake: FakeGame, adapter: GameAdapter, ms: number): Promise<T> {
  const talker = talkers[ask.via] as
    ((fake: FakeGame, bounds: object, adapter: GameAdapter) => { talk: Talks[Via]; dispose(): unknown }) | undefined;
  if (talker === undefined) throw new Error(`nobody talks by ${ask.via}`);
  const ending = new AbortController();
  const timer = setTimeout(() => {
    ending.abort();
  }, ms);
  const { talk, dispose } = talker(fake, { signal: ending.signal, ms }, adapter);
  try {
    return await (ask as { run(talk: Talks[Via]): Promise<T> }).run(talk);
  } finally {
    clearTimeout(timer);
    await dispose();
  }
}

/** Arguments that an action takes, about one player. */
function argsFor({ name, id }: ToldPlayer, fields: Readonly<Record<string, string>>): Record<string, string> {
  const values = Object.entries(fields).map(([field, need]) => [field, need === 'required' ? (id ?? name) : 'because']);
  return Object.fromEntries(values) as Record<string, string>;
}

interface Wish {
  readonly what: string;
  readonly asks: readonly Ask<unknown>[];
  /** What a fake notes of it; null: nothing. */
  readonly noted: string | null;
}

/** All that an adapter can be told, as the asks that it makes of it. */
function wishesOf(game: string, adapter: GameAdapter): Wish[] {
  const [player = { name: '', id: null }] = playersOf(game, 1);
  const changes = new Set(['kick', 'ban', 'unban']);
  return [
    { what: 'save', asks: adapter.save ?? [], noted: 'save' },
    { what: 'announce', asks: adapter.announce?.('Hello') ?? [], noted: 'announce Hello' },
    { what: 'end', asks: adapter.end ?? [], noted: 'end' },
    ...Object.entries(adapter.actions ?? {}).map(([name, { fields, ask }]) => ({
      what: name,
      asks: ask(argsFor(player, fields)),
      noted: changes.has(name) ? `${name} ${player.id ?? player.name}` : null,
    })),
  ];
}

const all = Object.entries(adapters);

test('every fake belongs to an adapter, and every adapter to a row', () => {
  expect(Object.keys(fakes).sort()).toEqual(all.map(([id]) => id).sort());
  for (const [id, adapter] of all) expect([adapter.id, gameRow(id)?.id]).toEqual([id, id]);
});

describe.each(all)('%s', (game, adapter) => {
  const wishes = wishesOf(game, adapter);
  const asks: readonly Ask<unknown>[] = [...adapter.readings, ...wishes.flatMap((wish) => wish.asks)];
  const vias = [...new Set(asks.map(({ via }) => via))];

  test('has a fake for each of its ways, and somebody who talks by it', async () => {
    const made = await Promise.all((fakes[game] ?? []).map(start));
    expect([...new Set(made.map(({ via }) => via))].sort()).toEqual([...vias].sort());
    expect(vias.filter((via) => talkers[via] === undefined)).toEqual([]);
  });

  describe.each(adapter.readings.map((ask) => [ask.via, ask] as const))('by %s', (via, ask) => {
    test.each([0, 1, 3, 5])('tells what is true with %i players', { timeout: 2 * plentyMs }, async (count) => {
      for (const fake of await fakesBy(game, via)) {
        fake.world.players = playersOf(game, count, via);
        const reading = await run<Reading>(ask, fake, adapter, plentyMs);
        const { maxPlayers, tickRate, frameTime } = fake.world;
        expect(reading.players).toBe(count);
        expect([undefined, maxPlayers]).toContain(reading.maxPlayers);
        if (reading.tickRate !== undefined) expect(reading.tickRate).toBeCloseTo(tickRate ?? NaN, 1);
        if (reading.frameTime !== undefined) expect(reading.frameTime).toBeCloseTo(frameTime ?? NaN, 1);
        if (reading.names === undefined) continue;
        expect(reading.names.map(({ name }) => name)).toEqual(fake.world.players.map(({ name }) => name));
        for (const [index, { id }] of reading.names.entries()) {
          expect([null, fake.world.players[index]?.id]).toContain(id);
        }
      }
    });
  });

  test.each(adapter.readings.map((ask) => [ask.via, ask] as const))(
    'by %s it tells nothing wrong where names are more than its way carries',
    { timeout: 2 * plentyMs },
    async (via, ask) => {
      for (const fake of await fakesBy(game, via)) {
        fake.world.players = odd.map((name, index) => ({ name, id: people[game]?.id?.(index, name) ?? null }));
        const outcome = await run<Reading>(ask, fake, adapter, plentyMs).catch((error: unknown) => error);
        if (Failure.is(outcome)) expect(outcome.code).toBe('bad-reply');
        else expect([undefined, odd.length]).toContain((outcome as Reading).players);
      }
    },
  );

  test.each(wishes.filter(({ asks: [first] }) => first !== undefined).map((wish) => [wish.what, wish] as const))(
    'does what it is told: %s',
    { timeout: 2 * plentyMs },
    async (_, { asks: ways, noted }) => {
      for (const ask of ways) {
        for (const fake of await fakesBy(game, ask.via)) {
          fake.world.players = playersOf(game, 1);
          await run(ask, fake, adapter, plentyMs);
          expect(fake.done, ask.via).toEqual(noted === null ? [] : [noted]);
        }
      }
    },
  );

  test.each(['안녕하세요 여러분', 'x"; quit; say "y', 'at 5, in the hall'])(
    'announces %s and nothing else',
    async (text) => {
      for (const ask of adapter.announce?.(text) ?? []) {
        for (const fake of await fakesBy(game, ask.via)) {
          await run(ask, fake, adapter, plentyMs);
          expect(fake.done.map((done) => done.split(' ')[0])).toEqual(['announce']);
        }
      }
    },
  );

  describe.each(vias)('by %s with one that misbehaves', (via) => {
    const readings = adapter.readings.filter((ask) => ask.via === via);
    const told = wishes.flatMap(({ what, asks: ways }) =>
      ways.filter((ask) => ask.via === via).map((ask) => ({ what, ask })),
    );

    test.each(hostile)('%s: nothing hangs, nothing is lost, nothing is left', { timeout: 120_000 }, async (mode) => {
      before = kept();
      for (const fake of await fakesBy(game, via)) {
        fake.world.players = playersOf(game, 2);
        fake.mode = mode;
        for (const ask of readings) expect(await outcomeOf(ask, fake, adapter), 'reading').toSatisfy(isFailure);
        for (const { what, ask } of told) {
          const outcome = await outcomeOf(ask, fake, adapter);
          // Whoever ends the game takes the end of the connection for its answer, and not every answer is understood.
          const maySucceed = what === 'end' || mode === 'garbage' || mode === 'huge';
          if (!maySucceed || outcome !== 'done') expect(outcome, what).toSatisfy(isFailure);
        }
      }
      await release();
      await expect.poll(leftOver, { timeout: hangMs }).toEqual([]);
      expect(lost.splice(0)).toEqual([]);
    });
  });
});

const isFailure = (outcome: unknown): boolean => Failure.is(outcome) && codes.has(outcome.code);

/** What an ask comes to; `hangs` where it does not end long after its deadline. */
async function outcomeOf(ask: Ask<unknown>, fake: FakeGame, adapter: GameAdapter): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, hangMs, 'hangs')));
  const asked = run(ask, fake, adapter, shortMs).then(
    () => 'done',
    (error: unknown) => error,
  );
  const outcome = await Promise.race([asked, late]);
  clearTimeout(timer);
  return outcome;
}

/** Sockets and timers that there are more of than before. */
function leftOver(): string[] {
  const now = kept();
  return watched.filter((kind) => (now[kind] ?? 0) > (before[kind] ?? 0));
}
