import * as vscode from 'vscode';
import type { AlertMirror } from './alerts/alertMirror.js';
import { Bag } from './bag.js';
import type { Mirror } from './mirror.js';
import { statusText } from './statusBarText.js';
import type { Reader } from './translate.js';
import { viewId } from './viewId.js';

export class StatusBar {
  private readonly bag = new Bag();
  private readonly item: vscode.StatusBarItem;

  constructor(
    private readonly mirror: Mirror,
    private readonly alerts: AlertMirror,
    private readonly reader: Reader,
  ) {
    this.item = this.bag.add(vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Left));
    this.item.name = reader.t('Game Servers');
    this.bag.add(mirror.onDidChange(() => this.draw()));
    this.bag.add(mirror.onDidChangeConnection(() => this.draw()));
    this.bag.add(alerts.onDidChange(() => this.draw()));
    this.draw();
  }

  dispose(): void {
    this.bag.dispose();
  }

  private draw(): void {
    const alerts = this.alerts.pressing();
    const shown = statusText(this.mirror.servers(), alerts, this.mirror.connection === 'connected', this.reader);
    if (shown === undefined) {
      this.item.hide();
      return;
    }
    // Setting a property sends it to the window even when it is the same.
    const command = alerts.length > 0 ? 'gameServers.showAlerts' : `${viewId}.focus`;
    if (this.item.command !== command) this.item.command = command;
    if (this.item.text !== shown.text) this.item.text = shown.text;
    if (this.item.tooltip !== shown.tooltip) {
      this.item.tooltip = shown.tooltip;
      this.item.accessibilityInformation = { label: shown.spoken, role: 'button' };
    }
    const background = shown.severity === 'none' ? undefined : `statusBarItem.${shown.severity}Background`;
    if (this.background !== background) {
      this.background = background;
      this.item.backgroundColor = background === undefined ? undefined : new vscode.ThemeColor(background);
    }
    this.item.show();
  }

  private background: string | undefined;
}
