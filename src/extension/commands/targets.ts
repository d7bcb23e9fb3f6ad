import * as vscode from 'vscode';
import type { Alert, ServerView } from '../../shared/contract.js';
import type { AlertMirror } from '../alerts/alertMirror.js';
import type { Mirror } from '../mirror.js';
import { stateWord } from '../text/states.js';

/**
 * The servers a command was called on: a row of the tree with its fellow selected ones, or an id from elsewhere.
 * undefined: called without any, so that the user has to be asked.
 */
export function serversOf(item: unknown, items: unknown, mirror: Mirror): ServerView[] | undefined {
  const ids = given(item, items)
    .map((one) => (typeof one === 'string' ? one : wordOf(one, 'id')))
    .filter((id) => id !== undefined);
  if (ids.length === 0) return undefined;
  return ids.map((id) => mirror.get(id)).filter((view) => view !== undefined);
}

/** The alerts a command was called on: a row of their list with its fellow selected ones. Those that are gone are left out. */
export function alertsOf(item: unknown, items: unknown, alerts: Pick<AlertMirror, 'get'>): Alert[] {
  return given(item, items)
    .map((one) => wordOf(one, 'alert'))
    .map((id) => (id === undefined ? undefined : alerts.get(id)))
    .filter((alert) => alert !== undefined);
}

function given(item: unknown, items: unknown): unknown[] {
  return Array.isArray(items) && items.length > 0 ? (items as unknown[]) : [item];
}

function wordOf(item: unknown, key: 'id' | 'alert'): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const value: unknown = (item as Partial<Record<typeof key, unknown>>)[key];
  return typeof value === 'string' ? value : undefined;
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
