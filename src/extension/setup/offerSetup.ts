import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import { setupOffer } from '../text/foundText.js';

export function setUpTitle(): string {
  return vscode.l10n.t('Set Up Game Connection…');
}

/** Asks once for all of them. */
export async function offerSetup(views: readonly ServerView[]): Promise<void> {
  if (views.length === 0) return;
  const setUp = setUpTitle();
  const names = views.map(({ name }) => name);
  if ((await vscode.window.showInformationMessage(setupOffer(names, vscode.l10n.t), setUp)) !== setUp) return;
  const [first, ...others] = views.map(({ id }) => id);
  await vscode.commands.executeCommand('gameServers.setUpConnection', first, [first, ...others]);
}
