import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { listenTcp } from './listeners.js';

function frame(code: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(body.length);
  head.writeUInt16BE(code, 2);
  return Buffer.concat([head, body]);
}

function shorts(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => bytes.writeUInt16BE(value, at * 2));
  return bytes;
}

function player(number: number, type: number, team: number, name: string): Buffer {
  const texts = Buffer.alloc(160);
  texts.write(name);
  texts.write('motto', 32);
  return frame(0x6170, Buffer.concat([Buffer.from([number]), shorts(type, team, 0, 0, 0), texts]));
}

/** bzfs 2.4: its greeting, then the answers to both questions. Someone watches, and a robot plays. */
export const bzflagQuery: MakeFake = async () => {
  const world: FakeWorld = { players: [{ name: 'two words', id: null }], maxPlayers: 20 };
  const game = (): Buffer =>
    frame(
      0x7167,
      shorts(0, 24, world.maxPlayers, 1, world.players.length + 1, 0, 0, 0, 0, 1, ...Array<number>(11).fill(0)),
    );
  const list = (): Buffer => {
    const people = world.players.map(({ name }, at) => player(at, 0, 1, name));
    const others = [player(40, 0, 5, 'watcher'), player(41, 1, 2, 'robot')];
    const teams = frame(0x7475, Buffer.concat([Buffer.from([5]), Buffer.alloc(40)]));
    return Buffer.concat([frame(0x7170, shorts(5, people.length + others.length)), teams, ...people, ...others]);
  };
  const fake: FakeGame = {
    via: 'query',
    password: null,
    world,
    mode: 'well',
    done: [],
    ...(await listenTcp(
      () => fake.mode,
      ({ socket, answer }) => {
        let held: Buffer = Buffer.alloc(0);
        socket.on('data', (chunk: Buffer) => {
          held = Buffer.concat([held, chunk]);
          for (;;) {
            const text = held.toString('latin1');
            const said = ['BZFLAG\r\n\r\n', '\0\0qg', '\0\0qp'].find((known) => text.startsWith(known));
            if (said === undefined) return;
            held = held.subarray(said.length);
            // The time of the game comes in between, asked or not.
            if (said === '\0\0qg') answer(Buffer.concat([frame(0x6774, Buffer.alloc(8)), game()]));
            else answer(said === '\0\0qp' ? list() : Buffer.from('BZFS0221\0', 'latin1'));
          }
        });
        socket.on('end', () => socket.end());
      },
    )),
  };
  return fake;
};
