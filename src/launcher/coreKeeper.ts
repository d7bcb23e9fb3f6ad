import type { ChildProcess } from 'node:child_process';
import { coreEnvironment } from '../node/environment.js';
import { startDetached } from '../node/startDetached.js';
import type { CoreCommand } from '../shared/launcherProtocol.js';

const firstPauseMs = 200;
const budget = 3;
const windowMs = 10 * 60_000;
const latePauseMs = 5 * 60_000;

/**
 * Brings a core back that left unasked, so that restarts and alerts work at night with no window open: three times in
 * ten minutes at once, then every five minutes.
 */
export class CoreKeeper {
  private command: CoreCommand | null = null;
  private released = false;
  private ended = false;
  private readonly starts: number[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** Started here, and not heard of yet. */
  private awaited: ChildProcess | undefined;

  connected(command: CoreCommand | null): void {
    this.awaited = undefined;
    this.command = command;
    this.released = false;
    this.cancel();
  }

  release(): void {
    this.released = true;
  }

  /** The core's connection has ended. */
  disconnected(): void {
    if (!this.released) this.schedule();
  }

  /** No core is started any more. */
  end(): void {
    this.ended = true;
    this.cancel();
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(): void {
    if (this.ended || this.command === null || this.timer !== undefined) return;
    const now = Date.now();
    while (this.starts[0] !== undefined && this.starts[0] < now - windowMs) this.starts.shift();
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.start();
      },
      this.starts.length < budget ? firstPauseMs : latePauseMs,
    );
  }

  private start(): void {
    if (this.command === null) return;
    this.starts.push(Date.now());
    const { exec, args, cwd } = this.command;
    const core = startDetached(exec, args, cwd, coreEnvironment(process.env));
    this.awaited = core;
    core.once('error', () => {
      this.schedule();
    });
    // Until it has said hello, an early end counts as another departure; after that the connection tells.
    core.once('exit', (code) => {
      const anotherOwns = code === 3;
      if (this.awaited === core && !anotherOwns && !this.released) this.schedule();
    });
  }
}
