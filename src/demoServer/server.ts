import type { FileHandle } from 'node:fs/promises';
import type { Server } from 'node:net';
import { performance } from 'node:perf_hooks';
import { maxPlayers, type Options } from './args.js';
import { helpLines, parseCommand, type Command } from './commands.js';
import { log } from './log.js';
import { crash, hang, Leak, Spike } from './mischief.js';
import { PlayerProcess, smallTalk, type PlayerEvent } from './players.js';
import { seeded } from './random.js';
import { Saver } from './saver.js';
import { listen } from './statusPort.js';
import { startTicks, tickMs, type TickLoop } from './tickLoop.js';
import { stepsPerPlayer, stepsPerTick, WorldMap } from './work.js';
import { saveWorld, type WorldData } from './world.js';

const ticksPerDay = 24_000;
/** One tick in this many has somebody say something: twice a minute. */
const ticksPerTalk = 600;

const regionBytes = 64 * 1024;
const regionCount = 48;
const regionsPerSync = 8;
/** A save works about as long as it writes: 48 times three milliseconds, with ticks between. */
const stepsPerRegion = 600_000;

/** The game. Made when the world is loaded; `start` opens it to players, `stop` ends it. */
export class GameServer {
  private readonly map: WorldMap;
  private readonly players: PlayerProcess;
  private readonly talk;
  private readonly saver = new Saver(() => this.saveOnce());
  private readonly leak = new Leak();
  private readonly spike: Spike;
  private autosave: NodeJS.Timeout | null = null;
  private ticks: TickLoop | null = null;
  private port: Server | null = null;
  private stopping = false;
  private slowStopSeconds = 0;
  /** The tick this session is at, from its start. */
  private sessionTick = 0;

  constructor(
    private readonly options: Options,
    private readonly world: WorldData,
    private readonly ended: (saved: boolean) => void,
  ) {
    this.map = new WorldMap(world.blocks);
    this.players = new PlayerProcess(options.players, options.seed);
    this.talk = seeded(options.seed + 1);
    this.spike = new Spike(this.map);
  }

  /** Rejects when the port cannot be had. */
  async start(): Promise<void> {
    if (this.options.port > 0) this.port = await listen(this.options.port, () => this.status());
    log('INFO', 'Preparing spawn area');
    // Also lets the engine compile what runs at each tick, before there are ticks to be late.
    this.map.run(50 * stepsPerTick);
    this.ticks = startTicks(
      (index) => this.tick(index),
      ({ ms, ticks }) => log('WARN', `Can't keep up! Running ${ms} ms behind, skipping ${ticks} ticks`),
    );
    const every = this.options.saveEverySeconds * 1_000;
    if (every > 0) this.autosave = setInterval(() => this.saveIfIdle(), every);
    log('INFO', `Ready for players on port ${this.options.port}`);
  }

