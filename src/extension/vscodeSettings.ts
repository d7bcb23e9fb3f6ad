import * as vscode from 'vscode';
import { settingsSection, type SettingsStore } from './settings.js';

/** VS Code's configuration. Only user settings count as explicit: a folder must not set what concerns all windows. */
export const vscodeSettings: SettingsStore = {
  get: (key) => vscode.workspace.getConfiguration(settingsSection).get(key),
  set: async (key, value) => {
    await vscode.workspace.getConfiguration(settingsSection).update(key, value, vscode.ConfigurationTarget.Global);
  },
  explicit: (key) => vscode.workspace.getConfiguration(settingsSection).inspect(key)?.globalValue,
};
