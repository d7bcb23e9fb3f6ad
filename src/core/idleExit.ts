import type { Disposable } from './ports.js';

/** Leaves a while after nobody needs this process any more. */
export class IdleExit implements Disposable {
  private timer: NodeJS.Timeout | undefined;

  /** seconds: how long to stay; null: for good. */
  constructor(
    private readonly seconds: number | null,
    private readonly isNeeded: () => boolean,
    private readonly leave: () => void,
  ) {}

  /** To be called whenever the answer may have changed. */
  review(): void {
    if (this.seconds === null) return;
    if (this.isNeeded()) {
      this.dispose();
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.isNeeded()) this.leave();
    }, this.seconds * 1000);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
