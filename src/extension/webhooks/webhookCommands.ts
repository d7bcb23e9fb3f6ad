import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import { alertsId } from '../../shared/secrets.js';
import type { CoreClient } from '../coreClient.js';
import { patiently } from '../games/patiently.js';
import { openSetting } from '../openSetting.js';
import type { Reporter } from '../report.js';
import { offerToRemember, type RememberParts } from '../secrets/offerToRemember.js';
import type { Passwords } from '../secrets/passwords.js';
import type { SettingsStore } from '../settings.js';
import type { Reader } from '../translate.js';
import { isOpen } from './address.js';
import { webhookActions, type WebhookAction } from './webhookActions.js';
import {
  mostWebhooks,
  webhookKey,
  webhookList,
  webhookRows,
  webhooksIn,
  withEnabled,
  withoutWebhook,
  type WebhookRow,
} from './webhookSettings.js';
import { kindLabel, testText, webhookState } from './webhookText.js';
import { addressBox, askWebhook } from './webhookWizard.js';

/** Longer than the background process itself tries. */
const testMs = 60_000;
const shownMs = 6000;
const offeredKey = 'offeredToRememberWebhooks';

interface Parts extends RememberParts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly mirror: { servers(): readonly Pick<ServerView, 'id' | 'name'>[] };
  readonly passwords: Pick<Passwords, 'set'>;
  readonly store: SettingsStore;
  readonly reporter: Pick<Reporter, 'failure'>;
  readonly reader: Reader;
}

type Named = Pick<WebhookRow, 'name' | 'kind'>;

/** Webhooks are added, changed, tried and removed: their entries in the settings, and their addresses, which are secrets. */
export class WebhookCommands {
  constructor(private readonly parts: Parts) {}

  async add(): Promise<void> {
    const { t } = this.parts.reader;
    const before = this.list();
    if (before.length >= mostWebhooks) {
      void vscode.window.showInformationMessage(t('There are {0} webhooks already: remove one first.', mostWebhooks));
      return;
    }
    const asked = await askWebhook(before, this.parts.mirror.servers());
    if (asked === undefined) return;
    const { address, entry } = asked;
    // The address first: a webhook without one would be told of.
    await this.keep(entry.name, address);
    try {
      await this.parts.store.set('webhooks', [...this.list(), entry]);
    } catch (error) {
      await this.keep(entry.name, null);
      throw error;
    }
    const note = isOpen(address) ? [t('Its messages go through your network as everybody there can read them.')] : [];
    const text = [t('The webhook {0} was added.', entry.name), ...note].join(' ');
    await Promise.all([this.offerTest(text, entry), this.offerToRemember()]);
  }

  /** name: one of them, without the list. */
  async manage(name?: string): Promise<void> {
    const { t } = this.parts.reader;
    const rows = await this.rows();
    const given = rows.find((row) => row.name === name);
    const add = { label: `$(add) ${t('Add Webhook…')}`, row: undefined };
    const items = [...rows.map((row) => this.item(row)), add];
    const placeHolder =
      rows.length === 0 ? t('There are no webhooks yet.') : t('Choose a webhook to see what can be done');
    const chosen =
      given === undefined
        ? await vscode.window.showQuickPick(items, { title: t('Webhooks'), placeHolder, matchOnDetail: true })
        : { row: given };
    if (chosen === undefined) return;
    if (chosen.row === undefined) await this.add();
    else await this.offerActions(chosen.row);
  }

  /** name: without being asked which. */
  async test(name?: string): Promise<void> {
    const { t } = this.parts.reader;
    const rows = await this.rows();
    const [first] = rows;
    if (first === undefined) {
      const add = t('Add Webhook…');
      const chosen = await vscode.window.showInformationMessage(t('There are no webhooks yet.'), add);
      if (chosen === add) await this.add();
      return;
    }
    const given = rows.find((row) => row.name === name) ?? (rows.length === 1 ? first : undefined);
    const items = rows.map((row) => this.item(row));
    const options = { title: t('Send Test Message'), placeHolder: t('To which webhook?') };
    const row = given ?? (await vscode.window.showQuickPick(items, options))?.row;
    if (row !== undefined) await this.testOne(row);
  }

  async changeAddress({ name, kind }: Named): Promise<void> {
    const { t } = this.parts.reader;
    const { prompt, placeholder, check } = addressBox(kind);
    const typed = await vscode.window.showInputBox({
      ...{ title: t('Address of {0}', name), prompt, placeHolder: placeholder, password: true },
      // An address is fetched from another window.
      ignoreFocusOut: true,
      validateInput: check,
    });
    if (typed === undefined || check(typed) !== undefined) return;
    await this.keep(name, typed.trim());
    await this.offerTest(t('The address of {0} was changed.', name), { name, kind });
  }

