import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import type { Mirror } from '../mirror.js';
import { stateWord } from '../text/states.js';

/**
 * The servers a command was called on: a row of the tree with its fellow selected ones, or an id from elsewhere.
 * undefined: called without any, so that the user has to be asked.
 */
export function serversOf(item: unknown, items: unknown, mirror: Mirror): ServerView[] | undefined {
  const all = Array.isArray(items) && items.length > 0 ? (items as unknown[]) : [item];
  const ids = all.map(idOf).filter((id) => id !== undefined);
  if (ids.length === 0) return undefined;
  return ids.map((id) => mirror.get(id)).filter((view) => view !== undefined);
}

function idOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object' || item === null || !('id' in item)) return undefined;
  return typeof item.id === 'string' ? item.id : undefined;
}

/** Asks which server is meant; one at a time, since more can be selected in the view. */
export async function pickServers(views: readonly ServerView[], command: string): Promise<ServerView[]> {
  const { t } = vscode.l10n;
  // A command that acts at once must not act on a server that nobody named, so one candidate is shown as well.
  const items = views.map((view) => ({ label: view.name, description: stateWord(view, t), view }));
  const placeHolder = command === 'gameServers.start' ? t('Which server should start?') : t('Which server?');
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked === undefined ? [] : [picked.view];
}
