import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import { passwordKeys, type PasswordKey } from '../../shared/secrets.js';
import type { Reporter } from '../report.js';
import { passwordFault, passwordLabel, passwordQuestion } from '../text/passwordText.js';
import { offerToRemember, type RememberParts } from './offerToRemember.js';
import type { Passwords } from './passwords.js';

const offeredKey = 'offeredToRememberPasswords';

interface Parts extends RememberParts {
  readonly passwords: Passwords;
  readonly reporter: Reporter;
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
  if (!isSet) return;
  const text = vscode.l10n.t(
    'Remember for unattended running? Stops and restarts then work with no window open; passwords are kept in a file that only you can read.',
  );
  await offerToRemember(parts, offeredKey, text);
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
