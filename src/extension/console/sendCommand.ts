import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import type { CoreClient } from '../coreClient.js';
import type { Reporter } from '../report.js';
import { sanitizeLine } from './sanitize.js';

/** Asks for one line and sends it to the consoles of these servers; answers are shown, and so is their absence. */
export async function sendCommand(
  client: CoreClient,
  reporter: Reporter,
  showConsole: (views: readonly ServerView[]) => void,
  views: readonly ServerView[],
): Promise<void> {
  const { t } = vscode.l10n;
  const names = views.map(({ name }) => name).join(', ');
  const line = await vscode.window.showInputBox({
    title: t('Console command for {0}', names),
    prompt: t('One line, as you would type it in the console of the game'),
    validateInput: (text) => (text.length > 2000 ? t('At most 2000 characters.') : undefined),
  });
  if (line === undefined || line.trim() === '') return;
  await reporter.each(views, async (view) => {
    const { reply } = await client.request('server/send', { id: view.id, line });
    const answer = reply === null ? '' : plainReply(reply);
    if (answer === '') {
      // Nothing that anybody has to click away.
      vscode.window.setStatusBarMessage(t('Sent to {0}.', view.name), 4000);
      return;
    }
    const open = t('Open Console');
    const chosen = await vscode.window.showInformationMessage(t('{0}: {1}', view.name, answer), open);
    if (chosen === open) showConsole([view]);
  });
}

/** What a game has said, for a message: that takes no colours, and not much text. */
export function plainReply(reply: string): string {
  const text = reply
    .split('\n')
    // eslint-disable-next-line no-control-regex -- what sanitizeLine lets through
    .map((line) => sanitizeLine(line).replace(/\x1b\[[0-9;:]*m/g, ''))
    .join(' ')
    .trim();
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
