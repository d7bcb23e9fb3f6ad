import * as vscode from 'vscode';
import { eventKinds } from '../../shared/events.js';
import { Failure } from '../../shared/failure.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import { eventsName, eventsText, isWorthTelling } from '../text/eventsText.js';
import type { Reader } from '../translate.js';

interface Parts {
  readonly client: CoreClient;
  readonly mirror: Mirror;
  readonly reporter: Reporter;
  readonly reader: Reader;
}

const scheme = 'gameservers-events';
/** How long a document of an earlier session waits for the connection. */
const connectMs = 20_000;

/** What happened in a span of time, as a document that cannot be written to. */
export class EventsDocument implements vscode.TextDocumentContentProvider {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  /** Fetched before the editor asks for it, so that a failure is told as such and not as a document that cannot be opened. */
  private readonly fetched = new Map<string, string>();

  constructor(private readonly parts: Parts) {}

  /** Unix milliseconds. A failure is told. */
  async open(from: number, to: number): Promise<void> {
    const path = `/${eventsName(from, this.parts.reader.t)}`;
    const uri = vscode.Uri.from({
      ...{ scheme, path },
      query: new URLSearchParams({ from: String(from), to: String(to) }).toString(),
    });
    try {
      this.fetched.set(uri.toString(), await this.fetch(from, to));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    } catch (error) {
      await this.parts.reporter.failure(error);
    } finally {
      this.fetched.delete(uri.toString());
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const ready = this.fetched.get(uri.toString());
    if (ready !== undefined) return ready;
    const query = new URLSearchParams(uri.query);
    const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
    if (!(from <= to)) throw new Failure('io', { file: uri.toString(), detail: 'ENOENT' });
    await this.parts.client.connected(connectMs);
    await this.parts.mirror.ready(connectMs);
    return await this.fetch(from, to);
  }

  dispose(): void {
    this.registration.dispose();
  }

  private async fetch(from: number, to: number): Promise<string> {
    const { client, mirror, reader } = this.parts;
    const events = await client.request('history/events', { from, to, kinds: eventKinds.filter(isWorthTelling) });
    return eventsText({ from, to, events, name: (id) => mirror.get(id)?.name }, reader);
  }
}
