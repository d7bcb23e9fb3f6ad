import * as vscode from 'vscode';
import type { GameSetup, ServerView } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import { proposeSettings } from '../../shared/gameSettings/settings.js';
import type { CoreClient } from '../coreClient.js';
import type { Reporter } from '../report.js';
import { newPassword } from './newPassword.js';
import { smallestEdit } from './smallestEdit.js';

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly reporter: Pick<Reporter, 'failure'>;
}

const scheme = 'gameservers-settings';
const maxBytes = 1024 * 1024;

/**
 * What a game's own settings lack so that it can be asked, as an unsaved edit of their file beside the file as it was. The
 * user saves it, or does not; nothing is written here.
 */
export class GameSetups implements vscode.TextDocumentContentProvider {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  /** The texts as they were, by their documents. */
  private readonly before = new Map<string, string>();
  private readonly closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    this.before.delete(uri.toString());
  });
  private count = 0;

  constructor(private readonly parts: Parts) {}

  async open(views: readonly Pick<ServerView, 'id' | 'name'>[]): Promise<void> {
    for (const view of views) {
      try {
        const setup = await this.parts.client.request('server/setup', { id: view.id });
        if (setup === null) sayNothingMissing(view.name);
        else await this.propose(view.name, setup);
      } catch (error) {
        await this.parts.reporter.failure(error, view);
      }
    }
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.before.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.registration.dispose();
    this.closed.dispose();
  }

  private async propose(name: string, { file, isThere, template, format, enable }: GameSetup): Promise<void> {
    const { t } = vscode.l10n;
    const saved = vscode.Uri.file(file);
    if (isThere) await checkSize(saved);
    // An editor keeps how the file is encoded, and where it belongs when it is not there yet.
    const uri = isThere ? saved : saved.with({ scheme: 'untitled' });
    const document = await vscode.workspace.openTextDocument(uri);
    const current = document.getText();
    const base = current.trim() === '' && template !== null ? await textOf(vscode.Uri.file(template)) : current;
    const edit = smallestEdit(current, proposeSettings(format, base, { enable, password: newPassword() }));
    if (edit !== undefined) {
      const change = new vscode.WorkspaceEdit();
      change.replace(uri, new vscode.Range(document.positionAt(edit.from), document.positionAt(edit.to)), edit.text);
      if (!(await vscode.workspace.applyEdit(change)))
        throw new Failure('io', { file, detail: t('could not be edited') });
    }
    const left = vscode.Uri.from({ scheme, path: saved.path, query: String(++this.count) });
    this.before.set(left.toString(), base);
    await vscode.commands.executeCommand('vscode.diff', left, uri, t('{0}: settings of the game', name), {
      preview: false,
    });
    void vscode.window.showInformationMessage(t('Save the file, then restart {0}.', name));
  }
}

function sayNothingMissing(name: string): void {
  const { t } = vscode.l10n;
  const text = t('{0}: its settings lack nothing, or this panel does not know them.', name);
  void vscode.window.showInformationMessage(text);
}

async function checkSize(uri: vscode.Uri): Promise<void> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > maxBytes) throw new Failure('io', { file: uri.fsPath, detail: 'EFBIG' });
}

async function textOf(uri: vscode.Uri): Promise<string> {
  await checkSize(uri);
  return (await vscode.workspace.openTextDocument(uri)).getText();
}
