import * as vscode from 'vscode';
import { Bag } from './bag.js';
import type { Mirror } from './mirror.js';
import { settingsSection } from './settings.js';

const toldKey = 'toldThatServersGoOn';

/**
 * Says once that closing VS Code stops nothing: when there first are servers for which it matters, not at the install.
 */
export class FirstStart {
  private readonly bag = new Bag();
  private told: boolean;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly mirror: Mirror,
  ) {
    this.told = memory.get(toldKey, false);
    if (this.told) return;
    const check = (): void => {
      if (this.mirror.connection === 'connected' && this.mirror.servers().length > 0) void this.tell();
    };
    this.bag.add(mirror.onDidChangeConnection(check));
    this.bag.add(mirror.onDidChange(check));
  }

  dispose(): void {
    this.bag.dispose();
  }

  private async tell(): Promise<void> {
    if (this.told) return;
    this.told = true;
    this.bag.dispose();
    await this.memory.update(toldKey, true);
    const { t } = vscode.l10n;
    const openSettings = t('Settings');
    const chosen = await vscode.window.showInformationMessage(
      t('Servers and monitoring go on after you close VS Code.'),
      t('OK'),
      openSettings,
    );
    if (chosen === openSettings) await vscode.commands.executeCommand('workbench.action.openSettings', settingsSection);
  }
}
