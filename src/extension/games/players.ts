import * as vscode from 'vscode';
import type { Requests, ServerView } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import { plainReply } from '../console/sendCommand.js';
import type { CoreClient } from '../coreClient.js';
import { failureText } from '../failures.js';
import type { Log } from '../log.js';
import type { Reporter } from '../report.js';
import type { Reader } from '../translate.js';
import { patiently } from './patiently.js';
import {
  doneText,
  peakText,
  playerActions,
  playerActionTitle,
  playerRows,
  statsFrom,
  type ChosenPlayer,
  type KnownPlayers,
  type PlayerAction,
  type PlayerRow,
} from './playersText.js';

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly reporter: Pick<Reporter, 'failure'>;
  readonly reader: Reader;
  readonly log: Log;
}
type PlayerItem = vscode.QuickPickItem & { readonly player?: ChosenPlayer };

const askMs = 20_000;
const actionMs = 30_000;
const longestReason = 200;

/** Who is on and who was, and what can be done with them. */
export class Players {
  constructor(private readonly parts: Parts) {}

  /** One server after the other; ends where a list is left without a choice. */
  async show(views: readonly ServerView[]): Promise<void> {
    for (const view of views) {
      try {
        const player = await this.choose(view);
        if (player === undefined) return;
        await this.act(player, view);
      } catch (error) {
        await this.parts.reporter.failure(error, view);
      }
    }
  }

  /** Shown at once and filled as the answers come; Escape does not wait for them. */
  private async choose(view: ServerView): Promise<ChosenPlayer | undefined> {
    const { t } = this.parts.reader;
    const pick = vscode.window.createQuickPick<PlayerItem>();
    pick.title = t('Players of {0}', view.name);
    pick.placeholder = t('Asking who is on…');
    pick.matchOnDescription = true;
    pick.busy = true;
    const controller = new AbortController();
    const chosen = new Promise<ChosenPlayer | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const player = pick.selectedItems[0]?.player;
        if (player === undefined) return;
        resolve(player);
        pick.hide();
      });
      pick.onDidHide(() => {
        controller.abort();
        resolve(undefined);
      });
    });
    pick.show();
    void this.fill(pick, view, controller.signal);
    try {
      return await chosen;
    } finally {
      pick.dispose();
    }
  }

  private async fill(pick: vscode.QuickPick<PlayerItem>, view: ServerView, signal: AbortSignal): Promise<void> {
    const { reader } = this.parts;
    const { t } = reader;
    let known: KnownPlayers = { online: undefined, stats: undefined };
    const take = (more: Partial<KnownPlayers>): void => {
      if (signal.aborted) return;
      known = { ...known, ...more };
      pick.items = playerRows(known, Date.now(), reader).map(itemOf);
    };
    await Promise.all([
      this.online(view, signal).then((online) => {
        take({ online });
      }),
      this.stats(view, signal).then((stats) => {
        take({ stats });
      }),
    ]);
    if (signal.aborted) return;
    pick.busy = false;
    pick.placeholder = peakText(known.stats, Date.now(), reader) ?? t('Choose a player to see what can be done');
  }

  private async online(view: ServerView, signal: AbortSignal): Promise<NonNullable<KnownPlayers['online']>> {
    const { t } = this.parts.reader;
    if (view.state !== 'running') return { text: t('{0} is not running.', view.name) };
    try {
      return await this.parts.client.request('server/players', { id: view.id }, { timeoutMs: askMs, signal });
    } catch (error) {
      if (Failure.is(error, 'unsupported')) return { text: t('This game does not tell who is on.') };
      const failure = Failure.is(error) ? error : new Failure('io', { detail: messageOf(error) });
      return { text: failureText(failure.code, failure.data, view.name, t).text };
    }
  }

  /** What is not known of earlier days is left out: who is on is what was asked for. */
  private async stats(
    view: ServerView,
    signal: AbortSignal,
  ): Promise<Requests['server/playerStats']['result'] | undefined> {
    const now = Date.now();
    try {
      const params = { id: view.id, from: statsFrom(now), to: now };
      return await this.parts.client.request('server/playerStats', params, { timeoutMs: askMs, signal });
    } catch (error) {
      if (!signal.aborted) this.parts.log.warn('no players of earlier days', { id: view.id, error: messageOf(error) });
      return undefined;
    }
  }

  private async act(player: ChosenPlayer, view: ServerView): Promise<void> {
    const { t } = this.parts.reader;
    const items = playerActions(player, view).map((action) => ({ label: playerActionTitle(action, t), action }));
    const chosen = await vscode.window.showQuickPick(items, { title: t('{0} on {1}', player.name, view.name) });
    if (chosen === undefined) return;
    if (chosen.action === 'copy') await vscode.env.clipboard.writeText(player.name);
    else await this.tell(chosen.action, player, view);
  }

  private async tell(action: Exclude<PlayerAction, 'copy'>, player: ChosenPlayer, view: ServerView): Promise<void> {
    const { client, reader } = this.parts;
    const { t } = reader;
    const reason = action === 'unban' ? '' : await this.askReason(action, player);
    if (reason === undefined) return;
    if (action === 'ban' && !(await this.confirmsBan(player, view))) return;
    const args = { player: player.id ?? player.name, ...(reason === '' ? {} : { reason }) };
    const answer = await patiently(t('{0}: telling the game…', view.name), (signal) =>
      client.request('server/action', { id: view.id, name: action, args }, { timeoutMs: actionMs, signal }),
    ).catch((error: unknown) => {
      // Not of the server's entry, which the code is for otherwise.
      if (!Failure.is(error, 'invalid-definition')) throw error;
      void vscode.window.showErrorMessage(refusedText(error, view.name, t));
      return undefined;
    });
    if (answer === undefined) return;
    const reply = typeof answer.value === 'string' ? plainReply(answer.value) : '';
    const done = doneText(action, player.name, t);
    // The game's own words may say that it did not happen.
    if (reply === '') vscode.window.setStatusBarMessage(done, 5000);
    else void vscode.window.showInformationMessage(t('{0}: {1}', view.name, reply));
  }

  private async askReason(action: 'kick' | 'ban', { name }: ChosenPlayer): Promise<string | undefined> {
    const { t } = this.parts.reader;
    const typed = await vscode.window.showInputBox({
      title: action === 'kick' ? t('Kick {0}', name) : t('Ban {0}', name),
      prompt: t('The reason, where the game passes it on; leave empty for none'),
      validateInput: (text) => (text.length > longestReason ? t('At most {0} characters.', longestReason) : undefined),
    });
    return typed?.trim();
  }

  private async confirmsBan({ name }: ChosenPlayer, view: ServerView): Promise<boolean> {
    const { t } = this.parts.reader;
    const confirm = t('Ban');
    const detail = t('The game throws this player out and lets them in no more.');
    const question = t('Ban {0} from {1}?', name, view.name);
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) === confirm;
  }
}

function refusedText({ data }: Failure, name: string, t: Reader['t']): string {
  if (data.field === 'reason') return t('{0}: The game does not take this reason.', name);
  return data.field === 'player'
    ? t('{0}: The game cannot be told this name.', name)
    : t('{0}: The game does not take this.', name);
}

function itemOf({ label, description, icon, isHeading, player }: PlayerRow): PlayerItem {
  if (isHeading === true) return { label, kind: vscode.QuickPickItemKind.Separator };
  return {
    ...{ label, description },
    ...(icon === undefined ? { alwaysShow: true } : { iconPath: new vscode.ThemeIcon(icon) }),
    ...(player === undefined ? {} : { player }),
  };
}
