import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { gamesTemplate } from './gamesText.js';
import { entryOffset, fileTemplate } from './serversText.js';

/** A file of the data directory in use: where it is, and how to show a place in it. */
class DataFile {
  constructor(
    private readonly dataDir: () => string,
    private readonly name: string,
    private readonly template: string,
  ) {}

  get uri(): vscode.Uri {
    return vscode.Uri.file(path.join(this.dataDir(), this.name));
  }

  async exists(): Promise<boolean> {
    return await fs.access(this.uri.fsPath).then(
      () => true,
      () => false,
    );
  }

  /** Opens it, at the entry with an id where one is given. A file that is not there yet is made from its template. */
  async open(id?: string): Promise<void> {
    const { fsPath } = this.uri;
    await fs.mkdir(path.dirname(fsPath), { recursive: true, mode: 0o700 });
    await fs.writeFile(fsPath, this.template, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      // There is one already, which is how it should be.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    const document = await vscode.workspace.openTextDocument(this.uri);
    const offset = id === undefined ? undefined : entryOffset(document.getText(), id);
    const at = offset === undefined ? undefined : document.positionAt(offset);
    await vscode.window.showTextDocument(document, at === undefined ? {} : { selection: new vscode.Range(at, at) });
  }
}

/** servers.json, made with nothing in it. */
export class ServersFile extends DataFile {
  constructor(dataDir: () => string) {
    super(dataDir, 'servers.json', fileTemplate);
  }
}

/** games.json, made with an example that only has to be uncommented. */
class GamesFile extends DataFile {
  constructor(dataDir: () => string) {
    super(dataDir, 'games.json', gamesTemplate);
  }
}

/** Which file a fault is in. */
export interface DefinitionFiles {
  readonly servers: ServersFile;
  readonly games: GamesFile;
}

export function definitionFiles(dataDir: () => string): DefinitionFiles {
  return { servers: new ServersFile(dataDir), games: new GamesFile(dataDir) };
}
