import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ask, LineTalk, RestTalk } from '../../../../../src/core/games/adapter.js';
import { palworld } from '../../../../../src/core/games/palworld/adapter.js';
import { RconClients } from '../../../../../src/core/games/rcon/clients.js';
import { RestClients } from '../../../../../src/core/games/rest/restClient.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { fakeModes } from '../fakes/fakeGame.js';
import { makePalworldRcon, type FakePalworldRcon } from '../fakes/palworldRcon.js';
import { makePalworldRest, type FakePalworldRest } from '../fakes/palworldRest.js';

let rests: RestClients;
const rcons = new RconClients();
let rest: FakePalworldRest;
let rcon: FakePalworldRcon;

beforeEach(async () => {
  rests = new RestClients();
  [rest, rcon] = await Promise.all([makePalworldRest(), makePalworldRcon()]);
});
afterEach(async () => {
  await rests.dispose();
  rcons.dispose();
  await Promise.all([rest.close(), rcon.close()]);
});

function restTalk(ms: number, password = rest.password): RestTalk {
  const { restUser: user = '' } = palworld;
  const place = { host: '127.0.0.1', port: rest.port, user, password: () => password };
  return rests.talk(place, { signal: new AbortController().signal, ms });
}

function rconTalk(ms: number, password = rcon.password): LineTalk {
  const { signal } = new AbortController();
  const client = rcons.of('one', { host: '127.0.0.1', port: rcon.port, dialect: 'palworld' }, () => password);
  return { signal, ms, say: async (line, options) => await client.command(line, { ms, signal, ...options }) };
}

async function run<T>(asks: readonly Ask<T>[] | undefined, via: 'rest' | 'rcon', ms = 20_000): Promise<T> {
  const ask = asks?.find((one) => one.via === via);
  if (ask?.via === 'rest') return await ask.run(restTalk(ms));
  if (ask?.via === 'rcon') return await ask.run(rconTalk(ms));
  throw new Error(`no ${via}`);
}

const both = ['rest', 'rcon'] as const;
const fakeOf = (via: (typeof both)[number]): FakePalworldRest | FakePalworldRcon => (via === 'rest' ? rest : rcon);
const alice = { name: 'Alice', id: 'steam_76561198000000001' };
const bob = { name: 'Bob, the "Great"', id: 'steam_76561198000000002' };
const kim = { name: '김철수', id: 'xbox_2533274800000000' };

describe('who plays', () => {
  test('by HTTP, with how the server keeps up', async () => {
    rest.world.players = [alice, bob, kim];
    const full = { players: 3, maxPlayers: 32, names: [alice, bob, kim], tickRate: 58, frameTime: 17.2 };
    expect(await run(palworld.readings, 'rest')).toEqual(full);
    expect(rest.asked).toEqual(['GET /v1/api/metrics', 'GET /v1/api/players']);
  });

  test('as many as before: not asked again who; another number: asked', async () => {
    rest.world.players = [alice, bob];
    const [ask] = palworld.readings;
    if (ask?.via !== 'rest') throw new Error('no rest');
    const previous = await ask.run(restTalk(20_000));
    const before = rest.asked.length;
    expect(await ask.run({ ...restTalk(20_000), previous })).toEqual(previous);
    expect(rest.asked.slice(before)).toEqual(['GET /v1/api/metrics']);
    rest.world.players = [bob];
    expect(await ask.run({ ...restTalk(20_000), previous })).toMatchObject({ players: 1, names: [bob] });
  });

  test('nobody: by its count and by its list', async () => {
    expect(await run(palworld.readings, 'rest')).toMatchObject({ players: 0, names: [] });
    expect(rest.asked).toEqual(['GET /v1/api/metrics', 'GET /v1/api/players']);
  });

  test('looking again and again takes one connection', async () => {
    rest.world.players = [alice];
    for (let i = 0; i < 5; i++) await run(palworld.readings, 'rest');
    expect(rest.connections).toBe(1);
  });

  test('by RCON', async () => {
    expect(await run(palworld.readings, 'rcon')).toEqual({ players: 0, names: [] });
    rcon.world.players = [alice, bob];
    expect(await run(palworld.readings, 'rcon')).toEqual({ players: 2, names: [alice, bob] });
  });

  test('by RCON with a name that is not plain Latin: its answer lacks its end, and nothing is told', async () => {
    rcon.world.players = [kim, alice];
    expect(await run(palworld.readings, 'rcon')).toEqual({});
  });
});

