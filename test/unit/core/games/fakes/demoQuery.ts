import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { listenTcp } from './listeners.js';

/** One line of JSON to whoever connects, as the demo server does it. */
export const demoQuery: MakeFake = async () => {
  const world: FakeWorld = { players: [{ name: 'ann', id: null }], maxPlayers: 32, tickRate: 20 };
  const fake: FakeGame = {
    via: 'query',
    password: null,
    world,
    mode: 'well',
    done: [],
    ...(await listenTcp(
      () => fake.mode,
      ({ socket, answer }) => {
        const status = { name: 'demo', players: world.players.length, max: world.maxPlayers, tps: world.tickRate };
        answer(Buffer.from(`${JSON.stringify(status)}\n`));
        if (fake.mode === 'well') socket.end();
      },
    )),
  };
  return fake;
};
