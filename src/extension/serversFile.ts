import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ServerId } from '../shared/contract.js';
import { entryOffset, fileTemplate } from './serversText.js';

/** servers.json of the data directory in use: where it is, and how to show a place in it. */
export class ServersFile {
  constructor(private readonly dataDir: () => string) {}

  get uri(): vscode.Uri {
    return vscode.Uri.file(path.join(this.dataDir(), 'servers.json'));
  }

  async exists(): Promise<boolean> {
    return await fs.access(this.uri.fsPath).then(
      () => true,
      () => false,
    );
  }

  /** Opens it, at a server's entry where one is given. A file that is not there yet is made, with nothing in it. */
  async open(id?: ServerId): Promise<void> {
    const { fsPath } = this.uri;
    await fs.mkdir(path.dirname(fsPath), { recursive: true, mode: 0o700 });
    await fs.writeFile(fsPath, fileTemplate, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      // There is one already, which is how it should be.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    const document = await vscode.workspace.openTextDocument(this.uri);
    const offset = id === undefined ? undefined : entryOffset(document.getText(), id);
    const at = offset === undefined ? undefined : document.positionAt(offset);
    await vscode.window.showTextDocument(document, at === undefined ? {} : { selection: new vscode.Range(at, at) });
  }
}
