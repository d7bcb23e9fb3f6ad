import * as vscode from 'vscode';
import type { ServerView } from '../shared/contract.js';
import { Failure, messageOf } from '../shared/failure.js';
import { actionTitle, failureText, type FailureAction } from './failures.js';
import type { Log } from './log.js';

type Named = Pick<ServerView, 'id' | 'name'>;

/** Actions that every failure may offer. The others belong to one flow, which does them itself. */
export type CommonAction = Exclude<FailureAction, 'keep-waiting' | 'force-kill'>;
export type CommonActions = Record<CommonAction, (server: Named | undefined) => unknown>;

/** Turns failures into one sentence and buttons, and into a line of the log. */
export class Reporter {
  constructor(
    private readonly log: Log,
    private readonly actions: CommonActions,
  ) {}

  /** Resolves with the action of one flow when that was chosen; the common ones are done here. */
  async failure(error: unknown, server?: Named): Promise<FailureAction | undefined> {
    const { t } = vscode.l10n;
    const failure = Failure.is(error) ? error : new Failure('io', { detail: messageOf(error) }, messageOf(error));
    this.log.warn('command failed', { code: failure.code, server: server?.id, data: failure.data });
    const { text, actions, mild } = failureText(failure.code, failure.data, server?.name ?? t('Game Servers'), t);
    const buttons = actions.map((action) => ({ title: actionTitle(action, t), action }));
    const show = mild === true ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
    const chosen = (await show(text, ...buttons))?.action;
    if (chosen === undefined || chosen === 'keep-waiting' || chosen === 'force-kill') return chosen;
    await this.actions[chosen](server);
    return undefined;
  }

  /** Runs it for each server at the same time; every failure is told under its server's name. */
  async each(servers: readonly ServerView[], run: (view: ServerView) => Promise<unknown>): Promise<void> {
    await Promise.all(
      servers.map(async (view) => {
        try {
          await run(view);
        } catch (error) {
          // Not awaited by the others: a message may stay open for long.
          await this.failure(error, view);
        }
      }),
    );
  }
}
