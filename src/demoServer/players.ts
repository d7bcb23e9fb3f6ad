import { maxPlayers } from './args.js';
import { pick, seeded, type Random } from './random.js';

const names = [
  ...['Aldric', 'BlazeFox', 'Cobalt', 'CreeperKing', 'DarkMoon', 'Dustin_77', 'EmberWolf', 'Fennec', 'FrostByte'],
  ...['GhostPepper', 'Grizzly', 'HexaGon', 'IronLeaf', 'JadeViper', 'Juniper', 'KaiTheBold', 'LunaTick', 'MapleSyrup'],
  ...['MinerMike', 'Mossy', 'NightOwl', 'Nova_x', 'OtterSpace', 'PixelPirate', 'Quill', 'RavenClawed', 'RedPanda42'],
  ...['RustyNail', 'SaltySeaDog', 'ShadowFern', 'Skylark', 'SneakyTofu', 'StormRider', 'TacoKnight', 'TinyTitan'],
  ...['Umbra', 'VelvetThunder', 'WanderingYak', 'Xylo', 'ZeroGravity'],
] as const;

export const playerNames: readonly string[] = names;

/** How long a player stays on average. Short for a game, so that somebody who looks on for a minute sees them change. */
export const meanStayMs = 180_000;
/** A player who is always there comes back after this time. */
const meanReturnMs = 5_000;

export interface PlayerEvent {
  readonly kind: 'join' | 'leave';
  readonly name: string;
}

/**
 * Who is there. Each of the 32 places is taken and left by itself, at rates that make the wanted average; the number
 * of players so varies as it does with people, and never leaves its bounds. The first players come soon after the start.
 */
export class PlayerProcess {
  private readonly random: Random;
  private readonly present: string[] = [];
  private readonly joinRate: number;
  private filling: boolean;
  private nextAt: number;

  /** Times are milliseconds since the server is ready. */
  constructor(
    private readonly average: number,
    seed: number,
  ) {
    this.random = seeded(seed);
    const share = average / maxPlayers;
    this.joinRate = Math.min(share / (1 - share) / meanStayMs, 1 / meanReturnMs);
    this.filling = average > 0;
    this.nextAt = average > 0 ? 1_000 + this.random() * 2_000 : Infinity;
  }

  get online(): readonly string[] {
    return this.present;
  }

  /** Everything that happened up to now. The same however often it is asked. */
  advance(now: number): PlayerEvent[] {
    const events: PlayerEvent[] = [];
    while (now >= this.nextAt) {
      events.push(this.filling || this.random() < this.joinShare() ? this.join() : this.leave());
      if (this.present.length >= Math.round(this.average)) this.filling = false;
      this.nextAt += this.gap();
    }
    return events;
  }

  /** Exactly so many from now on. */
  hold(count: number): PlayerEvent[] {
    this.nextAt = Infinity;
    const events: PlayerEvent[] = [];
    while (this.present.length < Math.min(count, maxPlayers)) events.push(this.join());
    while (this.present.length > count) events.push(this.leave());
    return events;
  }

  /** Come and go again. */
  release(now: number): void {
    this.filling = false;
    this.nextAt = this.average > 0 || this.present.length > 0 ? now + this.gap() : Infinity;
  }

  private rates(): { join: number; leave: number } {
    return {
      join: (maxPlayers - this.present.length) * this.joinRate,
      leave: this.present.length / meanStayMs,
    };
  }

  private joinShare(): number {
    const { join, leave } = this.rates();
    return join / (join + leave);
  }

  private gap(): number {
    if (this.filling) return (0.2 + 0.8 * this.random()) * Math.min(4_000, 20_000 / this.average);
    const { join, leave } = this.rates();
    return join + leave > 0 ? -Math.log(1 - this.random()) / (join + leave) : Infinity;
  }

  private join(): PlayerEvent {
    const absent = names.filter((name) => !this.present.includes(name));
    const name = pick(this.random, absent) ?? 'Steve';
    this.present.push(name);
    return { kind: 'join', name };
  }

  private leave(): PlayerEvent {
    const [name = ''] = this.present.splice(Math.floor(this.random() * this.present.length), 1);
    return { kind: 'leave', name };
  }
}

const said = ['hi all', 'gg', 'anyone near spawn?', 'brb', 'need wood', 'nice base!', 'lag?', 'who took my boat', 'o/'];
const met = ['was slain by a skeleton', 'fell from a high place', 'tried to swim in lava', 'found a diamond'];

/** What a player says or goes through: life in the log, without meaning. */
export function smallTalk(random: Random, online: readonly string[]): string | undefined {
  const name = pick(random, online);
  if (name === undefined) return undefined;
  return random() < 0.7 ? `<${name}> ${pick(random, said) ?? ''}` : `${name} ${pick(random, met) ?? ''}`;
}
