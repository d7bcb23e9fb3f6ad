import type { FakeGame, FakeWorld } from './fakeGame.js';
import { rconFake } from './rconFake.js';

const orders: Readonly<Record<string, { readonly is: string; readonly said: string }>> = {
  KickPlayer: { is: 'kick', said: 'Kicked' },
  BanPlayer: { is: 'ban', said: 'Banned' },
  UnbanPlayer: { is: 'unban', said: 'Unbanned' },
};
/** What it says where a command has no answer of its own. */
const received = 'Server received, But no response!! \n ';

function answer(line: string, world: FakeWorld, done: string[]): string {
  const space = line.indexOf(' ');
  const [word, rest] = space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
  const order = Object.hasOwn(orders, word) ? orders[word] : undefined;
  if (order !== undefined) {
    done.push(`${order.is} ${rest}`);
    if (word !== 'UnbanPlayer') world.players = world.players.filter(({ id }) => id !== rest);
    return `${rest} ${order.said} \n `;
  }
  switch (word) {
    case 'ListPlayers':
      if (world.players.length === 0) return 'No Players Connected \n ';
      return world.players.map(({ name, id }, at) => `${at}. ${name}, ${id ?? ''} \n`).join('') + ' ';
    case 'SaveWorld':
      done.push('save');
      return 'World Saved \n ';
    case 'DoExit':
      done.push('end');
      return 'Exiting... \n ';
    case 'Broadcast':
      done.push(`announce ${rest}`);
      return received;
    default:
      done.push(`say ${line}`);
      return received;
  }
}

/** ARK over RCON; Survival Evolved and Survival Ascended speak alike. */
export async function arkRcon(): Promise<FakeGame> {
  return await rconFake('ark', { players: [], maxPlayers: 70 }, answer, 'DoExit');
}
