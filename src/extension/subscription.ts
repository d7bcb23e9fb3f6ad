import type { ServerId } from '../shared/contract.js';
import { messageOf } from '../shared/failure.js';
import type { CoreClient } from './coreClient.js';
import type { Log } from './log.js';

/** A part of the window that somebody looks at: the window itself while it has the focus, the view, a metrics panel. */
type Sight = 'window' | 'tree' | 'panel';

/** Who looks away for less has not stopped looking. */
const awayMs = 5000;

/**
 * What this window wants to hear. One subscription per connection, so everybody's wishes meet here: the consoles are the
 * union over the open ones, and the window counts as visible while any part of it shows numbers.
 */
export class Subscription {
  private readonly consoles = new Set<ServerId>();
  private readonly watching = new Set<Sight>();
  private away: NodeJS.Timeout | undefined;
  private planned = false;

  constructor(
    private readonly client: CoreClient,
    private readonly log: Log,
  ) {}

  /** While nothing is in sight, nobody needs quick numbers. What comes into sight is told at once, what leaves it later. */
  show(who: Sight, visible: boolean): void {
    const before = this.sight();
    if (visible) this.watching.add(who);
    else this.watching.delete(who);
    const now = this.sight();
    if (now.visible === before.visible && now.panel === before.panel) return;
    clearTimeout(this.away);
    if (visible) this.plan();
    else this.away = setTimeout(() => this.plan(), awayMs);
  }

  dispose(): void {
    clearTimeout(this.away);
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
      ...this.sight(),
      consoles: [...this.consoles],
    });
  }

  private sight(): { readonly visible: boolean; readonly panel: boolean } {
    return { visible: this.watching.size > 0, panel: this.watching.has('panel') };
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
