import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import type { CoreClient } from '../coreClient.js';
import type { Reporter } from '../report.js';
import type { Translate } from '../translate.js';
import { exportName, exportRanges } from './exportText.js';

const exportMs = 120_000;

/** Writes what is known of a server as CSV, to a file that the user chooses. One server at a time: each has its own file. */
export async function exportHistory(
  client: CoreClient,
  reporter: Reporter,
  servers: readonly Pick<ServerView, 'id' | 'name'>[],
): Promise<void> {
  for (const server of servers) {
    try {
      if (!(await exportOne(client, server))) return;
    } catch (error) {
      await reporter.failure(error, server);
    }
  }
}

/** False where the user has changed his mind. */
async function exportOne(client: CoreClient, { id, name }: Pick<ServerView, 'id' | 'name'>): Promise<boolean> {
  const t: Translate = vscode.l10n.t;
  const now = Date.now();
  const range = await vscode.window.showQuickPick(exportRanges(t), {
    title: t('Export History of {0}', name),
    placeHolder: t('How far back; each time as fine as it is kept'),
  });
  if (range === undefined) return false;
  const folder =
    vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? os.homedir();
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, exportName(name, now))),
    filters: { CSV: ['csv'] },
    title: t('Export History of {0}', name),
  });
  if (chosen === undefined) return false;
  const progress = { location: vscode.ProgressLocation.Notification, title: t('Exporting the history of {0}…', name) };
  const { rows } = await vscode.window.withProgress(progress, () =>
    client.request(
      'history/export',
      { id, from: now - range.ms, to: now, path: chosen.fsPath },
      { timeoutMs: exportMs },
    ),
  );
  const open = t('Open');
  // Not waited for: the message may stay for long.
  void vscode.window
    .showInformationMessage(t('{0} lines were written to {1}.', rows, path.basename(chosen.fsPath)), open)
    .then((answer) => (answer === open ? vscode.commands.executeCommand('vscode.open', chosen) : undefined));
  return true;
}
