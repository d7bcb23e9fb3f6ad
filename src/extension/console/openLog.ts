import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';

/** Shows what these servers have printed in an editor; it needs nobody but the files. */
export async function openLog(dataDir: string, views: readonly Pick<ServerView, 'id' | 'name'>[]): Promise<void> {
  for (const { id, name } of views) {
    const file = path.join(dataDir, 'logs', id, 'console.log');
    const size = await fs.stat(file).then(
      (stat) => stat.size,
      () => 0,
    );
    if (size > 0) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), { preview: false });
    else void vscode.window.showInformationMessage(vscode.l10n.t('{0} has printed nothing yet.', name));
  }
}
