import type { WebhookStatus } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import { alertsId } from '../../shared/secrets.js';
import { Bag, type Disposable } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import type { Event } from '../emitter.js';
import type { Log } from '../log.js';
import type { MonitoringSettings } from '../monitoringSettings.js';
import type { Passwords } from '../secrets/passwords.js';
import { webhookKey } from './webhookSettings.js';

/** One whose address nobody knows. */
export type Unaddressed = Pick<WebhookStatus, 'name' | 'kind'>;

interface Parts {
  readonly client: Pick<CoreClient, 'request' | 'current'>;
  /** The settings are there before the addresses are asked for. */
  readonly monitoring: Pick<MonitoringSettings, 'onDidDeliver'>;
  readonly passwords: Pick<Passwords, 'handOver' | 'onDidChange'>;
  readonly window: { isFocused(): boolean; onDidFocus: Event<void> };
  /** Says that nobody knows the addresses of these, and does what was chosen. */
  tell(webhooks: readonly Unaddressed[]): Promise<void>;
  readonly log: Log;
}

/**
 * Gives the background process the addresses that it lacks and that are kept here. Of those that nobody knows it is told once
 * while this window is open, when somebody looks at it.
 */
export class WebhookSecrets implements Disposable {
  private readonly bag = new Bag();
  private readonly told = new Set<string>();
  private isBusy = false;
  /** Something has changed since it was looked. */
  private isStale = false;
  /** There is something to be told once somebody looks. */
  private isUntold = false;
  private isDisposed = false;

  constructor(private readonly parts: Parts) {
    const { monitoring, passwords, window } = parts;
    this.bag.add(monitoring.onDidDeliver(() => this.review()));
    this.bag.add(
      passwords.onDidChange((place) => {
        if (place.startsWith(`${alertsId}.${webhookKey('')}`)) this.review();
      }),
    );
    this.bag.add(
      window.onDidFocus(() => {
        if (this.isUntold) this.review();
      }),
    );
  }

  dispose(): void {
    this.isDisposed = true;
    this.bag.dispose();
  }

  private review(): void {
    this.isStale = true;
    if (!this.isBusy) void this.look();
  }

  private async look(): Promise<void> {
    this.isBusy = true;
    while (this.isStale && !this.isDisposed) {
      this.isStale = false;
      try {
        this.tell(await this.lacking());
      } catch (error) {
        this.parts.log.warn('addresses of webhooks not looked at', messageOf(error));
      }
    }
    this.isBusy = false;
  }

  /** Those whose address is neither known nor kept here. */
  private async lacking(): Promise<Unaddressed[]> {
    const { client, passwords, log } = this.parts;
    if (client.current.at !== 'connected') return [];
    const lacking: Unaddressed[] = [];
    for (const { name, kind, enabled, hasAddress } of await client.request('webhook/list', {})) {
      if (hasAddress) continue;
      try {
        if (!(await passwords.handOver(alertsId, webhookKey(name))) && enabled) lacking.push({ name, kind });
      } catch (error) {
        log.warn('address of a webhook not sent', { name, error: messageOf(error) });
      }
    }
    return lacking;
  }

  private tell(lacking: readonly Unaddressed[]): void {
    const news = lacking.filter(({ name }) => !this.told.has(name));
    this.isUntold = news.length > 0;
    // It may come from another window yet: whoever comes back to this one is told then, if it is still so.
    if (!this.isUntold || this.isStale || this.isDisposed || !this.parts.window.isFocused()) return;
    this.isUntold = false;
    for (const { name } of news) this.told.add(name);
    // Not waited for: the notification may stay for long.
    this.parts.tell(news).catch((error: unknown) => {
      this.parts.log.warn('missing address not told', messageOf(error));
    });
  }
}
