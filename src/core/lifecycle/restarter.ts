import { messageOf } from '../../shared/failure.js';
import type { Log } from '../ports.js';
import { decide, recentAttempts, type Decision, type RestartRules } from './restartBudget.js';
import type { Exit } from './state.js';

export interface RestarterParts {
  readonly id: string;
  readonly log: Log;
  rules(): RestartRules;
  attempts(): readonly number[];
  /** To be remembered across cores. */
  note(change: { restartAttempts?: number[]; restartAt?: number | null }): void;
  /** isKnown: an earlier core has planned it. */
  planned(nextAt: number, isKnown: boolean): void;
  gaveUp(used: number, windowSeconds: number): void;
  start(): Promise<unknown>;
}

/** Brings one server back after an end that nobody asked for, as often as its rules allow. */
export class Restarter {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: RestarterParts) {}

  /** Attempts within the window. */
  get used(): number {
    return recentAttempts(this.parts.rules(), this.parts.attempts(), Date.now()).length;
  }

  afterEnd(exit: Exit): void {
    this.follow(decide(this.parts.rules(), exit, this.parts.attempts(), Date.now()));
  }

  /** It hung, was ended for that, and is to come back under any policy: within the same attempts as after a crash. */
  afterHang(exit: Exit): void {
    const rules: RestartRules = { ...this.parts.rules(), policy: 'on-crash' };
    this.follow(decide(rules, { ...exit, cause: 'crash' }, this.parts.attempts(), Date.now()));
  }

  private follow(decision: Decision): void {
    const { parts } = this;
    if (decision.is === 'restart') this.plan(decision.at);
    if (decision.is === 'give-up') {
      parts.log.write('warn', 'lifecycle', 'not restarted again: too many attempts', { id: parts.id, used: this.used });
      parts.gaveUp(this.used, parts.rules().windowSeconds);
    }
  }

  plan(nextAt: number, isKnown = false): void {
    this.cancel();
    this.parts.note({ restartAt: nextAt });
    this.parts.planned(nextAt, isKnown);
    this.timer = setTimeout(() => void this.run(), Math.max(0, nextAt - Date.now()));
  }

  /** Nothing is planned any more. */
  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.parts.note({ restartAt: null });
  }

  /** A person has taken over: what was tried before does not count. */
  clear(): void {
    this.cancel();
    this.parts.note({ restartAttempts: [] });
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    const { parts } = this;
    this.timer = undefined;
    const now = Date.now();
    // Noted before the start: one that takes the core down with it must count too.
    parts.note({ restartAt: null, restartAttempts: [...recentAttempts(parts.rules(), parts.attempts(), now), now] });
    try {
      await parts.start();
    } catch (error) {
      parts.log.write('warn', 'lifecycle', 'restart failed', { id: parts.id, error: messageOf(error) });
    }
  }
}
