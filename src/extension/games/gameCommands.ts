import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import type { CoreClient } from '../coreClient.js';
import type { Reporter } from '../report.js';
import { tookText } from '../text/format.js';
import type { Reader } from '../translate.js';
import { patiently } from './patiently.js';
import { testItems, type TestRemedy } from './testText.js';

type Views = readonly ServerView[];

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly reporter: Pick<Reporter, 'each'>;
  readonly reader: Reader;
}

/** A world may be large; the background process itself gives up before. */
const saveMs = 70_000;
const announceMs = 30_000;
const testMs = 30_000;
const longestAnnouncement = 200;
const shownMs = 6000;

/** What a game is told and asked at somebody's wish: save, tell the players, whether it can be reached. */
export class GameCommands {
  constructor(private readonly parts: Parts) {}

  async saveNow(views: Views): Promise<void> {
    const { client, reporter, reader } = this.parts;
    const { t } = reader;
    await reporter.each(views, async ({ id, name }) => {
      const saved = await patiently(t('{0}: saving…', name), (signal) =>
        client.request('server/save', { id }, { timeoutMs: saveMs, signal }),
      );
      if (saved === undefined) {
        vscode.window.setStatusBarMessage(t('{0} may still be saving.', name), shownMs);
      } else if (saved.value.confirmed) {
        const took = tookText(saved.value.tookMs, reader);
        vscode.window.setStatusBarMessage(t('{0}: Saved in {1}.', name, took), shownMs);
      } else {
        const text = t('{0}: The game was told to save; it has not confirmed it.', name);
        void vscode.window.showInformationMessage(text);
      }
    });
  }

  async announce(views: Views): Promise<void> {
    const { client, reporter, reader } = this.parts;
    const { t } = reader;
    const typed = await vscode.window.showInputBox({
      title: t('Announce to the players of {0}', views.map(({ name }) => name).join(', ')),
      prompt: t('Everybody who plays now gets to read it'),
      validateInput: (text) => this.announcementFault(text),
    });
    const text = typed?.trim() ?? '';
    if (text === '') return;
    await reporter.each(views, async ({ id, name }) => {
      const sent = await patiently(t('{0}: telling the players…', name), (signal) =>
        client.request('server/announce', { id, text }, { timeoutMs: announceMs, signal }),
      );
      if (sent !== undefined) vscode.window.setStatusBarMessage(t('Sent to {0}.', name), shownMs);
    });
  }

  /** One server after the other: each has a list of its own. */
  async testConnection(views: Views): Promise<void> {
    for (const view of views) await this.parts.reporter.each([view], () => this.testOne(view));
  }

  private announcementFault(text: string): string | undefined {
    const { t } = this.parts.reader;
    if (text.length > longestAnnouncement) return t('At most {0} characters.', longestAnnouncement);
    return /[\0\r\n]/.test(text) ? t('It must be a single line.') : undefined;
  }

  private async testOne(view: ServerView): Promise<void> {
    const { client, reader } = this.parts;
    const { t } = reader;
    const { id, name } = view;
    const tested = await patiently(t('{0}: asking the game…', name), (signal) =>
      client.request('server/test', { id }, { timeoutMs: testMs, signal }),
    );
    if (tested === undefined) return;
    const items = testItems(tested.value, reader).map((item) => ({
      ...item,
      iconPath: new vscode.ThemeIcon(item.icon),
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: t('Game connection of {0}', name),
      placeHolder:
        tested.value.length === 0
          ? t('No way to ask this game is set up.')
          : t('What the game answers by each way that is set up'),
    });
    if (chosen?.remedy !== undefined) await this.remedy(chosen.remedy, view);
  }

  private async remedy(remedy: TestRemedy, view: ServerView): Promise<void> {
    if (remedy === 'test-again') await this.testOne(view);
    else await vscode.commands.executeCommand(`gameServers.${remedy}`, view.id);
  }
}
