import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import { passwordKeys, type PasswordKey } from '../../shared/secrets.js';
import type { Reporter } from '../report.js';
import { settingsSection, type Settings } from '../settings.js';
import { passwordFault, passwordLabel, passwordQuestion } from '../text/passwordText.js';
import type { Passwords } from './passwords.js';

const offeredKey = 'offeredToRememberPasswords';

interface Parts {
  readonly passwords: Passwords;
  readonly reporter: Reporter;
  readonly settings: Settings;
  readonly memory: vscode.Memento;
}

/**
 * Asks for a password of each server, one after the other; ends at the first question that is not answered. wanted: which
 * one, where that is known already.
 */
export async function setPassword(parts: Parts, views: readonly ServerView[], wanted?: PasswordKey): Promise<void> {
  let isSet = false;
  for (const view of views) {
    const key = wanted ?? (await chooseKey(parts.passwords, view));
    if (key === undefined) break;
    const value = await askFor(key, view);
    if (value === undefined) break;
    try {
      await parts.passwords.set(view.id, key, value === '' ? null : value);
      isSet ||= value !== '';
    } catch (error) {
      await parts.reporter.failure(error, view);
    }
  }
  if (isSet) await offerToRemember(parts);
}

async function chooseKey(passwords: Passwords, view: ServerView): Promise<PasswordKey | undefined> {
  const { t } = vscode.l10n;
  const missing = passwordKeys.filter((key) => view.secretsMissing.includes(key));
  if (missing.length === 1) return missing[0];
  const items = await Promise.all(
    passwordKeys.map(async (key) => {
      const isKept = !missing.includes(key) && (await passwords.has(view.id, key));
      const description = missing.includes(key) ? t('missing') : isKept ? t('kept in VS Code') : '';
      return { label: passwordLabel(key, t), description, key };
    }),
  );
  items.sort((a, b) => Number(missing.includes(b.key)) - Number(missing.includes(a.key)));
  const options = { title: t('Set Password'), placeHolder: t('Which password of {0}?', view.name) };
  return (await vscode.window.showQuickPick(items, options))?.key;
}

async function askFor(key: PasswordKey, view: ServerView): Promise<string | undefined> {
  const { t } = vscode.l10n;
  return await vscode.window.showInputBox({
    title: t('Set Password'),
    prompt: passwordQuestion(key, view.name, t),
    placeHolder: t('Leave empty to forget it'),
    password: true,
    // A password is often fetched from another window.
    ignoreFocusOut: true,
    validateInput: (text) => passwordFault(text, t),
  });
}

/** Once, and not where somebody has decided already. */
async function offerToRemember({ settings, memory }: Parts): Promise<void> {
  const { t } = vscode.l10n;
  const isDecided = settings.forMonitoring(new Set()).keys.has('rememberPasswords');
  if (process.platform === 'win32' || isDecided || memory.get(offeredKey, false)) return;
  await memory.update(offeredKey, true);
  const remember = t('Remember');
  const chosen = await vscode.window.showInformationMessage(
    t(
      'Remember for unattended running? Stops and restarts then work with no window open; passwords are kept in a file that only you can read.',
    ),
    remember,
    t('Only in VS Code'),
  );
  if (chosen !== remember) return;
  const configuration = vscode.workspace.getConfiguration(settingsSection);
  await configuration.update('rememberPasswords', true, vscode.ConfigurationTarget.Global);
}
