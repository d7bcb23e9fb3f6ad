import { messageOf } from '../shared/failure.js';
import { Bag } from './bag.js';
import type { CoreClient } from './coreClient.js';
import type { Log } from './log.js';
import type { SettingKey, Settings } from './settings.js';

/** Tells the background process the settings that were explicitly set: at every connect, and when one changes. */
export class MonitoringSettings {
  private readonly bag = new Bag();
  private sent: ReadonlySet<SettingKey> = new Set();

  constructor(
    private readonly client: CoreClient,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {
    this.bag.add(client.onDidChange(({ at }) => at === 'connected' && this.send()));
  }

  send(): void {
    if (this.client.current.at !== 'connected') return;
    const { tree, keys } = this.settings.forMonitoring(this.sent);
    this.sent = keys;
    if (Object.keys(tree).length === 0) return;
    this.client.request('settings/set', { settings: tree }).catch((error: unknown) => {
      this.log.warn('settings not taken', messageOf(error));
    });
  }

  dispose(): void {
    this.bag.dispose();
  }
}
