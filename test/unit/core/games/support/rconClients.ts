import { afterEach } from 'vitest';
import { RconClient, type RconOptions } from '../../../../../src/core/games/rcon/client.js';
import type { RconDialect } from '../../../../../src/shared/games.js';
import { fakeRcon, hostile, type FakeRcon } from './rconServer.js';

/** Short, where something is to be waited out; nothing that a test waits for takes as long. */
export const quick = { connect: 5000, authenticate: 400, command: 400 };

export interface Bench {
  game(...given: Parameters<typeof fakeRcon>): Promise<FakeRcon>;
  enemy(...given: Parameters<typeof hostile>): Promise<FakeRcon>;
  /** The deadlines are generous unless told otherwise. */
  client(dialect: RconDialect, port: number, options?: Partial<RconOptions>): RconClient;
}

/** Games and clients that are gone after each test. */
export function useRcon(): Bench {
  const games: FakeRcon[] = [];
  const clients: RconClient[] = [];
  const keep = async (game: Promise<FakeRcon>): Promise<FakeRcon> => {
    games.push(await game);
    return await game;
  };
  afterEach(async () => {
    for (const client of clients.splice(0)) client.dispose();
    for (const game of games.splice(0)) await game.close();
  });
  return {
    game: (...given) => keep(fakeRcon(...given)),
    enemy: (...given) => keep(hostile(...given)),
    client: (dialect, port, options = {}) => {
      const deadlines = { connect: 5000, authenticate: 5000, command: 5000 };
      const whole: RconOptions = {
        host: '127.0.0.1',
        port,
        dialect,
        password: () => 'swordfish',
        deadlines,
        ...options,
      };
      const client = new RconClient(whole);
      clients.push(client);
      return client;
    },
  };
}
