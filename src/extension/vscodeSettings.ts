import * as vscode from 'vscode';
import { settingsSection, type SettingsSource } from './settings.js';

/** VS Code's configuration. Only user settings count as explicit: a folder must not set what concerns all windows. */
export const vscodeSettings: SettingsSource = {
  get: (key) => vscode.workspace.getConfiguration(settingsSection).get(key),
  explicit: (key) => vscode.workspace.getConfiguration(settingsSection).inspect(key)?.globalValue,
};
