import { describe, expect, test } from 'vitest';
import { minecraft } from '../../../../../src/core/games/minecraft/adapter.js';
import { Failure } from '../../../../../src/shared/failure.js';
import { gameRow } from '../../../../../src/shared/games.js';
import { fakeModes } from '../fakes/fakeGame.js';
import { minecraftRcon, type MinecraftStyle } from '../fakes/minecraftRcon.js';
import { act, read, useTalks } from '../support/talks.js';

const bench = useTalks();
const styles: readonly MinecraftStyle[] = ['vanilla', 'old', 'forge', 'paper', 'essentials'];
const named = (name: string): { name: string; id: string } => ({ name, id: name });

describe('over RCON', () => {
  test.each<[MinecraftStyle, object]>([
    ['vanilla', { tickRate: 15.38, frameTime: 65 }],
    ['old', {}],
    ['forge', { tickRate: 15.4, frameTime: 65 }],
    ['paper', { tickRate: 15.4 }],
    ['essentials', { tickRate: 15.38, frameTime: 65 }],
  ])('%s tells who plays, and how fast it runs where it knows', async (style, ticks) => {
    const fake = await bench.keep(minecraftRcon(style));
    const talk = bench.rcon(fake, 'minecraft');
    Object.assign(fake.world, { tickRate: 15.4, frameTime: 65 });
    const asked = async (): Promise<unknown> => await read(minecraft, { rcon: talk });
    expect(await asked()).toEqual({ players: 0, maxPlayers: 20, names: [], ...ticks });
    fake.world.players = [named('Ada'), named('.Bob_1')];
    expect(await asked()).toEqual({ players: 2, maxPlayers: 20, names: fake.world.players, ...ticks });
    expect(fake.done).toEqual([]);
  });

  test('a list of many packets is whole', async () => {
    const fake = await bench.keep(minecraftRcon());
    const talk = bench.rcon(fake, 'minecraft');
    // Around the length of one packet and of two, and far beyond.
    for (const count of [270, 271, 272, 273, 545, 546, 547, 3000]) {
      fake.world.players = Array.from({ length: count }, (_, n) => named(`Player_${String(n).padStart(6, '0')}`));
      expect(await read(minecraft, { rcon: talk })).toMatchObject({ players: count, names: fake.world.players });
    }
  });

  test('a list that ends exactly with a packet is whole', async () => {
    const fake = await bench.keep(minecraftRcon());
    const head = 'There are 200 of a max of 20 players online: '.length;
    fake.world.players = Array.from({ length: 200 }, (_, n) => named(`P${String(n).padStart(17, '0')}`));
    const missing = 4096 - head - (200 * 20 - 2);
    fake.world.players[199] = named('z'.repeat(18 + missing > 39 ? 39 : 18 + missing));
    let short = 18 + missing - 39;
    for (let n = 0; short > 0; n++, short -= 21)
      fake.world.players[n] = named(`${n % 10}`.repeat(18 + Math.min(21, short)));
    expect(head + fake.world.players.map(({ name }) => name).join(', ').length).toBe(4096);
    expect(await read(minecraft, { rcon: bench.rcon(fake, 'minecraft') })).toMatchObject({ players: 200 });
  });

  const codes = { silent: 'timeout', slow: 'timeout', reset: 'unreachable' } as Readonly<Record<string, string>>;
  test.each(fakeModes.filter((mode) => mode !== 'well').map((mode) => [mode, codes[mode] ?? 'bad-reply'] as const))(
    'one that is %s fails as %s, and is as before when it is well',
    async (mode, code) => {
      const fake = await bench.keep(minecraftRcon());
      fake.mode = mode;
      for (let n = 0; n < (mode === 'garbage' ? 2 : 1); n++) {
        const talk = bench.rcon(fake, 'minecraft', code === 'timeout' ? 300 : 10_000);
        const asked = read(minecraft, { rcon: talk });
        await expect(asked).rejects.toMatchObject({ name: 'Failure', code });
      }
      fake.mode = 'well';
      expect(await read(minecraft, { rcon: bench.rcon(fake, 'minecraft') })).toMatchObject({ players: 0, names: [] });
    },
  );
});

describe('what it is told to do', () => {
  test.each(styles)('%s kicks, bans and forgives', async (style) => {
    const fake = await bench.keep(minecraftRcon(style));
    const talk = bench.rcon(fake, 'minecraft');
    fake.world.players = [named('Ada'), named('.Bob_1')];
    expect(await act(minecraft, 'kick', { player: 'Ada' }, talk)).toBe('Kicked Ada: Kicked by an operator');
    expect(await act(minecraft, 'ban', { player: '.Bob_1', reason: ' too  loud ' }, talk)).toBe(
      'Banned .Bob_1: too  loud',
    );
    expect(await act(minecraft, 'unban', { player: '.Bob_1' }, talk)).toBe('Unbanned .Bob_1');
    expect(await act(minecraft, 'kick', { player: 'Ada' }, talk)).toBe('No player was found');
    expect(fake.done).toEqual(['kick Ada', 'ban .Bob_1', 'unban .Bob_1']);
    expect(fake.world.players).toEqual([]);
  });

  test.each([
    ['kick', { player: '@a' }, 'player'],
    ['kick', { player: 'Ada\nop Mallory' }, 'player'],
    ['ban', { player: 'Ada Bob' }, 'player'],
    ['ban', {}, 'player'],
    ['unban', { player: '' }, 'player'],
    ['kick', { player: 'Ada', reason: 'a\nop Mallory' }, 'reason'],
    ['kick', { player: 'Ada', reason: 'a\u2028b' }, 'reason'],
    ['ban', { player: 'Ada', reason: 'a'.repeat(201) }, 'reason'],
  ])('%s is refused with %j', (name, args, field) => {
    const wrong = expect.objectContaining({ code: 'invalid-definition', data: { field } }) as Error;
    expect(() => minecraft.actions?.[name]?.ask(args as Record<string, string>)).toThrow(wrong);
    expect(() => minecraft.actions?.[name]?.ask(args as Record<string, string>)).toThrow(Failure);
  });

  test.each(styles)('%s saves, tells and ends by the lines of its row', async (style) => {
    const fake = await bench.keep(minecraftRcon(style));
    const talk = bench.rcon(fake, 'minecraft');
    const { saveLine = '', saveReply, sayLine = '', stop } = gameRow('minecraft')!;
    expect(await talk.say(saveLine)).toMatch(new RegExp(saveReply!.done, 'u'));
    expect(await talk.say(sayLine.replace('{text}', 'back at 5'))).toBeNull();
    expect(await talk.say(stop.line!, { endsGame: true })).toBe('Stopping the server');
    expect(fake.done).toEqual(['save', 'announce back at 5', 'end']);
  });

  test('a save that fails says so', () => {
    const { saveReply } = gameRow('minecraft')!;
    const said = 'Saving the game (this may take a moment!)Unable to save the game (is there enough disk space?)';
    expect(said).toMatch(new RegExp(saveReply!.failed!, 'u'));
    expect(said).not.toMatch(new RegExp(saveReply!.done, 'u'));
  });
});
