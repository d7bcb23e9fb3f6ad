import type { ServerId } from '../shared/contract.js';
import { messageOf } from '../shared/failure.js';
import type { CoreClient } from './coreClient.js';
import type { Log } from './log.js';

/**
 * What this window wants to hear. One subscription per connection, so everybody's wishes meet here: the consoles are the
 * union over the open ones, and the window counts as visible while any part of it shows numbers.
 */
export class Subscription {
  private readonly consoles = new Set<ServerId>();
  private readonly watching = new Set<string>();
  private planned = false;

  constructor(
    private readonly client: CoreClient,
    private readonly log: Log,
  ) {}

  /** `who` is a part of the window that shows live numbers: while none does, nobody needs quick ones. */
  show(who: string, visible: boolean): void {
    const before = this.watching.size > 0;
    if (visible) this.watching.add(who);
    else this.watching.delete(who);
    if (this.watching.size > 0 !== before) this.plan();
  }

  /** Resolves once the lines of this server's console are on their way. */
  async follow(id: ServerId): Promise<void> {
    this.consoles.add(id);
    await this.send();
  }

  unfollow(id: ServerId): void {
    if (this.consoles.delete(id)) this.plan();
  }

  async send(): Promise<void> {
    this.planned = false;
    await this.client.request('client/subscribe', {
      samples: true,
      visible: this.watching.size > 0,
      consoles: [...this.consoles],
    });
  }

  /** Several wishes of one moment go out as one request; without a connection the next one begins with them. */
  private plan(): void {
    if (this.planned || this.client.current.at !== 'connected') return;
    this.planned = true;
    queueMicrotask(() => {
      if (!this.planned) return;
      this.send().catch((error: unknown) => {
        this.log.warn('subscription failed', messageOf(error));
      });
    });
  }
}
