import * as vscode from 'vscode';
import type { ServerId, ServerView } from '../../shared/contract.js';
import { Bag } from '../bag.js';
import { ServerTerminal, type TerminalParts } from './serverTerminal.js';

interface Open {
  readonly pty: ServerTerminal;
  readonly terminal: vscode.Terminal;
}

/** The open consoles of this window, at most one per server. */
export class Consoles {
  private readonly bag = new Bag();
  private readonly open = new Map<ServerId, Open>();
  private wasConnected = false;

  constructor(private readonly parts: TerminalParts) {
    const { client, mirror } = parts;
    this.bag.add(
      client.on('console/lines', ({ id, lines, skipped }) => {
        this.open.get(id)?.pty.take(lines, skipped);
      }),
    );
    this.bag.add(
      mirror.onDidChangeConnection(() => {
        this.connection(mirror.connection === 'connected');
      }),
    );
  }

  show(views: readonly Pick<ServerView, 'id' | 'name'>[]): void {
    for (const view of views) (this.open.get(view.id) ?? this.make(view)).terminal.show();
  }

  dispose(): void {
    this.bag.dispose();
    for (const { terminal } of this.open.values()) terminal.dispose();
    this.open.clear();
  }

  private make({ id, name }: Pick<ServerView, 'id' | 'name'>): Open {
    const pty = new ServerTerminal(id, this.parts, () => {
      this.open.delete(id);
      pty.dispose();
    });
    const iconPath = new vscode.ThemeIcon('server');
    // Transient: after a reload VS Code would bring it back as a plain shell that is nobody's.
    const terminal = vscode.window.createTerminal({ name, pty, iconPath, isTransient: true });
    const made = { pty, terminal };
    this.open.set(id, made);
    return made;
  }

  private connection(isConnected: boolean): void {
    if (isConnected === this.wasConnected) return;
    this.wasConnected = isConnected;
    for (const { pty } of this.open.values()) {
      if (isConnected) pty.reconnected();
      else pty.lost();
    }
  }
}
