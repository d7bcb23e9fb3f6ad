import type { FakeGame, FakeWorld } from './fakeGame.js';
import { rconFake } from './rconFake.js';

/**
 * vanilla: 26.3, which puts what it says in one answer without anything between; old: 1.12; forge: 1.16 with Forge; paper:
 * 1.16 of Paper, before it had `tick query`; essentials: a new Paper with EssentialsX.
 */
export type MinecraftStyle = 'vanilla' | 'old' | 'forge' | 'paper' | 'essentials';

const lists: Readonly<Record<MinecraftStyle, (names: string[], max: number) => string>> = {
  vanilla: (names, max) => `There are ${names.length} of a max of ${max} players online: ${names.join(', ')}`,
  old: (names, max) => `There are ${names.length}/${max} players online:${names.join(', ')}`,
  forge: (names, max) => `There are ${names.length} of a max of ${max} players online: ${names.join(', ')}`,
  paper: (names, max) => `There are ${names.length} of a max of ${max} players online: ${names.join(', ')}\n`,
  essentials: (names, max) =>
    `§6There are §c${names.length}§6 out of maximum §c${max}§6 players online.\n` +
    (names.length === 0 ? '' : `§6default§r: ${names.map((name) => `${name}§f`).join(', ')}\n`),
};

const unknown: Readonly<Record<MinecraftStyle, (line: string) => string>> = {
  vanilla: (line) => `Unknown or incomplete command. See below for error${line}<--[HERE]`,
  old: () => 'Unknown command. Try /help for a list of commands',
  forge: (line) => `Unknown or incomplete command, see below for error${line}<--[HERE]`,
  paper: () => 'Unknown command. Type "/help" for help.\n',
  essentials: (line) => `Unknown or incomplete command. See below for error\n${line}<--[HERE]\n`,
};

function ticks(style: MinecraftStyle, line: string, { tickRate = 20, frameTime = 3.2 }: FakeWorld): string | undefined {
  const end = style === 'vanilla' ? '' : '\n';
  if (line === 'tick query' && (style === 'vanilla' || style === 'essentials')) {
    return [
      'The game is running normally',
      `Target tick rate: 20.0 per second.\nAverage time per tick: ${frameTime.toFixed(1)}ms (Target: 50.0ms)`,
      'Percentiles: P50: 3.1ms P95: 4.0ms P99: 6.2ms. Sample: 100',
    ]
      .map((text) => text + end)
      .join('');
  }
  const rate = tickRate.toFixed(1);
  if (line === 'tps' && style === 'paper') return `§6TPS from last 1m, 5m, 15m: §a${rate}§r, §a*20.0§r, §a*20.0\n`;
  if (line !== 'forge tps' || style !== 'forge') return undefined;
  return (
    'Dim minecraft:overworld (minecraft:overworld): Mean tick time: 0.654 ms. Mean TPS: 19.000' +
    `Overall: Mean tick time: ${frameTime.toFixed(3)} ms. Mean TPS: ${tickRate.toFixed(3)}`
  );
}

/** What it does to players, by the command: what it calls that, and what it says. */
const orders: Readonly<Record<string, { readonly is: string; said(name: string, why: string): string }>> = {
  kick: { is: 'kick', said: (name, why) => `Kicked ${name}: ${why || 'Kicked by an operator'}` },
  ban: { is: 'ban', said: (name, why) => `Banned ${name}: ${why || 'Banned by an operator'}` },
  pardon: { is: 'unban', said: (name) => `Unbanned ${name}` },
};

function obey(style: MinecraftStyle, line: string, world: FakeWorld, done: string[]): string {
  const [word = '', first = '', ...rest] = line.split(' ');
  const order = Object.hasOwn(orders, word) ? orders[word] : undefined;
  if (order !== undefined) {
    const isThere = world.players.some(({ name }) => name === first);
    if (word === 'kick' && !isThere) return 'No player was found';
    done.push(`${order.is} ${first}`);
    if (word !== 'pardon') world.players = world.players.filter(({ name }) => name !== first);
    return order.said(first, rest.join(' '));
  }
  if (line === 'save-all flush') {
    done.push('save');
    if (style === 'old') return 'Saving...Saved the world';
    return ['Saving the game (this may take a moment!)', 'Saved the game'].join(style === 'vanilla' ? '' : '\n');
  }
  if (line === 'stop') {
    done.push('end');
    return 'Stopping the server';
  }
  if (word !== 'say') return unknown[style](line);
  done.push(`announce ${line.slice('say '.length)}`);
  return '';
}

/** Minecraft over RCON, with its answers as one of the servers words them. */
export async function minecraftRcon(style: MinecraftStyle = 'vanilla'): Promise<FakeGame> {
  const world: FakeWorld = { players: [], maxPlayers: 20, tickRate: 20, frameTime: 3.2 };
  return await rconFake(
    'minecraft',
    world,
    (line, now, done) => {
      if (line !== 'list') return ticks(style, line, now) ?? obey(style, line, now, done);
      return lists[style](
        now.players.map(({ name }) => name),
        now.maxPlayers,
      );
    },
    'stop',
  );
}
