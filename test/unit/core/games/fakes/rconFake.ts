import { fakeRcon, packet, type FakeGame as Dialect, type FakeRcon } from '../support/rconServer.js';
import type { FakeGame, FakeMode, FakeWorld } from './fakeGame.js';

/** What a game does about one line. It notes in `done` what it was told to do. */
export type Answer = (line: string, world: FakeWorld, done: string[]) => string;

/** No deadline is as long. */
const slowMs = 120_000;
const hugeBytes = 10 * 1024 * 1024;

class RconFake implements FakeGame {
  readonly via = 'rcon';
  readonly password = 'swordfish';
  readonly done: string[] = [];
  mode: FakeMode = 'well';
  private readonly timers = new Set<NodeJS.Timeout>();
  private garbled = 0;
  private rcon!: FakeRcon;

  constructor(
    readonly world: FakeWorld,
    private readonly answer: Answer,
    private readonly endLine: string,
  ) {}

  async open(dialect: Dialect): Promise<this> {
    this.rcon = await fakeRcon(dialect, { password: this.password, say: (line) => this.say(line) });
    return this;
  }

  get port(): number {
    return this.rcon.port;
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.rcon.close();
  }

  private say(line: string): string | Buffer | null | Promise<string> {
    switch (this.mode) {
      case 'well':
        return this.carryOut(line);
      case 'silent':
        return null;
      case 'slow':
        return new Promise((resolve) => {
          this.timers.add(setTimeout(resolve, slowMs, 'late'));
        });
      case 'halfClosed':
        this.socket?.end(packet(1, 0, 'There are').subarray(0, 15));
        return null;
      case 'reset':
        this.socket?.resetAndDestroy();
        return null;
      case 'garbage':
        return this.garbage();
      case 'huge':
        return 'x'.repeat(hugeBytes);
    }
  }

  private carryOut(line: string): string {
    const reply = this.answer(line, this.world, this.done);
    if (line === this.endLine) setImmediate(() => this.socket?.end());
    return reply;
  }

  /** No packets at all the first time, then no text in them. */
  private garbage(): Buffer | null {
    this.garbled += 1;
    if (this.garbled % 2 === 0) return Buffer.from([0xff, 0xfe, 0x31, 0x80, 0x2f, 0xc3]);
    this.socket?.write(Buffer.alloc(64, 0xff));
    return null;
  }

  private get socket() {
    return this.rcon.sessions.at(-1)?.socket;
  }
}

/** A game's RCON that can misbehave. endLine: what ends the game. */
export async function rconFake(dialect: Dialect, world: FakeWorld, answer: Answer, endLine: string): Promise<FakeGame> {
  return await new RconFake(world, answer, endLine).open(dialect);
}
