import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { listenTcp, type Caller } from './listeners.js';

function packet(type: number, body: Buffer | string): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(3);
  head.writeUInt16LE(bytes.length + 3);
  head.writeUInt8(type, 2);
  return Buffer.concat([head, bytes]);
}

const line = (text: string): Buffer => packet(120, `\x08\0${text}\0`);

/** OpenTTD's port for administrators; packets that nobody has asked for come in between. */
export const openttdAdmin: MakeFake = async () => {
  const world: FakeWorld = { players: [{ name: "bot 'a'", id: '3' }], maxPlayers: 25 };
  const done: string[] = [];
  const password = 'admin-word';

  const carryOut = (asked: string): Buffer[] => {
    const [word = '', id = ''] = asked.split(' ');
    const text = /^say "(.*)"$/.exec(asked)?.[1];
    if (asked === 'clients') {
      const others = world.players.map(({ name, id: number }) =>
        line(`Client #${number ?? '?'}  name: '${name}'  company: 1  IP: 127.0.0.1`),
      );
      return [line("Client #1  name: 'Unnamed Client'  company: 255  IP: server"), ...others];
    }
    if (asked === 'server_info') {
      const count = `${world.players.length}/ ${world.maxPlayers}`;
      return [line('Invite code:                '), line(`Current/maximum clients:      ${count}`)];
    }
    if (asked === 'save panel') {
      done.push('save');
      return [line('Saving map...'), line("Map successfully saved to 'panel.sav'.")];
    }
    if (text !== undefined) done.push(`announce ${text}`);
    else if (word === 'kick' || word === 'ban') done.push(`${word} ${id}`);
    else done.push(asked === 'quit' ? 'end' : `say ${asked}`);
    return [];
  };

  const hear = (type: number, texts: string[], { socket, answer }: Caller): void => {
    const [first = ''] = texts;
    if (type === 0 && first !== password) {
      answer(packet(102, Buffer.from([10])));
      if (fake.mode === 'well') socket.end();
    } else if (type === 0) {
      const frequencies = packet(103, Buffer.from([2, 1, 0, 0, 0x3f, 0, 0]));
      answer(Buffer.concat([frequencies, packet(104, 'probe\x0013.0\0')]));
    } else if (type === 5) {
      const told = carryOut(first);
      if (first === 'quit' && fake.mode === 'well') socket.end(packet(106, ''));
      else answer(Buffer.concat([packet(107, '\x21\xde\x0a\0'), ...told, packet(125, `${first}\0`)]));
    }
  };

  const meet = (caller: Caller): void => {
    let held: Buffer = Buffer.alloc(0);
    caller.socket.on('end', () => caller.socket.end());
    caller.socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 3 && held.length >= held.readUInt16LE()) {
        const whole = held.subarray(0, held.readUInt16LE());
        held = held.subarray(whole.length);
        hear(whole[2] ?? 0, whole.toString('utf8', 3).split('\0'), caller);
      }
    });
  };
  const fake: FakeGame = {
    via: 'admin',
    password,
    world,
    mode: 'well',
    done,
    ...(await listenTcp(() => fake.mode, meet)),
  };
  return fake;
};
