import * as vscode from 'vscode';
import type { Definition } from '../../shared/contract.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import type { Settings, SettingsStore } from '../settings.js';
import type { Translate } from '../translate.js';
import { lowServers, priorityOffer, settingChanges, settingOffer, type Offer } from './recommended.js';

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly mirror: Pick<Mirror, 'servers'>;
  readonly reporter: Pick<Reporter, 'failure'>;
  readonly settings: Pick<Settings, 'get'>;
  readonly store: Pick<SettingsStore, 'explicit' | 'set'>;
}

interface Item extends Offer {
  readonly picked: boolean;
  /** Makes the change; what it gives back undoes it. */
  apply(this: void): Promise<Undo>;
}
type Undo = () => Promise<void>;

/** Shows what would change, changes what is confirmed, and offers to take it back. */
export async function applyRecommended(parts: Parts): Promise<void> {
  const t: Translate = vscode.l10n.t;
  const title = t('Apply Recommended Settings (Game PC)');
  const items = [...settingItems(parts, t), ...(await serverItems(parts, t))];
  if (items.length === 0) {
    void vscode.window.showInformationMessage(t('Everything is as recommended; there is nothing to change.'));
    return;
  }
  const placeHolder = t('These changes are made when you confirm');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, canPickMany: true });
  if (chosen === undefined || chosen.length === 0) return;
  const undos: Undo[] = [];
  for (const { apply } of chosen) await attempt(parts, async () => void undos.push(await apply()));
  if (undos.length === 0) return;
  const undo = t('Undo');
  const text = t('Recommended settings were applied ({0} changes).', undos.length);
  // Not waited for: the message may stay for long.
  void vscode.window.showInformationMessage(text, undo).then(async (answer) => {
    if (answer !== undo) return;
    for (const one of undos.reverse()) await attempt(parts, one);
    void vscode.window.showInformationMessage(t('The settings are as they were before.'));
  });
}

function settingItems({ settings, store }: Parts, t: Translate): Item[] {
  return settingChanges((key) => settings.get(key)).map((change) => ({
    ...settingOffer(change, t),
    picked: true,
    apply: async () => {
      // What was the default is to be the default again, not set to the same.
      const before = store.explicit(change.key);
      await store.set(change.key, change.to);
      return () => store.set(change.key, before);
    },
  }));
}

async function serverItems({ client, mirror }: Parts, t: Translate): Promise<Item[]> {
  const ids = mirror.servers().map(({ id }) => id);
  const [{ canRaise = false }, ...definitions] = await Promise.all([
    client.request('core/status', {}),
    ...ids.map((id) => client.request('server/get', { id })),
  ]);
  return lowServers(definitions).map((definition) => ({
    ...priorityOffer(definition, canRaise, t),
    picked: canRaise,
    apply: async () => {
      await setPriority(client, definition.id, 'above-normal');
      return () => setPriority(client, definition.id, definition.priority);
    },
  }));
}

/** Over what the definition says by then: it may have been changed otherwise meanwhile. */
async function setPriority(client: Parts['client'], id: string, priority: Definition['priority']): Promise<void> {
  const { priority: _, ...rest } = await client.request('server/get', { id });
  await client.request('server/update', { definition: priority === undefined ? rest : { ...rest, priority } });
}

async function attempt({ reporter }: Parts, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await reporter.failure(error);
  }
}
