import { once } from 'node:events';
import net from 'node:net';
import type { FakeGame, FakeMode, FakeWorld } from './fakeGame.js';

/** Its own writing of packets, so that a mistake of the reader's is not made here too. */
function number(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** The answer to a question about the status. */
export function statusPacket(text: string): Buffer {
  const bytes = Buffer.from(text);
  const body = Buffer.concat([number(0), number(bytes.length), bytes]);
  return Buffer.concat([number(body.length), body]);
}

/** As a server words it; the sample has twelve names at most. */
export function statusText({ players, maxPlayers }: FakeWorld, more: object = {}): string {
  const sample = players.slice(0, 12).map(({ name }) => ({ name, id: '4566e69f-c907-48ee-8d71-d7ba5aa00d20' }));
  return JSON.stringify({
    version: { name: '1.21.4', protocol: 769 },
    players: { max: maxPlayers, online: players.length, ...(sample.length > 0 ? { sample } : {}) },
    description: { text: '§6A Minecraft Server 한국어' },
    favicon: `data:image/png;base64,${'A'.repeat(9000)}`,
    enforcesSecureChat: true,
    ...more,
  });
}

/** A greeting that asks for the status, then the question; what a ping would be is left unread. */
const isAsked = (bytes: Buffer): boolean => {
  const length = bytes[0] ?? 0;
  return bytes.length >= length + 3 && bytes[length] === 1 && bytes[length + 1] === 1 && bytes[length + 2] === 0;
};

/** A server that tells everybody how it is, as it is shown in the list of servers. */
export async function minecraftPing(): Promise<FakeGame> {
  const world: FakeWorld = { players: [], maxPlayers: 20 };
  const sockets = new Set<net.Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let mode: FakeMode = 'well';
  let garbled = 0;

  const drip = (socket: net.Socket, bytes: Buffer): void => {
    let at = 0;
    timers.add(setInterval(() => socket.write(bytes.subarray(at, ++at)), 1000));
  };
  const behave: Readonly<Record<FakeMode, (socket: net.Socket, packet: Buffer) => void>> = {
    well: (socket, packet) => socket.write(packet),
    silent: () => undefined,
    slow: drip,
    halfClosed: (socket, packet) => socket.end(packet.subarray(0, packet.length / 2)),
    reset: (socket) => socket.resetAndDestroy(),
    garbage: (socket) => {
      const all = [
        Buffer.alloc(64, 0xff),
        statusPacket('\ufffd\0{"players":'),
        statusPacket('{"players":{"online":"many","max":[]},"version":7}'),
        statusPacket('{"players":{"online":-1}}'),
      ];
      socket.write(all[garbled++ % all.length]!);
    },
    huge: (socket) => socket.write(statusPacket(`{"description":"${'x'.repeat(10 * 1024 * 1024)}"}`)),
  };
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
    let heard: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const before = isAsked(heard);
      heard = Buffer.concat([heard, chunk]);
      if (!before && isAsked(heard)) behave[mode](socket, statusPacket(statusText(world)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    via: 'query',
    port: (server.address() as net.AddressInfo).port,
    password: null,
    world,
    done: [],
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
