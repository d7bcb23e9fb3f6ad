import * as vscode from 'vscode';
import { settingsSection, type Settings } from '../settings.js';

export interface RememberParts {
  readonly settings: Settings;
  readonly memory: vscode.Memento;
}

/**
 * Offers that the background process keeps what it was told for when no window is open: once for each `offeredKey`, and not
 * where somebody has decided already.
 */
export async function offerToRemember(
  { settings, memory }: RememberParts,
  offeredKey: string,
  text: string,
): Promise<void> {
  const { t } = vscode.l10n;
  const isDecided = settings.forMonitoring(new Set()).keys.has('rememberPasswords');
  if (process.platform === 'win32' || isDecided || memory.get(offeredKey, false)) return;
  await memory.update(offeredKey, true);
  const remember = t('Remember');
  const chosen = await vscode.window.showInformationMessage(text, remember, t('Only in VS Code'));
  if (chosen !== remember) return;
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  await configuration.update('rememberPasswords', true, vscode.ConfigurationTarget.Global);
}
