import * as vscode from 'vscode';
import type { CoreClient } from './coreClient.js';
import { viewId } from './viewId.js';

/** The thin bar on top of the view, for as long as the connection is being made. */
export class ViewProgress {
  private readonly subscription: { dispose(): void };
  private end: (() => void) | undefined;

  constructor(client: CoreClient) {
    this.subscription = client.onDidChange(({ at }) => {
      if (at === 'connecting') this.begin();
      else this.finish();
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.finish();
  }

  private begin(): void {
    if (this.end !== undefined) return;
    void vscode.window.withProgress(
      { location: { viewId } },
      () => new Promise<void>((resolve) => (this.end = resolve)),
    );
  }

  private finish(): void {
    this.end?.();
    this.end = undefined;
  }
}