describe.each(both)('by %s', (via) => {
  test('it saves, and says when that is done', async () => {
    await run(palworld.save, via);
    expect(fakeOf(via).done).toEqual(['save']);
  });

  test('it ends', async () => {
    await run(palworld.end, via);
    expect(fakeOf(via).done).toEqual(['end']);
  });

  test('it lets players be thrown out, kept out and let in again', async () => {
    const { kick, ban, unban } = palworld.actions ?? {};
    for (const action of [kick, ban, unban]) await run(action?.ask({ player: alice.id, reason: 'why not' }), via);
    expect(fakeOf(via).done).toEqual([`kick ${alice.id}`, `ban ${alice.id}`, `unban ${alice.id}`]);
  });

  test('it tells of itself', async () => {
    expect(await run(palworld.actions?.info?.ask({}), via)).toContain('v0.7.2');
  });

  test.each(fakeModes.filter((mode) => mode !== 'well'))(
    'whatever it does (%s), it is a failure with a code',
    async (mode) => {
      fakeOf(via).mode = mode;
      const ms = mode === 'silent' || mode === 'slow' ? 500 : 20_000;
      const codes = {
        silent: 'timeout',
        slow: 'timeout',
        halfClosed: 'bad-reply',
        garbage: 'bad-reply',
        huge: 'bad-reply',
      };
      const code = mode === 'reset' ? 'unreachable' : codes[mode];
      for (const asks of [palworld.readings, palworld.save]) {
        // A place that has just failed is left alone for a while by RCON.
        rcons.dispose();
        const failure: unknown = await run<unknown>(asks, via, ms).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Failure);
        expect(failure).toMatchObject({ code });
      }
      const failed: unknown = await run(palworld.save, via, ms).catch((error: unknown) => error);
      if (via === 'rest') expect(failed).toMatchObject({ data: { isSent: true } });
      // Said once each time, whatever came of it.
      expect(rest.done.length + rcon.done.length).toBeLessThanOrEqual(2);
    },
  );
});

describe('a text for the players', () => {
  test('by HTTP in any language', async () => {
    await run(palworld.announce?.('10초 후 서버가 종료됩니다'), 'rest');
    expect(rest.done).toEqual(['announce 10초 후 서버가 종료됩니다']);
  });

  test('by RCON as one word, since it shows no more than the first', async () => {
    await run(palworld.announce?.('  Server stops\nin 10 seconds '), 'rcon');
    expect(rcon.done).toEqual(['announce Server_stops_in_10_seconds']);
  });

  test.each(['10초 후', 'née', ' '])('that RCON cannot show is not said there: %j', (text) => {
    expect(palworld.announce?.(text).map(({ via }) => via)).toEqual(['rest']);
  });

  test('in two versions is said by each way as well as that can', async () => {
    const asks = palworld.announce?.('10초 후', 'in 10 seconds');
    for (const via of both) await run(asks, via);
    expect([rest.done, rcon.done]).toEqual([['announce 10초 후'], ['announce in_10_seconds']]);
    await run(palworld.announce?.('now', 'soon'), 'rcon');
    expect(rcon.done.at(-1)).toBe('announce now');
  });
});

test('a save is an empty body of a stated length, and other posts are JSON', async () => {
  await run(palworld.save, 'rest');
  await run(palworld.end, 'rest');
  await run(palworld.actions?.kick?.ask({ player: 'steam_1', reason: '그만' }), 'rest');
  expect(rest.bodies).toEqual([
    '',
    '{"waittime":1,"message":"Server is stopping"}',
    '{"userid":"steam_1","message":"그만"}',
  ]);
});

test('what it is set to is told without passwords', async () => {
  const get = async (): Promise<unknown> => ({
    ExpRate: 2,
    AdminPassword: 'swordfish',
    ServerPassword: '',
    bIsPvP: false,
  });
  const [ask] = palworld.actions?.settings?.ask({}) ?? [];
  if (ask?.via !== 'rest') throw new Error('not by HTTP');
  const text = await ask.run({ ...restTalk(1000), get });
  expect(JSON.parse(text ?? '')).toEqual({ ExpRate: 2, AdminPassword: '***', ServerPassword: '', bIsPvP: false });
});

test('a player that would be more than one word is nobody to RCON', () => {
  for (const player of ['steam_1 steam_2', 'a\nShutdown', '', '김철수'])
    expect(palworld.actions?.kick?.ask({ player }).map(({ via }) => via)).toEqual(['rest']);
});

test('a save that RCON does not confirm has failed, and may have been done', async () => {
  const [, ask] = palworld.save ?? [];
  if (ask?.via !== 'rcon') throw new Error('not by RCON');
  for (const reply of [null, '', 'Failed to save'])
    await expect(ask.run({ ...rconTalk(1000), say: async () => reply })).rejects.toMatchObject({
      ...{ code: 'bad-reply', data: { field: 'Save', isSent: true } },
    });
});

test('a list that makes no sense does not hide how many play; a list that does not come is a failure', async () => {
  const [ask] = palworld.readings;
  if (ask?.via !== 'rest') throw new Error('not by HTTP');
  const answering = (list: unknown): RestTalk => ({
    ...restTalk(1000),
    get: async (path) => {
      if (path === '/v1/api/metrics') return { currentplayernum: 2 };
      if (list instanceof Error) throw list;
      return list;
    },
  });
  expect(await ask.run(answering('OK'))).toEqual({ players: 2 });
  expect(await ask.run(answering({ players: [{}, {}, {}] }))).toEqual({ players: 3 });
  await expect(ask.run(answering(new Failure('timeout')))).rejects.toMatchObject({ code: 'timeout' });
});

test('a wrong password is told as one, by both ways', async () => {
  const [byRest, byRcon] = palworld.readings;
  if (byRest?.via !== 'rest' || byRcon?.via !== 'rcon') throw new Error('other ways');
  for (const asked of [byRest.run(restTalk(20_000, 'x')), byRcon.run(rconTalk(20_000, 'x'))])
    await expect(asked).rejects.toMatchObject({ code: 'auth-rejected' });
});
