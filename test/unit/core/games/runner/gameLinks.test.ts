import { afterEach, describe, expect, test, vi } from 'vitest';
import type { GameAdapter, Reading } from '../../../../../src/core/games/adapter.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { fakeRcon, type FakeRcon } from '../support/rconServer.js';
import { byQuery, plainAdapter, server, useLinks } from './support/links.js';
import { useTcpGames } from './support/tcpGame.js';

const game = useTcpGames();
const make = useLinks();
const rconGames: FakeRcon[] = [];
afterEach(async () => {
  for (const one of rconGames.splice(0)) await one.close();
});
const rconGame = async (...given: Parameters<typeof fakeRcon>): Promise<FakeRcon> => {
  const one = await fakeRcon(...given);
  rconGames.push(one);
  return one;
};

const until = { timeout: 10_000, interval: 5 };
const well = { players: 1, maxPlayers: 8 };
const hangs = (): null => null;
/** Not within a test. */
const never = 1_000_000;

const listByRcon: GameAdapter['readings'][number] = {
  via: 'rcon',
  run: async (talk) => {
    const names = JSON.parse((await talk.say('list')) ?? '[]') as string[];
    return { names: names.map((name) => ({ name, id: null })) };
  },
};
const password = (): string => 'swordfish';

describe('polling', () => {
  test('tells what the game told, by what, and when it changed', async () => {
    const answer: Reading = { players: 1, maxPlayers: 8, tickRate: 20, frameTime: 3 };
    const { port } = await game(() => answer);
    const { links, changed, logged } = make();
    expect(links.facts('one').api).toMatchObject({ is: 'none', via: null });
    links.up('one', server('one', { queryPort: port }));
    expect(links.facts('one').api.is).toBe('waiting');
    await expect.poll(() => links.facts('one').api.is, until).toBe('ok');
    const facts = links.facts('one');
    expect(facts).toMatchObject({ api: { via: 'query' }, players: { value: 1, source: 'query' }, names: null });
    expect(facts).toMatchObject({ maxPlayers: { value: 8 }, tickRate: 20, frameTime: 3 });
    expect(facts.apiTime).toBeGreaterThan(0);
    await expect.poll(() => links.facts('one').players!.at, until).toBeGreaterThan(facts.players!.at);
    expect(changed).toEqual(['one']);
    expect(logged).toEqual([{ level: 'info', data: { id: 'one', is: 'ok', via: 'query' } }]);
  });

  test('half of the servers hang, and the others are asked as often as if they did not', async () => {
    const good = await Promise.all(Array.from({ length: 10 }, async () => await game(() => well)));
    const bad = await Promise.all(Array.from({ length: 10 }, async () => await game(hangs)));
    // A poll of a server that hangs lasts longer than the whole test.
    const { links } = make({ pollIntervalMs: 100, times: { ask: never } });
    for (const [index, { port }] of [...bad, ...good].entries()) {
      links.up(`s${index}`, server(`s${index}`, { queryPort: port }));
    }
    await expect.poll(() => Math.min(...good.map(({ asked }) => asked.length)), until).toBeGreaterThanOrEqual(8);
    const counts = good.map(({ asked }) => asked.length);
    // Nobody of them falls behind.
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
    expect(bad.map(({ asked }) => asked.length)).toEqual(bad.map(() => 1));
    expect([...bad, ...good].every(({ mostAtOnce }) => mostAtOnce === 1)).toBe(true);
    expect(links.facts('s0').api.is).toBe('waiting');
    expect(links.facts('s15').players?.value).toBe(1);
  });

  test('a hang is given up at the deadline, tried again, and then asked seldom until it answers', async () => {
    const hung = await game(hangs);
    const { links, logged } = make({ times: { ask: 200, broken: 2000 } });
    links.up('one', server('one', { queryPort: hung.port }));
    await expect.poll(() => links.facts('one').api.is, until).toBe('silent');
    expect(hung.asked.length).toBe(3);
    await expect.poll(() => hung.asked.length, until).toBe(5);
    const openedAt = performance.now();
    hung.answer = () => well;
    await expect.poll(() => links.facts('one').api.is, until).toBe('ok');
    expect(performance.now() - openedAt).toBeGreaterThan(1500);
    await expect.poll(() => hung.asked.length, until).toBeGreaterThan(8);
    expect(hung.mostAtOnce).toBe(1);
    expect(logged.map(({ level, data }) => [level, (data as { is: string }).is])).toEqual([
      ['warn', 'silent'],
      ['info', 'ok'],
    ]);
  });

  test('what was told is forgotten when it is old', async () => {
    const one = await game(() => well);
    const { links, changed } = make({ times: { ask: 30, broken: 50 } });
    links.up('one', server('one', { queryPort: one.port }));
    await expect.poll(() => links.facts('one').players?.value, until).toBe(1);
    one.answer = hangs;
    const forgotten = { players: null, api: { is: 'silent' }, maxPlayers: null, apiTime: null };
    await expect.poll(() => links.facts('one'), until).toMatchObject(forgotten);
    await expect.poll(() => changed.length, until).toBeGreaterThanOrEqual(2);
  });

  test('a password that is set later is used, a wrong one is kept back', async () => {
    const there = await rconGame('minecraft', { say: () => '["Ann"]' });
    let known: string | undefined;
    const { links, named } = make({ adapter: { id: 'minecraft', readings: [listByRcon] }, secret: () => known });
    links.up('one', server('one', { rconPort: there.port }));
    await expect.poll(() => links.facts('one').api.is, until).toBe('locked');
    expect(there.passwords).toEqual([]);
    known = 'haddock';
    await expect.poll(() => links.facts('one').api.is, until).toBe('refused');
    known = 'swordfish';
    await expect.poll(() => links.facts('one').api, until).toMatchObject({ is: 'ok', via: 'rcon' });
    expect(there.passwords).toEqual(['haddock', 'swordfish']);
    expect(links.facts('one').players?.value).toBe(1);
    expect(named[0]).toEqual({ id: 'one', names: [{ name: 'Ann', id: null }] });
  });

  test('a way below is asked for what the better one does not tell, and instead of it', async () => {
    const status = await game(() => well);
    const there = await rconGame('minecraft', { say: () => '["Ann"]' });
    const adapter: GameAdapter = { id: 'minecraft', readings: [byQuery<Reading>('status'), listByRcon] };
    const { links } = make({ adapter, secret: password, times: { ask: 50, broken: 50 } });
    links.up('one', server('one', { queryPort: status.port, rconPort: there.port }));
    await expect.poll(() => links.facts('one').names?.source, until).toBe('rcon');
    expect(links.facts('one').players?.source).toBe('query');
    // From now on the better way tells all that the other one would.
    status.answer = () => ({ ...well, names: [{ name: 'Bob', id: null }] });
    await expect.poll(() => links.facts('one').names?.source, until).toBe('query');
    const heard = there.heard.length;
    const asked = status.asked.length;
    await expect.poll(() => status.asked.length, until).toBeGreaterThan(asked + 5);
    expect(there.heard.length).toBe(heard);
    status.answer = hangs;
    await expect.poll(() => links.facts('one').api, until).toMatchObject({ is: 'ok', via: 'rcon' });
    await expect.poll(() => links.facts('one').players?.source, until).toBe('rcon');
  });

  test('a way below that does not answer makes nothing silent', async () => {
    const status = await game(() => well);
    const mute = await game(hangs);
    const adapter: GameAdapter = { id: 'minecraft', readings: [byQuery<Reading>('status'), listByRcon] };
    const { links } = make({ adapter, secret: password, times: { ask: 30 } });
    links.up('one', server('one', { queryPort: status.port, rconPort: mute.port }));
    await expect.poll(() => status.asked.length, until).toBeGreaterThan(12);
    expect(links.facts('one').api).toMatchObject({ is: 'ok', via: 'query' });
    // Once each poll, until its breaker opened.
    expect(mute.asked.length).toBeLessThanOrEqual(5);
  });

  test('an end forgets everything, and nothing of a poll that was on comes after it', async () => {
    const one = await game(() => well);
    const { links, rcon, changed } = make();
    const forget = vi.spyOn(rcon, 'forget');
    links.up('one', server('one', { queryPort: one.port }));
    await expect.poll(() => links.facts('one').api.is, until).toBe('ok');
    one.answer = hangs;
    const asked = one.asked.length;
    await expect.poll(() => one.asked.length, until).toBeGreaterThan(asked);
    changed.length = 0;
    links.down('one');
    expect(links.facts('one')).toMatchObject({ api: { is: 'none' }, players: null, maxPlayers: null, apiTime: null });
    expect(forget).toHaveBeenCalledWith('one');
    one.answer = () => well;
    links.up('one', server('one', { queryPort: one.port }));
    expect(links.facts('one').api.is).toBe('waiting');
    await expect.poll(() => links.facts('one').api.is, until).toBe('ok');
    expect(changed).toEqual(['one']);
  });

  test('goes on with another definition at its new place, or ends where no way is left', async () => {
    const [first, second] = [await game(() => well), await game(() => ({ players: 2 }))];
    const { links } = make();
    links.up('one', server('one', { queryPort: first.port }));
    await expect.poll(() => links.facts('one').players?.value, until).toBe(1);
    links.up('one', server('one', { queryPort: first.port }));
    expect(links.facts('one').players?.value).toBe(1);
    links.up('one', server('one', { queryPort: second.port }));
    expect(links.facts('one')).toMatchObject({ api: { is: 'waiting' }, players: null });
    await expect.poll(() => links.facts('one').players?.value, until).toBe(2);
    links.up('one', server('one', undefined));
    expect(links.facts('one')).toMatchObject({ api: { is: 'none' }, players: null });
  });

  test('a hint polls without waiting for the interval', async () => {
    const one = await game(() => well);
    const { links } = make({ pollIntervalMs: never });
    links.up('one', server('one', { queryPort: one.port }));
    await expect.poll(() => one.asked.length, until).toBe(1);
    links.nudge('one');
    await expect.poll(() => one.asked.length, until).toBe(2);
  });
});

