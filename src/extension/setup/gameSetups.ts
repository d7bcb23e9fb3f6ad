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
 * user saves it, or does not. Where editors save by themselves, the edit is only made when the user says so.
 */
export class GameSetups implements vscode.TextDocumentContentProvider {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  /** The texts that are shown and cannot be changed, by their documents. */
  private readonly texts = new Map<string, string>();
  private readonly closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    this.texts.delete(uri.toString());
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
    return this.texts.get(uri.toString()) ?? '';
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
    const proposed = proposeSettings(format, base, { enable, password: newPassword() });
    const left = this.fixed(saved, base);
    if (isThere && savesByItself(uri)) {
      await compare(name, left, this.fixed(saved, proposed));
      const write = t('Write Them');
      const question = t('{0}: Write these settings into its file?', name);
      if ((await vscode.window.showInformationMessage(question, write)) !== write) return;
      await change(document, proposed);
      await document.save();
      void vscode.window.showInformationMessage(t('Written. Restart {0} so that it takes them.', name));
      return;
    }
    await change(document, proposed);
    await compare(name, left, uri);
    void vscode.window.showInformationMessage(t('Save the file, then restart {0}.', name));
  }

  /** A document that nobody can change. */
  private fixed({ path }: vscode.Uri, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path, query: String(++this.count) });
    this.texts.set(uri.toString(), text);
    return uri;
  }
}

async function compare(name: string, left: vscode.Uri, right: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t('{0}: settings of the game', name);
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: false });
}

async function change(document: vscode.TextDocument, proposed: string): Promise<void> {
  const { uri } = document;
  const edit = smallestEdit(document.getText(), proposed);
  if (edit === undefined) return;
  const range = new vscode.Range(document.positionAt(edit.from), document.positionAt(edit.to));
  const changes = new vscode.WorkspaceEdit();
  changes.replace(uri, range, edit.text);
  if (await vscode.workspace.applyEdit(changes)) return;
  throw new Failure('io', { file: uri.fsPath, detail: vscode.l10n.t('could not be edited') });
}

/** An edit would be on the disk within a second. */
function savesByItself(uri: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration('files', uri).get<string>('autoSave', 'off') !== 'off';
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
