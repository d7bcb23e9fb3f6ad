import { messageOf } from '../../../shared/failure.js';
import type { Answer, NumbersSource } from './numbers.js';

const deadlineMs = 5000;
/** Timers may come a little early. */
const slackMs = 50;

/** Asks for the numbers of other processes: never twice at once, never more often than is allowed. */
export class Poller {
  /** The last one. */
  answer: Answer | undefined;
  /** Times that it failed or was late, since it last succeeded. */
  failures = 0;
  /** Why it failed the last time. */
  reason: string | null = null;
  private isAsking = false;
  private askedAt = -Infinity;

  constructor(
    private readonly source: NumbersSource,
    private readonly everyMs: number,
    private readonly waitMs = deadlineMs,
  ) {}

  /**
   * Resolves when there is an answer, or at once where it is too early for one, or after the deadline: what comes later than
   * that is an answer still. Never rejects.
   */
  async refresh(pids: readonly number[]): Promise<void> {
    if (pids.length === 0 || performance.now() - this.askedAt < this.everyMs - slackMs) return;
    if (this.isAsking) {
      this.fail('no answer yet');
      return;
    }
    this.isAsking = true;
    this.askedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.fail(`no answer within ${this.waitMs / 1000} s`);
        resolve();
      }, this.waitMs);
    });
    await Promise.race([this.ask(pids), late]);
    clearTimeout(timer);
  }

  private async ask(pids: readonly number[]): Promise<void> {
    try {
      const processes = await this.source.ask(pids);
      this.answer = { processes, at: performance.now(), wallAt: Date.now() };
      this.failures = 0;
      this.reason = null;
    } catch (error) {
      this.fail(messageOf(error));
    } finally {
      this.isAsking = false;
    }
  }

  private fail(reason: string): void {
    this.failures += 1;
    this.reason = reason;
  }
}
