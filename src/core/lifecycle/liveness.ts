import type { Disposable } from '../ports.js';

const everyMs = 3000;
/** While somebody waits for the end of one. */
const eagerMs = 250;

interface Parts {
  /** Are there processes whose end nobody reports, and does somebody wait for the end of one? */
  wanted(): 'no' | 'yes' | 'eagerly';
  look(): void;
}

/**
 * Looks after processes whose end nobody reports (connected servers, followed ones, those of a launcher that died): by
 * pid and start time, every 3 s at any load, so that a crash is seen within 5 s however seldom samples are taken.
 */
export class Liveness implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;

  constructor(private readonly parts: Parts) {}

  /** Something has changed. */
  wake(): void {
    const wanted = this.parts.wanted();
    if (wanted === 'no') return;
    const pause = wanted === 'eagerly' ? eagerMs : everyMs;
    if (this.timer !== undefined && this.dueAt <= Date.now() + pause) return;
    clearTimeout(this.timer);
    this.dueAt = Date.now() + pause;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.parts.look();
      this.wake();
    }, pause);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
