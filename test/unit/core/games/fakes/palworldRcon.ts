import { fakeRcon, packet } from '../support/rconServer.js';
import type { FakeGame, FakeMode, FakeWorld } from './fakeGame.js';

/** Palworld's RCON; what else the tests want to know of it. */
export interface FakePalworldRcon extends FakeGame {
  readonly via: 'rcon';
  readonly password: string;
  /** Lines as they came. */
  readonly heard: readonly string[];
}

/** What it says to a line, and what it does over it in a fake's words. */
function carryOut(line: string, world: FakeWorld): { reply: string; done?: string } {
  // Nothing behind the second space has ever been seen by anybody.
  const [command = '', first = ''] = line.split(' ');
  switch (command.toLowerCase()) {
    case 'showplayers': {
      const rows = world.players.map(({ name, id }, index) => `${name},${1_000_000_001 + index},${id ?? ''}\n`);
      return { reply: `name,playeruid,steamid\n${rows.join('')}` };
    }
    case 'info':
      return { reply: 'Welcome to Pal Server[v0.7.2] Fake' };
    case 'save':
      return { reply: 'Complete Save', done: 'save' };
    case 'broadcast':
      return { reply: `Broadcasted: ${first}`, done: `announce ${first}` };
    case 'shutdown':
      return { reply: `The server will shut down in ${first} seconds. Please prepare to exit the game.`, done: 'end' };
    case 'kickplayer':
      return { reply: `Kicked: ${first}`, done: `kick ${first}` };
    case 'banplayer':
      return { reply: `Baned: ${first}`, done: `ban ${first}` };
    case 'unbanplayer':
      return { reply: `Unbanned: ${first}`, done: `unban ${first}` };
    default:
      return { reply: 'Unknown command', done: `say ${line}` };
  }
}

/** A Palworld server's RCON, as those who use it describe it. */
export async function makePalworldRcon(): Promise<FakePalworldRcon> {
  const password = 'swordfish';
  const timers = new Set<NodeJS.Timeout>();
  const say = (line: string): string | Buffer | null => {
    const { reply, done } = carryOut(line, fake.world);
    if (done !== undefined) fake.done.push(done);
    return fake.mode === 'well' ? reply : misbehave(fake.mode, reply);
  };
  const misbehave = (mode: FakeMode, reply: string): Buffer | null => {
    if (mode === 'garbage') return Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28]);
    const socket = server.sessions.at(-1)?.socket;
    const whole = packet(0, 0, reply);
    if (mode === 'reset') socket?.resetAndDestroy();
    else if (mode === 'halfClosed') socket?.end(whole.subarray(0, whole.length - 3));
    else if (mode === 'huge') socket?.write(packet(0, 0, Buffer.alloc(10_000_000, 'x')));
    else if (mode === 'slow') {
      const bytes = [...packet(0, 0, reply.padEnd(1000))];
      timers.add(setInterval(() => socket?.write(Buffer.of(bytes.shift() ?? 0)), 50));
    }
    return null;
  };
  const server = await fakeRcon('palworld', { password, say });
  const fake = {
    ...{ via: 'rcon' as const, port: server.port, password, mode: 'well' as FakeMode },
    world: { players: [], maxPlayers: 32 } as FakeWorld,
    ...{ done: [] as string[], heard: server.heard },
    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await server.close();
    },
  };
  return fake;
}