  /** In an orderly way, and once. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    log('INFO', 'Stopping server');
    if (this.autosave !== null) clearInterval(this.autosave);
    if (this.slowStopSeconds > 0) await new Promise((done) => setTimeout(done, this.slowStopSeconds * 1_000));
    this.tell(this.players.hold(0));
    const saved = await this.saver.save();
    this.ticks?.stop();
    this.spike.stop();
    this.leak.off();
    this.port?.close();
    log(saved ? 'INFO' : 'ERROR', saved ? 'Server stopped' : 'Server stopped without saving');
    this.ended(saved);
  }

  run(line: string): void {
    const command = parseCommand(line);
    switch (command.do) {
      case 'nothing':
        return;
      case 'stop':
        return void this.stop();
      case 'save':
        return void this.saver.save();
      case 'list': {
        const { online } = this.players;
        return log('INFO', `There are ${online.length} of a max of ${maxPlayers} players online: ${online.join(', ')}`);
      }
      case 'tps':
        return log('INFO', this.pace());
      case 'players':
        return this.setPlayers(command.count);
      case 'say':
        return log('INFO', `[Server] ${command.text}`);
      case 'crash':
        return crash(command.code);
      case 'hang':
        return hang(command.busy);
      case 'leak':
        return this.setLeak(command);
      case 'spike':
        return this.spike.start(command.seconds);
      case 'slowstop':
        this.slowStopSeconds = command.seconds;
        return log('INFO', `The next stop takes ${command.seconds} s`);
      case 'help':
        return log('INFO', ['Commands:', ...helpLines].join('\n'));
      case 'usage':
        return log('INFO', command.text);
      case 'unknown':
        return log('INFO', 'Unknown command. Type "help" for help.');
    }
  }

  private tick(index: number): void {
    // By the index and not by the clock: the same seed does the same at the same tick.
    this.sessionTick = index;
    if (!this.stopping) this.tell(this.players.advance(index * tickMs));
    this.map.run(stepsPerTick + this.players.online.length * stepsPerPlayer);
    this.world.tick++;
    this.world.day = 1 + Math.floor(this.world.tick / ticksPerDay);
    if (this.talk() * ticksPerTalk < 1) {
      const said = smallTalk(this.talk, this.players.online);
      if (said !== undefined) log('INFO', said);
    }
  }

  private tell(events: readonly PlayerEvent[]): void {
    for (const { kind, name } of events) {
      if (kind === 'join' && !this.world.players.includes(name)) this.world.players.push(name);
      log('INFO', `${name} ${kind === 'join' ? 'joined' : 'left'} the game`);
    }
  }

  private setPlayers(count: number | 'auto'): void {
    // Nobody comes while it is stopping.
    if (this.stopping) return;
    if (count === 'auto') this.players.release(this.sessionTick * tickMs);
    else this.tell(this.players.hold(count));
  }

  private setLeak({ mb, perMinute }: Extract<Command, { do: 'leak' }>): void {
    if (mb === 0) this.leak.off();
    else if (perMinute) this.leak.grow(mb);
    else this.leak.take(mb * 1024 * 1024);
  }

  private saveIfIdle(): void {
    // A slow disk must not make a queue of autosaves.
    if (!this.saver.busy) void this.saver.save();
  }

  private async saveOnce(): Promise<boolean> {
    const begin = performance.now();
    log('INFO', 'Saving world');
    const { world } = this;
    // What is written is the world as it is now, not as it becomes while it is being written.
    const copy = { ...world, saves: world.saves + 1, savedAt: Date.now(), blocks: this.map.checksum };
    copy.players = [...world.players];
    try {
      const bytes = await saveWorld(this.options.world, copy, (file) => this.writeRegions(file));
      world.saves = copy.saves;
      world.savedAt = copy.savedAt;
      const took = Math.round(performance.now() - begin);
      log('INFO', `World saved in ${took} ms (${(bytes / 1024 / 1024).toFixed(1)} MB)`);
      return true;
    } catch (error) {
      log('ERROR', `Save failed: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  private async writeRegions(file: FileHandle): Promise<number> {
    const words = new Uint32Array(regionBytes / 4);
    const bytes = Buffer.from(words.buffer);
    for (let region = 1; region <= regionCount; region++) {
      this.map.fillRegion(words, stepsPerRegion);
      await file.writeFile(bytes);
      if (region % regionsPerSync === 0) await file.sync();
    }
    return regionCount * regionBytes;
  }

  private pace(): string {
    if (this.ticks === null) return 'Not ticking';
    const { tps, tick, late } = this.ticks.stats.summary(performance.now());
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const ticks = `TPS from last 1m: ${tps.toFixed(1)}, mean tick ${ms(tick.mean)}, p99 ${ms(tick.p99)}`;
    return `${ticks}, mean lateness ${ms(late.mean)}, p99 ${ms(late.p99)}, max ${ms(late.max)}`;
  }

  private status() {
    const tps = this.ticks?.stats.summary(performance.now()).tps ?? 0;
    const players = this.players.online.length;
    return { name: 'Demo server', players, max: maxPlayers, tps: Math.round(tps * 10) / 10 };
  }
}
