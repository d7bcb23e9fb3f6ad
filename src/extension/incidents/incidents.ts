import * as vscode from 'vscode';
import type { ServerId, ServerView } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import type { CoreClient } from '../coreClient.js';
import type { Reporter } from '../report.js';
import type { Settings } from '../settings.js';
import type { Reader } from '../translate.js';
import { documentLanguage, documentName, incidentItem, type IncidentEntry } from './incidentText.js';

interface Parts {
  readonly client: CoreClient;
  readonly reporter: Reporter;
  readonly reader: Reader;
  readonly settings: Settings;
}

const scheme = 'gameservers-incident';
/** How long a document of an earlier session waits for the connection. */
const connectMs = 20_000;

/** Crash reports as documents that cannot be written to; they are made by the background process. */
export class Incidents implements vscode.TextDocumentContentProvider {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  /** Fetched before the editor asks for it, so that a failure is told as such and not as a document that cannot be opened. */
  private readonly fetched = new Map<string, string>();

  constructor(private readonly parts: Parts) {}

  /** Asks which crash where there were several. */
  async open(servers: readonly Pick<ServerView, 'id' | 'name'>[]): Promise<void> {
    for (const server of servers) {
      try {
        await this.openOne(server);
      } catch (error) {
        await this.parts.reporter.failure(error, server);
      }
    }
  }

  /** The one of that time. */
  async openAt(server: Pick<ServerView, 'id' | 'name'>, at: number): Promise<void> {
    try {
      await this.show(server, at);
    } catch (error) {
      await this.parts.reporter.failure(error, server);
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const ready = this.fetched.get(uri.toString());
    if (ready !== undefined) return ready;
    const query = new URLSearchParams(uri.query);
    const [id, at] = [query.get('id'), Number(query.get('at'))];
    if (id === null || !Number.isFinite(at)) throw new Failure('io', { file: uri.toString(), detail: 'ENOENT' });
    await this.parts.client.connected(connectMs);
    return await this.fetch(id, at);
  }

  dispose(): void {
    this.registration.dispose();
  }

  private async openOne(server: Pick<ServerView, 'id' | 'name'>): Promise<void> {
    const { t } = this.parts.reader;
    const entries = await this.parts.client.request('incident/list', { id: server.id });
    if (entries.length === 0) {
      void vscode.window.showInformationMessage(t('{0} has no recorded crash.', server.name));
      return;
    }
    const entry = entries.length === 1 ? entries[0] : await this.choose(server.name, entries);
    if (entry !== undefined) await this.show(server, entry.at);
  }

  private async choose(name: string, entries: readonly IncidentEntry[]): Promise<IncidentEntry | undefined> {
    const { t } = this.parts.reader;
    const now = Date.now();
    const items = entries.map((entry) => ({ ...incidentItem(entry, now, this.parts.reader), entry }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: t('Crash reports of {0}', name),
      placeHolder: t('Which crash?'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return chosen?.entry;
  }

  private async show({ id, name }: Pick<ServerView, 'id' | 'name'>, at: number): Promise<void> {
    const path = `/${documentName(name, at, this.parts.reader.t)}`;
    const query = new URLSearchParams({ id, at: String(at) }).toString();
    const uri = vscode.Uri.from({ scheme, path, query });
    this.fetched.set(uri.toString(), await this.fetch(id, at));
    try {
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.commands.executeCommand('markdown.showPreview', uri).then(undefined, async () => {
        // The preview belongs to an extension that may be disabled.
        await vscode.window.showTextDocument(document);
      });
    } finally {
      this.fetched.delete(uri.toString());
    }
  }

  private async fetch(id: ServerId, at: number): Promise<string> {
    const { settings, reader } = this.parts;
    const language = documentLanguage(settings.get('language'), reader.locale);
    const { markdown } = await this.parts.client.request('incident/get', { id, at, language });
    return markdown;
  }
}
