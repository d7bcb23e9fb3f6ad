import * as vscode from 'vscode';
import { channelLabel, channelOf } from '../text/channelText.js';
import type { Translate } from '../translate.js';
import type { PasswordPrompt } from './passwordPrompts.js';

/** A notification about a password that the game asks for; `set` asks for the password itself. */
export async function askForPassword(prompt: PasswordPrompt, set: () => Promise<void>): Promise<void> {
  const { t } = vscode.l10n;
  const setPassword = t('Set Password…');
  const setUp = t('Set Up Game Connection…');
  const show = prompt.is === 'refused' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const chosen = await show(promptText(prompt, t), setPassword, setUp);
  if (chosen === setPassword) await set();
  if (chosen === setUp) await vscode.commands.executeCommand('gameServers.setUpConnection', prompt.server.id);
}

function promptText({ server, key, is }: PasswordPrompt, t: Translate): string {
  const channel = channelLabel(channelOf(key), t);
  return is === 'missing'
    ? t("{0}: The game's {1} needs its password.", server.name, channel)
    : t("{0}: The game's {1} does not take the password that is known.", server.name, channel);
}
