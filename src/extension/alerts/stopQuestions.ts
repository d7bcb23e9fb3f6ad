import type { ServerId } from '../../shared/contract.js';

/** The servers whose stop was asked for in this window: it asks itself what to do when one takes too long. */
export class StopQuestions {
  private readonly asked = new Map<ServerId, number>();

  /** `answered` is told when somebody has chosen what to do about a stop that takes too long. */
  constructor(readonly answered: (server: ServerId) => void) {}

  begin(server: ServerId): void {
    this.asked.set(server, (this.asked.get(server) ?? 0) + 1);
  }

  end(server: ServerId): void {
    const left = (this.asked.get(server) ?? 0) - 1;
    if (left > 0) this.asked.set(server, left);
    else this.asked.delete(server);
  }

  has(server: ServerId): boolean {
    return this.asked.has(server);
  }
}
