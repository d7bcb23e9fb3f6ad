import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';

/** Shows what these servers have printed in an editor; it needs nobody but the files. */
export async function openLog(
  dataDir: string,
  views: readonly Pick<ServerView, 'id' | 'name' | 'encoding'>[],
): Promise<void> {
  for (const { id, name, encoding } of views) {
    const file = path.join(dataDir, 'logs', id, 'console.log');
    const size = await fs.stat(file).then(
      (stat) => stat.size,
      () => 0,
    );
    if (size > 0) await show(vscode.Uri.file(file), encoding);
    else void vscode.window.showInformationMessage(vscode.l10n.t('{0} has printed nothing yet.', name));
  }
}

/** encoding: a label; without one, as VS Code sees it. */
async function show(file: vscode.Uri, encoding: string | undefined): Promise<void> {
  if (encoding !== undefined) {
    try {
      const document = await vscode.workspace.openTextDocument(file, { encoding: nameAtVsCode(encoding) });
      await vscode.window.showTextDocument(document, { preview: false });
      return;
    } catch {
      // Too large for extensions, or an encoding that this VS Code does not know.
    }
  }
  await vscode.commands.executeCommand('vscode.open', file, { preview: false });
}

/** As in its list of encodings: euckr, windows1252, cp437. */
function nameAtVsCode(label: string): string {
  return label === 'big5' ? 'cp950' : label.replace(/[^a-z0-9]/g, '').replace(/^ibm/, 'cp');
}
