/** So long after SIGTERM it is known whether the PC goes down: then the launcher has heard it too, and says so. */
const wordMs = 250;

export interface DepartureParts {
  /** Pending while the PC goes down and servers are being saved and stopped. */
  partings(): Promise<void> | undefined;
  /** Leaves now; servers run on. Called once. */
  leave(): void;
}

/** When this process leaves: at once as a rule, but not away from servers that it is stopping because the PC goes down. */
export class Departure {
  private hasLeft = false;
  private isWaiting = false;

  constructor(private readonly parts: DepartureParts) {}

  /** From here on the signals that ask this process to end are followed. */
  listen(): void {
    process.on('SIGTERM', () => {
      this.onSignal();
    });
    process.on('SIGINT', () => {
      this.begin();
    });
  }

  /** The system or a person wants this process to end, or is about to end all of them. */
  onSignal(): void {
    setTimeout(() => {
      this.begin();
    }, wordMs);
  }

  /** Nobody needs this process any more, or another takes its place. */
  begin(): void {
    if (this.hasLeft || this.isWaiting) return;
    const partings = this.parts.partings();
    if (partings === undefined) {
      this.hasLeft = true;
      this.parts.leave();
      return;
    }
    this.isWaiting = true;
    void partings.then(() => {
      this.hasLeft = true;
      this.parts.leave();
    });
  }
}
