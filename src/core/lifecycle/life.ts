import type { Log } from '../ports.js';
import type { RecordKeeper } from './record.js';
import { processOf, step, type Exit, type Lifecycle, type LifecycleEvent, type Running } from './state.js';

export interface LifeParts {
  readonly id: string;
  readonly keeper: RecordKeeper;
  readonly log: Log;
  /** The state is another than before, by what has just happened. */
  changed(before: Lifecycle, by: LifecycleEvent): void;
}

/** Where a server is in its life, noted on disk with every step. The only place that calls the pure step function. */
export class Life {
  private current: Lifecycle = { at: 'stopped', since: Date.now(), exit: null };

  constructor(private readonly parts: LifeParts) {}

  get state(): Lifecycle {
    return this.current;
  }

  get process(): Running | null {
    return processOf(this.current);
  }

  /** How it last ended; null while it runs. */
  get exit(): Exit | null {
    return 'exit' in this.current ? this.current.exit : null;
  }

  /** It has a process, or is about to have one. */
  get isLive(): boolean {
    return this.process !== null || this.current.at === 'starting' || this.current.at === 'restarting';
  }

  /** Goes on from where an earlier core was: nothing has happened now. */
  resume(state: Lifecycle): void {
    this.current = state;
  }

  dispatch(event: LifecycleEvent): void {
    const { id, keeper, log } = this.parts;
    const before = this.current;
    this.current = step(before, event, Date.now());
    if (this.current === before) return;
    const told = { id, event: event.is, pid: this.process?.pid ?? null, ...this.exit };
    log.write('info', 'lifecycle', `${before.at} → ${this.current.at}`, told);
    if (event.is === 'spawned' && event.process.priorityRefused) {
      log.write('warn', 'priority', 'runs at normal priority: the system allows none above it', { id });
    }
    const wasUp = before.at === 'running' || (before.at === 'stopping' && (keeper.current?.isUp ?? false));
    const isUp = this.current.at === 'running' || (this.current.at === 'stopping' && wasUp);
    if (keeper.current !== undefined) keeper.note({ isUp, since: this.current.since });
    this.parts.changed(before, event);
  }
}
