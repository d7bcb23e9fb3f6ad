import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { listenTcp } from './listeners.js';

const question = 7;
const answer = 6;
const layout = 7;

/** What OpenTTD tells of itself on the port that it is played on, as its version 13 lays it out. */
export const openttdQuery: MakeFake = async () => {
  const world: FakeWorld = { players: [], maxPlayers: 25 };
  const told = (): Buffer => {
    const body = Buffer.concat([
      Buffer.from([layout]),
      Buffer.alloc(8),
      Buffer.from([0]),
      Buffer.alloc(4),
      Buffer.from('script\0'),
      Buffer.from([0]),
      Buffer.alloc(8 + 3),
      Buffer.from('no name\0' + '13.0\0'),
      Buffer.from([0, world.maxPlayers, world.players.length]),
    ]);
    const head = Buffer.from([0, 0, answer]);
    head.writeUInt16LE(head.length + body.length);
    return Buffer.concat([head, body]);
  };
  const fake: FakeGame = {
    via: 'query',
    password: null,
    world,
    mode: 'well',
    done: [],
    ...(await listenTcp(
      () => fake.mode,
      (caller) => {
        caller.socket.on('data', (asked: Buffer) => {
          if (asked[2] === question) caller.answer(told());
        });
      },
    )),
  };
  return fake;
};
