import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { listenUdp } from './listeners.js';

const token = Buffer.from([9, 8, 7, 6]);
const zero = (text: string): Buffer => Buffer.from(`${text}\0`);

/** Seven bits a byte, six in the first. Only what is needed here: nothing below zero. */
function packed(value: number): Buffer {
  const bytes = [value & 0x3f];
  for (let left = value >> 6; left > 0; left >>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(left & 0x7f);
  }
  return Buffer.from(bytes);
}

/** Answers version 0.7's question as the server does: to those alone who repeat its token. One bot is with the players. */
export const teeworldsQuery: MakeFake = async () => {
  const world: FakeWorld = { players: [{ name: 'nameless tee', id: null }], maxPlayers: 16 };
  const client = (name: string, kind: number): Buffer =>
    Buffer.concat([zero(name), zero('clan'), packed(276), packed(2), packed(kind)]);
  const answer = (asked: Buffer): Buffer | null => {
    if (asked[0] === 0x04 && asked.length >= 519) {
      const theirs = asked.subarray(8, 12);
      return Buffer.concat([Buffer.from([0x04, 0, 0]), theirs, Buffer.from([0x05]), token]);
    }
    const isAsked =
      asked[0] === 0x21 && asked.subarray(1, 5).equals(token) && asked.toString('latin1', 13, 17) === 'gie3';
    if (!isAsked) return null;
    return Buffer.concat([
      Buffer.from([0x21]),
      asked.subarray(5, 9),
      token,
      Buffer.from([0xff, 0xff, 0xff, 0xff, ...Buffer.from('inf3')]),
      asked.subarray(17),
      ...['0.7.5', 'probe', '', 'dm1', 'DM'].map(zero),
      ...[0, 1, world.players.length, 8, world.players.length, world.maxPlayers].map(packed),
      ...world.players.map(({ name }) => client(name, 0)),
      client('bot', 2),
    ]);
  };
  const fake: FakeGame = {
    via: 'query',
    password: null,
    world,
    mode: 'well',
    done: [],
    ...(await listenUdp(() => fake.mode, answer)),
  };
  return fake;
};
