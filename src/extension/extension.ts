import * as vscode from 'vscode';
import { compose } from './compose.js';

/** Waits for nothing: the window must not feel this. Closing it stops no server and no monitoring. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const log = vscode.window.createOutputChannel(vscode.l10n.t('Game Servers'), { log: true });
  // The channel goes last: the others may still have something to say.
  context.subscriptions.push(compose(context, log), log);
  log.info(`activated in ${(performance.now() - began).toFixed(1)} ms`);
}

export function deactivate(): void {
  // Everything is in the context's subscriptions, and nothing there waits.
}
