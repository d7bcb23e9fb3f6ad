import type { Disposable } from '../ports.js';

interface Polled {
  pollConsole(): void;
}

const everyMs = 250;

/** Looks at consoles four times a second while somebody waits for a line, and not at all while nobody does. */
export class ConsolePoll implements Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly wanted: () => readonly Polled[]) {}

  /** Something has begun that may need quick looks. */
  wake(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const polled = this.wanted();
      for (const server of polled) server.pollConsole();
      if (polled.length > 0) this.wake();
    }, everyMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
