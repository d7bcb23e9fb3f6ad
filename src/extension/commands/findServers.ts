import * as vscode from 'vscode';
import type { CoreClient } from '../coreClient.js';
import { Failure } from '../../shared/failure.js';
import { foundGroups, type Found } from '../text/foundText.js';
import { viewId } from '../viewId.js';

/** When it takes so long, there is something to cancel. */
const noticeMs = 1000;

/** What is on this PC; undefined when that was called off. */
export async function detect(client: CoreClient): Promise<Found[] | undefined> {
  const stop = new AbortController();
  const asked = client.request('server/detect', {}, { timeoutMs: 60_000, signal: stop.signal });
  const settled = asked.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => {
    const title = vscode.l10n.t('Looking for game servers on this PC…');
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
      token.onCancellationRequested(() => stop.abort());
      await settled;
    });
  }, noticeMs);
  try {
    return await vscode.window.withProgress({ location: { viewId } }, () => asked);
  } catch (error) {
    if (stop.signal.aborted || Failure.is(error, 'cancelled')) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Those that are to be in the list; undefined when given up. What runs is chosen beforehand. */
export async function chooseFound(found: readonly Found[]): Promise<Found[] | undefined> {
  const { t } = vscode.l10n;
  const items = foundGroups(found, t).flatMap(({ title, items: group }) => [
    { label: title, kind: vscode.QuickPickItemKind.Separator, found: undefined },
    ...group.map((item) => ({ ...item, picked: item.found.pid !== null })),
  ]);
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
    title: t('Find Servers on This PC'),
    placeHolder: t('Which of these servers should be in the list?'),
  });
  return chosen?.flatMap(({ found: one }) => one ?? []);
}
