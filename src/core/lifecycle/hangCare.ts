export interface HangCareParts {
  /** Why it is taken for hung as of the last look; empty while it is not. */
  signs(): readonly string[];
  changed(signs: readonly string[]): void;
  isRestartWanted(): boolean;
  /** Ends it in order as far as it still hears, by force where it does not. */
  end(): Promise<void>;
  restart(): void;
  failed(error: unknown): void;
}

/** What follows when a server does not respond: it is said, and only where that was asked for it is restarted. */
export class HangCare {
  private wasHung = false;
  private isActing = false;

  constructor(private readonly parts: HangCareParts) {}

  /** After every look. */
  review(): void {
    const signs = this.parts.signs();
    const isHung = signs.length > 0;
    if (isHung === this.wasHung) return;
    this.wasHung = isHung;
    this.parts.changed(signs);
    if (isHung && !this.isActing && this.parts.isRestartWanted()) void this.bringBack();
  }

  /** A person has taken over: what was begun here is not finished by a start. True where something was. */
  callOff(): boolean {
    const wasActing = this.isActing;
    this.isActing = false;
    return wasActing;
  }

  private async bringBack(): Promise<void> {
    this.isActing = true;
    try {
      await this.parts.end();
      if (this.isActing) this.parts.restart();
    } catch (error) {
      this.parts.failed(error);
    } finally {
      this.isActing = false;
    }
  }
}