describe('wishes', () => {
  test('go before a poll that hangs, and meet nobody', async () => {
    const one = await game((line) => (line === 'status' ? null : 'done'));
    const { links } = make({ times: { ask: never } });
    const there = server('one', { queryPort: one.port });
    links.up('one', there);
    await expect.poll(() => one.asked, until).toEqual(['status']);
    await links.announce(there, 'hello');
    expect(one.asked.slice(0, 2)).toEqual(['status', 'announce hello']);
    await expect.poll(() => one.asked.slice(2), until).toEqual(['status']);
    expect(links.facts('one').api.is).toBe('waiting');
    expect(one.mostAtOnce).toBeLessThanOrEqual(2);
  });

  test('a slow save of one stops nobody else, and its own polls wait', async () => {
    let saved = (): void => undefined;
    const over = new Promise<string>((resolve) => (saved = () => resolve('saved')));
    const slow = await game((line) => (line === 'save' ? over : well));
    const other = await game((line) => (line === 'status' ? well : 'done'));
    const { links } = make();
    const [first, second] = [server('one', { queryPort: slow.port }), server('two', { queryPort: other.port })];
    links.up('one', first);
    links.up('two', second);
    const saving = links.save(first, 60_000);
    await expect.poll(() => slow.asked.at(-1), until).toBe('save');
    const asked = other.asked.length;
    await links.save(second, 60_000);
    await expect.poll(() => other.asked.length, until).toBeGreaterThan(asked + 5);
    expect(slow.asked.at(-1)).toBe('save');
    expect(slow.mostAtOnce).toBe(1);
    saved();
    await saving;
    await expect.poll(() => slow.asked.at(-1), until).toBe('status');
  });

  test('two at a time are said one after the other', async () => {
    let open = 0;
    const one = await game(async () => {
      open += 1;
      expect(open).toBe(1);
      await new Promise(setImmediate);
      open -= 1;
      return 'done';
    });
    const { links } = make();
    const there = server('one', { queryPort: one.port });
    await Promise.all([links.announce(there, 'a'), links.save(there, 1000), links.announce(there, 'b')]);
    expect(one.asked).toEqual(['announce a', 'save', 'announce b']);
  });

  test('are tried also where polling has given up for a while', async () => {
    const there = await rconGame(({ socket }) => {
      socket.destroy();
      return () => undefined;
    });
    const adapter: GameAdapter = {
      id: 'minecraft',
      readings: [listByRcon],
      announce: (text) => [{ via: 'rcon', run: async (talk) => await talk.say(`say ${text}`) }],
    };
    const { links } = make({ adapter, secret: password, times: { putOff: 0, broken: never } });
    const one = server('one', { rconPort: there.port });
    links.up('one', one);
    await expect.poll(() => links.facts('one').api.is, until).toBe('silent');
    // Its client does not even try now, and neither does the poll.
    expect(there.sessions.length).toBe(1);
    for (const tries of [2, 3, 4]) {
      await expect(links.announce(one, 'a')).rejects.toMatchObject({ code: 'unreachable' });
      expect(there.sessions.length).toBe(tries);
    }
    expect(await links.test(one)).toMatchObject([{ channel: 'rcon', ok: false, code: 'unreachable' }]);
    expect(there.sessions.length).toBe(5);
  });

  test('what may have been heard is not said by another way', async () => {
    const [deaf, other] = [await game(hangs), await rconGame('minecraft', { say: () => 'done' })];
    const end: GameAdapter['end'] = [
      byQuery('end'),
      { via: 'rcon', run: async (talk) => await talk.say('stop', { endsGame: true }) },
    ];
    const { links } = make({ adapter: { ...plainAdapter, end }, secret: password, times: { ask: 50 } });
    const there = server('one', { queryPort: deaf.port, rconPort: other.port });
    await expect(links.end(there)).rejects.toMatchObject({ code: 'timeout', data: { isSent: true } });
    expect([deaf.asked, other.heard]).toEqual([['end'], []]);
    // Nobody is there to have heard it.
    const { port } = deaf;
    await deaf.close();
    await links.end(server('one', { queryPort: port, rconPort: other.port }));
    expect(other.heard).toEqual(['stop']);
    await game(hangs);
  });

  test('a reply that nobody understands was a reply: nothing is said again', async () => {
    const [first, second] = [await rconGame('minecraft', { say: () => 'what?' }), await game(() => 'done')];
    const save: GameAdapter['save'] = [
      {
        via: 'rcon',
        run: async (talk) => {
          await talk.say('save-all');
          throw new Failure('bad-reply', { field: 'saved' });
        },
      },
      byQuery('save'),
    ];
    const { links } = make({ adapter: { ...plainAdapter, save }, secret: password });
    const there = server('one', { queryPort: second.port, rconPort: first.port });
    await expect(links.save(there, 1000)).rejects.toMatchObject({ code: 'bad-reply', data: { isSent: true } });
    expect([first.heard, second.asked]).toEqual([['save-all'], []]);
  });

  test('a way without its password is passed over', async () => {
    const there = await game(() => 'done');
    const end: GameAdapter['end'] = [{ via: 'rcon', run: async (talk) => await talk.say('stop') }, byQuery('end')];
    const { links } = make({ adapter: { ...plainAdapter, end } });
    await links.end(server('one', { queryPort: there.port, rconPort: 1 }));
    expect(there.asked).toEqual(['end']);
  });

  test('a game that ends over its end has taken it', async () => {
    const one = await game(hangs);
    const { links } = make();
    const there = server('one', { queryPort: one.port });
    links.up('one', there);
    const ending = links.end(there);
    await expect.poll(() => one.asked.at(-1), until).toBe('end');
    links.down('one');
    await ending;
  });

  test('a save can be called off, and ends with its own time', async () => {
    const one = await game(hangs);
    const { links } = make({ times: { ask: 10 } });
    const there = server('one', { queryPort: one.port });
    const own = new AbortController();
    const saving = links.save(there, never, own.signal).catch((error: unknown) => error);
    await expect.poll(() => one.asked.length, until).toBe(1);
    own.abort();
    expect(await saving).toMatchObject({ code: 'cancelled', data: { isSent: true } });
    await expect(links.save(there, 40)).rejects.toMatchObject({ code: 'timeout', data: { ms: 40 } });
    expect(await links.save(there, never, own.signal).catch((error: unknown) => error)).toMatchObject({
      code: 'cancelled',
    });
    expect(one.asked.length).toBe(2);
  });

  test('actions are checked, said once, and seen at once', async () => {
    const one = await game((line) => (line === 'status' ? well : `did ${line}`));
    const { links } = make({ pollIntervalMs: never });
    const there = server('one', { queryPort: one.port });
    links.up('one', there);
    await expect.poll(() => one.asked, until).toEqual(['status']);
    expect(await links.action(there, 'kick', { player: 'Ann' })).toBe('did kick Ann -');
    await expect.poll(() => one.asked, until).toEqual(['status', 'kick Ann -', 'status']);
    for (const name of ['ban', 'toString']) {
      await expect(links.action(there, name, {})).rejects.toMatchObject({ code: 'unsupported' });
    }
    await expect(links.action(there, 'kick', {})).rejects.toMatchObject({
      code: 'invalid-definition',
      data: { field: 'player' },
    });
    await expect(links.action(server('one', undefined), 'kick', { player: 'Ann' })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  test('what a game can do is what a way is set up for', () => {
    const { links } = make();
    const nothing = { save: false, announce: false, end: false, actions: [] };
    expect(links.can(server('one', { queryPort: 1 }))).toEqual({
      save: true,
      announce: true,
      end: true,
      actions: ['kick'],
    });
    expect(links.can(server('one', { rconPort: 1 }))).toEqual(nothing);
    const strict: GameAdapter = {
      ...plainAdapter,
      actions: {
        ban: {
          fields: { id: 'required' },
          ask: () => {
            throw new Failure('invalid-definition', { field: 'id' });
          },
        },
      },
    };
    const { links: careful } = make({ adapter: strict });
    expect(careful.can(server('one', { queryPort: 1 })).actions).toEqual(['ban']);
    expect(careful.can(server('one', { rconPort: 1 })).actions).toEqual([]);
    const { links: others } = make({ adapters: {} } as never);
    expect(others.can(server('one', { queryPort: 1 }))).toEqual(nothing);
  });
});

describe('counting and testing', () => {
  const adapter: GameAdapter = { id: 'minecraft', readings: [byQuery<Reading>('status'), listByRcon] };

  test('every way counts for itself, an empty list too', async () => {
    const status = await game(() => ({ players: 3 }));
    const there = await rconGame('minecraft', { say: () => '[]' });
    const { links } = make({ adapter, secret: password });
    const one = server('one', { queryPort: status.port, rconPort: there.port });
    expect(await links.countNow(one)).toMatchObject([
      { value: 3, source: 'query', isList: false },
      { value: 0, source: 'rcon', isList: true },
    ]);
    status.answer = () => 'nonsense';
    await there.close();
    expect(await links.countNow(one)).toEqual([]);
    expect(await links.countNow(server('one', undefined))).toEqual([]);
    // It was not known to run.
    expect(links.facts('one').players).toBeNull();
  });

  test('a test says of each way whether it answers, once each', async () => {
    const status = await game(() => well);
    const there = await rconGame('minecraft', { password: 'other' });
    const { links } = make({ adapter, secret: password });
    const one = server('one', { queryPort: status.port, rconPort: there.port, econPort: 1 });
    expect(await links.test(one)).toEqual([
      { channel: 'query', ok: true, code: null, tookMs: expect.any(Number) as number },
      { channel: 'rcon', ok: false, code: 'auth-rejected', tookMs: expect.any(Number) as number },
    ]);
    expect(status.asked.length).toBe(1);
    expect(await links.test(server('one', { econPort: 1 }))).toEqual([]);
  });
});

test('nothing goes on after the end', async () => {
  const one = await game(hangs);
  const { links } = make();
  const there = server('one', { queryPort: one.port });
  links.up('one', there);
  const saving = links.save(there, never).catch((error: unknown) => error);
  await expect.poll(() => one.asked.at(-1), until).toBe('save');
  links.dispose();
  expect(await saving).toMatchObject({ code: 'cancelled' });
  expect(links.facts('one').api.is).toBe('none');
});

test('a server that is no more is forgotten', async () => {
  const one = await game(() => well);
  const { links } = make();
  links.up('one', server('one', { queryPort: one.port }));
  await expect.poll(() => links.facts('one').api.is, until).toBe('ok');
  links.forget('one');
  expect(links.facts('one').players).toBeNull();
  const asked = one.asked.length;
  links.nudge('one');
  links.settingsChanged();
  expect(one.asked.length).toBe(asked);
});
