import * as vscode from 'vscode';
import { Bag, type Disposable } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';
import type { MonitoringSettings } from '../monitoringSettings.js';
import type { Reporter } from '../report.js';
import { SettingFaults } from '../settingFaults.js';
import type { Passwords } from '../secrets/passwords.js';
import type { Settings } from '../settings.js';
import type { Reader } from '../translate.js';
import { vscodeSettings } from '../vscodeSettings.js';
import { WebhookCommands } from './webhookCommands.js';
import { WebhookSecrets, type Unaddressed } from './webhookSecrets.js';

interface Parts {
  readonly client: CoreClient;
  readonly mirror: Mirror;
  readonly monitoring: MonitoringSettings;
  readonly passwords: Passwords;
  readonly settings: Settings;
  readonly reporter: Reporter;
  readonly memory: vscode.Memento;
  readonly reader: Reader;
  readonly log: Log;
}

/** The webhooks of this user: their commands, their addresses, and what is wrong with their settings. */
export function registerWebhooks(parts: Parts): Disposable & { readonly commands: WebhookCommands } {
  const { client, monitoring, passwords, reporter, log } = parts;
  const bag = new Bag();
  const commands = new WebhookCommands({ ...parts, store: vscodeSettings });
  bag.add(new SettingFaults(monitoring, log));
  bag.add(
    new WebhookSecrets({
      ...{ client, monitoring, passwords, log },
      window: {
        isFocused: () => vscode.window.state.focused,
        onDidFocus: (listener) => vscode.window.onDidChangeWindowState(({ focused }) => focused && listener()),
      },
      tell: async (webhooks) => {
        try {
          await tellOf(webhooks, commands);
        } catch (error) {
          await reporter.failure(error);
        }
      },
    }),
  );
  return { commands, dispose: () => bag.dispose() };
}

async function tellOf(webhooks: readonly Unaddressed[], commands: WebhookCommands): Promise<void> {
  const { t } = vscode.l10n;
  const [first, ...more] = webhooks;
  if (first === undefined) return;
  if (more.length === 0) return await commands.askForAddress(first);
  const manage = t('Manage Webhooks…');
  const names = webhooks.map(({ name }) => name).join(', ');
  const text = t('The addresses of {0} webhooks are not known here: {1}', webhooks.length, names);
  if ((await vscode.window.showWarningMessage(text, manage)) === manage) await commands.manage();
}
