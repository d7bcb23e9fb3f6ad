import type { StopStep } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import { StopRun, type StopOptions, type StopTarget } from './stopRun.js';

export interface StopperParts {
  readonly id: string;
  readonly target: StopTarget;
  /** Resolves when a start that is under way has a process or has failed. */
  spawned(): Promise<void>;
  note(change: { intent?: 'run' | 'stop'; stopSent?: boolean }): void;
  cancelled(): void;
  /** It still runs, and must not be killed. */
  timedOut(): void;
}

/** At most one stop of a server at a time; who asks again joins it. */
export class Stopper {
  private current: { run: StopRun; done: Promise<void> } | undefined;

  constructor(private readonly parts: StopperParts) {}

  get isRunning(): boolean {
    return this.current !== undefined;
  }

  /** Resolves with what was done when the process has ended; rejects stop-timeout, or cancelled. */
  async stop(options: StopOptions): Promise<StopStep[]> {
    if (this.current !== undefined && options.countdownSeconds <= 0) this.hurry();
    const { run, done } = this.current ?? this.begin(options);
    await done;
    return run.steps;
  }

  /** Resolves when the server runs on. Rejects not-running where no stop is under way, busy when the game has been told. */
  async cancel(): Promise<void> {
    if (this.current === undefined) throw new Failure('not-running', { id: this.parts.id });
    const { run, done } = this.current;
    if (!run.cancel()) throw new Failure('busy', { id: this.parts.id, state: 'stopping' });
    await done.catch(() => undefined);
  }

  /** Cuts a countdown short. */
  hurry(): void {
    this.current?.run.hurry();
  }

  private begin(options: StopOptions): { run: StopRun; done: Promise<void> } {
    const { parts } = this;
    const run = new StopRun(parts.target, options);
    parts.note({ intent: 'stop', stopSent: options.onlyWait });
    const done = parts
      .spawned()
      .then(() => (parts.target.isGone() ? undefined : run.run()))
      .catch((error: unknown) => {
        if (Failure.is(error, 'cancelled')) {
          parts.note({ intent: 'run' });
          parts.cancelled();
        }
        if (Failure.is(error, 'stop-timeout')) parts.timedOut();
        throw error;
      })
      .finally(() => {
        this.current = undefined;
      });
    this.current = { run, done };
    return this.current;
  }
}