  private async offerActions(row: WebhookRow): Promise<void> {
    const { reader } = this.parts;
    const placeHolder = webhookState(row, Date.now(), reader).text;
    const chosen = await vscode.window.showQuickPick(webhookActions(row, reader.t), { title: row.name, placeHolder });
    if (chosen !== undefined) await this.perform(chosen.action, row);
  }

  private async perform(action: WebhookAction, row: WebhookRow): Promise<void> {
    switch (action) {
      case 'test':
        return await this.testOne(row);
      case 'address':
        return await this.changeAddress(row);
      case 'switch':
        return await this.switchOver(row);
      case 'edit':
        return await openSetting('webhooks');
      case 'remove':
        return await this.remove(row);
    }
  }

  private async switchOver({ name, enabled }: WebhookRow): Promise<void> {
    const { reader, store } = this.parts;
    const { t } = reader;
    await store.set('webhooks', withEnabled(this.list(), name, !enabled));
    const text = enabled ? t('The webhook {0} is switched off.', name) : t('The webhook {0} is switched on.', name);
    vscode.window.setStatusBarMessage(text, shownMs);
  }

  private async remove({ name }: Named): Promise<void> {
    const { reader, store } = this.parts;
    const { t } = reader;
    const confirm = t('Remove');
    const detail = t('Its address is forgotten here. Where it was made, it stays until you delete it there.');
    const question = t('Remove the webhook {0}?', name);
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
    const rest = withoutWebhook(this.list(), name);
    await store.set('webhooks', rest.length === 0 ? undefined : rest);
    await this.keep(name, null);
  }

  private async testOne(row: Named): Promise<void> {
    const { client, reader } = this.parts;
    const { t } = reader;
    const { name } = row;
    try {
      const tested = await patiently(t('Sending a test message to {0}…', name), (signal) =>
        client.request('alert/test', { target: name }, { timeoutMs: testMs, signal }),
      );
      if (tested === undefined) return;
      const { isFine, isAddress, text } = testText(row, tested.value, t);
      if (isFine) void vscode.window.showInformationMessage(text);
      else this.settle(this.offerRemedies(row, text, isAddress));
    } catch (error) {
      if (Failure.is(error, 'secret-missing')) this.settle(this.askForAddress(row));
      else if (Failure.is(error, 'invalid-definition') && error.data.field === 'target') this.settle(this.unknown(row));
      else throw error;
    }
  }

  /** Nobody knows where it is. */
  async askForAddress(row: Named): Promise<void> {
    const { t } = this.parts.reader;
    const enter = t('Enter Address…');
    const text = t('The address of the webhook {0} is not known here, so that it cannot be told anything.', row.name);
    if ((await vscode.window.showWarningMessage(text, enter)) === enter) await this.changeAddress(row);
  }

  private async unknown({ name }: Named): Promise<void> {
    const { t } = this.parts.reader;
    const open = t('Open Settings');
    const text = t('The webhook {0} is not in force: its entry in the settings is not right.', name);
    if ((await vscode.window.showWarningMessage(text, open)) === open) await openSetting('webhooks');
  }

  private async offerRemedies(row: Named, text: string, isAddress: boolean): Promise<void> {
    const { t } = this.parts.reader;
    const [change, again] = [t('Change Address…'), t('Test Again')];
    const chosen = await vscode.window.showErrorMessage(text, ...(isAddress ? [change] : []), again);
    if (chosen === change) await this.changeAddress(row);
    else if (chosen === again) await this.testOne(row);
  }

  private async offerTest(text: string, row: Named): Promise<void> {
    const send = this.parts.reader.t('Send Test Message');
    if ((await vscode.window.showInformationMessage(text, send)) === send) await this.testOne(row);
  }

  private async offerToRemember(): Promise<void> {
    const text = this.parts.reader.t(
      'Remember for unattended running? Webhooks are then told with no window open too; their addresses and the passwords are kept in a file that only you can read.',
    );
    await offerToRemember(this.parts, offeredKey, text);
  }

  private item(row: WebhookRow): vscode.QuickPickItem & { row: WebhookRow } {
    const { reader } = this.parts;
    const { icon, text } = webhookState(row, Date.now(), reader);
    return { label: `$(${icon}) ${row.name}`, description: kindLabel(row.kind, reader.t), detail: text, row };
  }

  private async rows(): Promise<WebhookRow[]> {
    return webhookRows(await this.parts.client.request('webhook/list', {}), webhooksIn(this.list()));
  }

  private list(): readonly unknown[] {
    return webhookList(this.parts.store.explicit('webhooks'));
  }

  private async keep(name: string, address: string | null): Promise<void> {
    await this.parts.passwords.set(alertsId, webhookKey(name), address);
  }

  /** A message may stay for long: nobody waits for it, and its failures are told all the same. */
  private settle(work: Promise<void>): void {
    work.catch((error: unknown) => this.parts.reporter.failure(error));
  }
}
