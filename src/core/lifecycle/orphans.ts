import type { Heir } from '../ports.js';

/** What ends with a server takes a moment to do so: crash helpers send their report, shells tidy up. */
const settleMs = 3000;

interface Parts {
  /** The living processes of that start. */
  readonly heirs: () => readonly Heir[];
  readonly found: (orphans: readonly Heir[]) => void;
}

/** Names what a server has left behind: it may hold a port or a world that the next start needs. */
export class Orphans {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pauseMs = settleMs) {}

  /** The server has ended: what still lives of it a moment later is told. */
  look({ heirs, found }: Parts): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const orphans = heirs();
      if (orphans.length > 0) found(orphans);
    }, this.pauseMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
