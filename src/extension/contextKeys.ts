import * as vscode from 'vscode';
import type { AlertMirror } from './alerts/alertMirror.js';
import { Bag } from './bag.js';
import type { Mirror } from './mirror.js';

/**
 * What when clauses of the manifest ask: `gameServers.connected`, `gameServers.empty`, `gameServers.stopping`, and of alerts
 * `gameServers.alertsKnown` (whether there are any) and `gameServers.alertsActive`.
 */
export class ContextKeys {
  private readonly bag = new Bag();
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly mirror: Mirror,
    alerts: Pick<AlertMirror, 'isListed' | 'active' | 'onDidChange'>,
  ) {
    const update = (): void => {
      const connected = this.mirror.connection === 'connected';
      this.set('gameServers.connected', connected);
      // A file with faults is not "no servers yet".
      this.set('gameServers.empty', this.mirror.servers().length === 0 && this.mirror.problems().length === 0);
      // A command that is for this moment only would else stand before its likes in the palette all day.
      this.set('gameServers.stopping', connected && this.mirror.servers().some(({ state }) => state === 'stopping'));
    };
    const alertsChanged = (): void => {
      this.set('gameServers.alertsKnown', alerts.isListed);
      this.set('gameServers.alertsActive', alerts.active().length > 0);
    };
    this.bag.add(alerts.onDidChange(alertsChanged));
    this.bag.add(mirror.onDidChange(update));
    this.bag.add(mirror.onDidChangeConnection(update));
    this.bag.add(mirror.onDidChangeProblems(update));
    update();
    alertsChanged();
  }

  dispose(): void {
    this.bag.dispose();
  }

  private set(key: string, value: boolean): void {
    if (this.known.get(key) === value) return;
    this.known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
