import * as vscode from 'vscode';
import { settingsSection, type SettingKey } from './settings.js';

/** Shows one of our settings in the Settings editor; all of them where it is not known which. */
export async function openSetting(key: SettingKey | undefined): Promise<void> {
  const query = key === undefined ? settingsSection : `@id:${settingsSection}.${key}`;
  await vscode.commands.executeCommand('workbench.action.openSettings', query);
}
