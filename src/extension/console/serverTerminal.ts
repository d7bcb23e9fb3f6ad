import * as vscode from 'vscode';
import type { ServerId } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { CoreClient } from '../coreClient.js';
import { failureText } from '../failures.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';
import type { Subscription } from '../subscription.js';
import { bytes } from '../text/format.js';
import { LineEditor } from './lineEditor.js';
import { newLines } from './overlap.js';
import { sanitizeLine } from './sanitize.js';

export interface TerminalParts {
  readonly client: CoreClient;
  readonly mirror: Mirror;
  readonly subscription: Subscription;
  readonly log: Log;
}

const historyLines = 200;
const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;
const red = (text: string): string => `\x1b[31m${text}\x1b[39m`;

/** One server's console in a terminal: its last lines, then what it prints, and a line to type commands in. */
export class ServerTerminal implements vscode.Pseudoterminal {
  private readonly writes = new vscode.EventEmitter<string>();
  private readonly editor: LineEditor;
  /** The last lines as they came, to find the place where another window on the same output goes on. */
  private shown: string[] = [];
  /** The history is on its way: it holds what is told meanwhile. */
  private isReading = false;
  private isOpen = false;
  private sending = Promise.resolve();
  private catching = Promise.resolve();

  readonly onDidWrite = this.writes.event;

  constructor(
    private readonly id: ServerId,
    private readonly parts: TerminalParts,
    private readonly closed: () => void,
  ) {
    this.editor = new LineEditor(
      (data) => {
        this.writes.fire(data);
      },
      (line) => {
        this.send(line);
      },
    );
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.isOpen = true;
    if (dimensions !== undefined) this.editor.resize(dimensions.columns);
    this.editor.print([dim(vscode.l10n.t('Console of {0}. Type a command and press Enter.', this.name))]);
    this.catchUp();
  }

  setDimensions({ columns }: vscode.TerminalDimensions): void {
    this.editor.resize(columns);
  }

  handleInput(data: string): void {
    this.editor.input(data);
  }

  /** Called by VS Code when the terminal is closed. */
  close(): void {
    this.isOpen = false;
    this.parts.subscription.unfollow(this.id);
    this.closed();
  }

  /** New lines, as they were printed. */
  take(lines: readonly string[], skipped: number): void {
    const { t } = vscode.l10n;
    if (!this.isOpen) return;
    // The history that is on its way holds what was told before it, and nothing of what is told after it.
    if (this.isReading) return;
    if (skipped > 0) {
      const amount = bytes(skipped, { t, locale: vscode.env.language });
      this.note(t('({0} skipped: the server prints faster than can be read; patterns may be missed)', amount));
    }
    this.show(lines);
  }

  /** After a reconnect: what was printed meanwhile. */
  reconnected(): void {
    if (this.isOpen) this.catchUp();
  }

  lost(): void {
    if (this.isOpen) this.note(vscode.l10n.t('(reconnecting…)'));
  }

  dispose(): void {
    this.writes.dispose();
  }

  private get name(): string {
    return this.parts.mirror.get(this.id)?.name ?? this.id;
  }

  private catchUp(): void {
    this.catching = this.catching.then(() => this.readHistory());
  }

  private async readHistory(): Promise<void> {
    const { client, subscription, log } = this.parts;
    if (client.current.at !== 'connected') return;
    this.isReading = true;
    try {
      await subscription.follow(this.id);
      const tail = await client.request('console/tail', { id: this.id, lines: historyLines });
      const missed = this.shown.length === 0 ? tail : newLines(this.shown, tail);
      if (missed === undefined) this.note(vscode.l10n.t('(lines skipped)'));
      this.show(missed ?? tail);
    } catch (error) {
      log.warn('console not readable', { id: this.id, error: messageOf(error) });
      if (!Failure.is(error, 'unreachable')) this.complain(error);
    } finally {
      this.isReading = false;
    }
  }

  private show(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.shown = [...this.shown, ...lines].slice(-historyLines);
    this.editor.print(lines.map(sanitizeLine));
  }

  private note(text: string): void {
    this.editor.print([dim(text)]);
  }

  /** One after the other: pasted lines must arrive in their order. */
  private send(line: string): void {
    this.sending = this.sending.then(async () => {
      try {
        const { reply } = await this.parts.client.request('server/send', { id: this.id, line });
        if (reply !== null && reply !== '') this.editor.print(reply.split('\n').map(sanitizeLine));
      } catch (error) {
        this.complain(error);
      }
    });
  }

  private complain(error: unknown): void {
    const failure = Failure.is(error) ? error : new Failure('io', { detail: messageOf(error) });
    const { text } = failureText(failure.code, failure.data, this.name, vscode.l10n.t);
    this.editor.print([red(sanitizeLine(text))]);
  }
}
