import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { flushed, log } from './log.js';
import type { WorldMap } from './work.js';

const trace = ['World.moveEntity (world.ts:412)', 'Chunk.tick (chunk.ts:87)', 'World.tick (world.ts:133)'];

/** Dies as a game with a bug does, or with a code. Nothing is saved. */
export function crash(code: number | null): void {
  const reason = code === null ? 'segmentation fault at address 0x18' : `unexpected state (exit code ${code})`;
  log('ERROR', [`Fatal error: ${reason}`, ...trace.map((place) => `    at ${place}`)].join('\n'));
  flushed(() => {
    if (code !== null) process.exit(code);
    if (process.platform !== 'win32') process.kill(process.pid, 'SIGSEGV');
    process.abort();
  });
}

/** Never returns. Signals that have a handler are not seen any more either, so that only a kill helps. */
export function hang(busy: boolean): void {
  if (!busy) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  for (;;);
}

const mb = 1024 * 1024;
/** Large enough to go back to the system when it is freed, small enough that growing is smooth. */
const pieceBytes = 8 * mb;

export class Leak {
  private pieces: Buffer[] = [];
  private timer: NodeJS.Timeout | null = null;
  private owed = 0;

  /** Takes it now. Every byte is written, since memory that is not touched is not used. */
  take(bytes: number): void {
    try {
      for (let rest = Math.round(bytes); rest > 0; rest -= pieceBytes) {
        this.pieces.push(Buffer.alloc(Math.min(rest, pieceBytes), 1));
      }
    } catch (error) {
      log('ERROR', `Out of memory: ${String(error)}`);
    }
  }

  grow(mbPerMinute: number): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = setInterval(() => {
      this.owed += (mbPerMinute * mb) / 60;
      const whole = Math.floor(this.owed / mb) * mb;
      this.owed -= whole;
      this.take(whole);
    }, 1_000);
  }

  /** Gives it back at once, which garbage collection would do some time. */
  off(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    if (this.pieces.length === 0) return;
    this.pieces = [];
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  }
}

/** About a tenth of a second of work at a time. */
const spikeSteps = 20_000_000;

export class Spike {
  private until = 0;
  private running = false;

  constructor(private readonly map: WorldMap) {}

  start(seconds: number): void {
    this.until = Date.now() + seconds * 1_000;
    if (!this.running) this.turn();
  }

  stop(): void {
    this.until = 0;
  }

  private turn(): void {
    this.running = Date.now() < this.until;
    if (!this.running) return;
    this.map.run(spikeSteps);
    // One tick gets through for each of these, which is half of what is due.
    setImmediate(() => this.turn());
  }
}
