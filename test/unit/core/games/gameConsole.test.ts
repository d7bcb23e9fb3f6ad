import { afterEach, describe, expect, test } from 'vitest';
import { gameConsoleFor } from '../../../../src/core/games/gameConsole.js';
import { RconClients } from '../../../../src/core/games/rcon/clients.js';
import { dialects } from '../../../../src/core/games/rcon/dialects.js';
import { effective, type Effective } from '../../../../src/shared/definition.js';
import { games } from '../../../../src/shared/games.js';
import { useRcon } from './support/rconClients.js';
import { fakeRcon } from './support/rconServer.js';

const bench = useRcon();
const rcon = new RconClients();
afterEach(() => {
  rcon.dispose();
});

const server = (game: string, rconPort?: number, id = 'one'): Effective =>
  effective({
    ...{ id, name: 'One', game, launch: { command: 'server' } },
    ...(rconPort === undefined ? {} : { connection: { rconPort } }),
  });
const password = (key: string): string | undefined => (key === 'rconPassword' ? 'swordfish' : undefined);

test('each game that is known to have RCON speaks as it does', () => {
  const known = Object.fromEntries(games.filter((row) => row.rcon !== undefined).map((row) => [row.id, row.rcon]));
  expect(known).toEqual({
    palworld: 'palworld',
    minecraft: 'minecraft',
    'ark-se': 'ark',
    'ark-sa': 'ark',
    factorio: 'factorio',
    cs2: 'source',
  });
  for (const row of games) {
    if (row.channel === 'rcon') expect(row.rcon, row.id).toBeDefined();
    if (row.rcon !== undefined) expect(dialects[row.rcon]).toBeDefined();
  }
});

describe('a console over RCON', () => {
  test('is there where the game has one and its port is known', async () => {
    const { port, heard } = await bench.game('minecraft');
    const console = gameConsoleFor(server('minecraft', port), password, rcon);
    expect(console?.via).toBe('rcon');
    expect(await console?.send('list')).toBe('said list');
    expect(heard).toEqual(['list']);
    expect(gameConsoleFor(server('minecraft'), password, rcon)).toBeUndefined();
    for (const other of ['terraria', 'teeworlds', 'other']) {
      expect(gameConsoleFor(server(other, port), password, rcon)).toBeUndefined();
    }
  });

  test('speaks the way of its game', async () => {
    // Minecraft would close the line over the mark behind a command, and ARK would never answer.
    for (const [game, which] of [
      ['minecraft', 'minecraft'],
      ['ark-sa', 'ark'],
      ['palworld', 'palworld'],
      ['factorio', 'factorio'],
      ['cs2', 'source'],
    ] as const) {
      const there = await bench.game(which);
      expect(await gameConsoleFor(server(game, there.port, game), password, rcon)?.send('list')).toBe('said list');
      expect(there.others).toEqual([]);
    }
  });

  test('keeps its connection between commands, and takes another where the port has changed', async () => {
    const [first, second] = [await bench.game('factorio'), await bench.game('factorio')];
    const send = async (port: number, line: string): Promise<unknown> =>
      await gameConsoleFor(server('factorio', port), password, rcon)?.send(line);
    await send(first.port, 'a');
    await send(first.port, 'b');
    await send(second.port, 'c');
    expect([first.heard, second.heard, first.sessions.length]).toEqual([['a', 'b'], ['c'], 1]);
    await expect.poll(() => first.sessions[0]!.socket.closed).toBe(true);
  });

  test('asks for the password as it is now', async () => {
    const { port } = await bench.game('factorio');
    const send = async (known: typeof password): Promise<unknown> =>
      await gameConsoleFor(server('factorio', port), known, rcon)?.send('list');
    await expect(send(() => undefined)).rejects.toMatchObject({
      code: 'secret-missing',
      data: { id: 'one', key: 'rconPassword' },
    });
    await expect(send(() => 'haddock')).rejects.toMatchObject({ code: 'auth-rejected' });
    expect(await send(password)).toBe('said list');
  });

  test('takes the end of the line for an answer to what ends the game, and only to that', async () => {
    const there = await fakeRcon('source', {
      say: () => {
        for (const { socket } of there.sessions) socket.destroy();
        return null;
      },
    });
    const console = gameConsoleFor(server('cs2', there.port), password, rcon);
    expect(await console?.send('quit')).toBeNull();
    await expect(console?.send('status')).rejects.toMatchObject({ code: 'unreachable' });
    await there.close();
  });

  test('waits longer for a save than for anything else', async () => {
    const slow = await bench.game('minecraft', {
      say: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5500));
        return 'Saved the game';
      },
    });
    const other = await bench.game('minecraft', { say: () => null });
    const saving = gameConsoleFor(server('minecraft', slow.port), password, rcon)?.send('save-all flush');
    const listing = gameConsoleFor(server('minecraft', other.port, 'two'), password, rcon)?.send('list');
    await expect(listing).rejects.toMatchObject({ code: 'timeout', data: { ms: 5000 } });
    expect(await saving).toBe('Saved the game');
  });

  test('is closed with its server', async () => {
    const there = await bench.game('factorio');
    await gameConsoleFor(server('factorio', there.port), password, rcon)?.send('list');
    rcon.forget('one');
    await expect.poll(() => there.sessions[0]!.socket.closed).toBe(true);
  });
});
