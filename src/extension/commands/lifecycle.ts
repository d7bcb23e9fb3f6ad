import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import { gameRow } from '../../shared/games.js';
import type { StopQuestions } from '../alerts/stopQuestions.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import type { Reader } from '../translate.js';
import { viewId } from '../viewId.js';
import { countdownChoices, parseSeconds } from './countdown.js';
import { StopWatch } from './stopWatch.js';

type Views = readonly ServerView[];
interface StopRequest {
  readonly method: 'server/stop' | 'server/restart';
  readonly mode: 'stop' | 'graceful';
  readonly countdownSeconds?: number;
}

const keepWaitingMs = 60_000;

/** Start, stop, restart, kill: what is asked, what is shown meanwhile, and what is said at the end. */
export class Lifecycle {
  private readonly watch: StopWatch;

  constructor(
    private readonly client: CoreClient,
    private readonly mirror: Mirror,
    private readonly reporter: Reporter,
    private readonly reader: Reader,
    private readonly questions: StopQuestions,
  ) {
    this.watch = new StopWatch(mirror, reader);
  }

  async start(views: Views): Promise<void> {
    await this.reporter.each(views, async ({ id }) => {
      // Until it is ready, which may take minutes; the row spins and says for how long.
      const work = this.client.request('server/start', { id }, { timeoutMs: null });
      this.mirror.take(await inView(work));
    });
  }

  async stop(views: Views): Promise<void> {
    await this.reporter.each(views, (view) => this.end(view, { method: 'server/stop', mode: 'stop' }));
  }

  /** Every server at the same time, each in order by itself; asked once, with their names. */
  async stopAll(): Promise<void> {
    const { t } = this.reader;
    const states = ['running', 'starting', 'restarting'];
    const views = this.mirror.servers().filter(({ state }) => states.includes(state));
    const [first] = views;
    if (first === undefined) {
      void vscode.window.showInformationMessage(t('There is no running server to stop.'));
      return;
    }
    const question = views.length === 1 ? t('Stop {0}?', first.name) : t('Stop all {0} servers?', views.length);
    const names = views.map(({ name }) => name).join(', ');
    const detail = [t('Each saves its world first, without a countdown for its players.'), names].join('\n\n');
    const confirm = t('Stop All');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) === confirm) {
      await this.stop(views);
    }
  }

  async restart(views: Views): Promise<void> {
    await this.reporter.each(views, (view) => this.end(view, { method: 'server/restart', mode: 'stop' }));
  }

  async gracefulStop(views: Views): Promise<void> {
    const countdown = await this.askCountdown(views);
    if (countdown === undefined) return;
    await this.reporter.each(views, (view) =>
      this.end(view, {
        method: 'server/stop',
        mode: 'graceful',
        ...(countdown === 'default' ? {} : { countdownSeconds: countdown }),
      }),
    );
  }

  async cancelStop(views: Views): Promise<void> {
    await this.reporter.each(views, async ({ id, name }) => {
      try {
        this.mirror.take(await this.client.request('server/cancelStop', { id }));
      } catch (error) {
        if (!Failure.is(error, 'busy')) throw error;
        void vscode.window.showInformationMessage(this.reader.t('Too late: {0} has been told to stop already.', name));
      }
    });
  }

  async kill(views: Views): Promise<void> {
    const { t } = this.reader;
    const [first] = views;
    if (first === undefined) return;
    const question = views.length === 1 ? t('Force kill {0}?', first.name) : t('Force kill {0} servers?', views.length);
    const detail = [
      t('It ends at once. What happened in the world since its last save is lost.'),
      ...(views.length === 1 ? [] : [views.map(({ name }) => name).join(', ')]),
    ].join('\n\n');
    const confirm = t('Force Kill');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
    await this.reporter.each(views, async ({ id }) => {
      this.mirror.take(await inView(this.client.request('server/kill', { id }, { timeoutMs: 60_000 })));
    });
  }

  private async end(view: ServerView, { method, ...how }: StopRequest): Promise<void> {
    this.questions.begin(view.id);
    const work = this.client.request(method, { id: view.id, ...how }, { timeoutMs: null });
    // Whoever waits below hears of the failure; nobody else has to.
    work.catch(() => undefined);
    void inView(work).catch(() => undefined);
    const cancel = (): void => void this.cancelStop([view]);
    const watching = this.watch.follow(view, { restart: method === 'server/restart', cancel });
    // Gone before anything is said: a message may stay open for long.
    const ended = work.finally(() => {
      watching.dispose();
      this.questions.end(view.id);
    });
    try {
      this.mirror.take((await ended).view);
    } catch (error) {
      if (Failure.is(error, 'stop-timeout')) await this.stillThere(view, error);
      // Whoever cancelled it knows; those in other windows see the row.
      else if (Failure.is(error, 'cancelled')) this.sayCancelled(view);
      // The connection went, the stop goes on: the row tells when it is back.
      else if (!Failure.is(error, 'unreachable')) throw error;
    }
  }

  private sayCancelled({ name }: ServerView): void {
    vscode.window.setStatusBarMessage(this.reader.t('{0} keeps running: the stop was cancelled.', name), 5000);
  }

  private async stillThere(view: ServerView, failure: Failure): Promise<void> {
    for (;;) {
      const chosen = await this.reporter.failure(failure, view);
      if (chosen !== undefined) this.questions.answered(view.id);
      const now = this.mirror.get(view.id);
      if (now?.state !== 'stopping' || chosen === undefined) return;
      if (chosen === 'force-kill') {
        await this.kill([now]);
        return;
      }
      if (await this.watch.stopped(view, keepWaitingMs)) return;
    }
  }

  private async askCountdown(views: Views): Promise<number | 'default' | undefined> {
    const { t } = this.reader;
    const games = new Set(views.map(({ game }) => game));
    const [game] = games;
    const usual = games.size === 1 && game !== undefined ? gameRow(game)?.announceSeconds : undefined;
    const picked = await vscode.window.showQuickPick(countdownChoices(usual, this.reader), {
      placeHolder: t('How long should players be warned before it stops?'),
    });
    if (picked === undefined) return undefined;
    if (picked.value !== 'custom') return picked.value;
    const typed = await vscode.window.showInputBox({
      prompt: t('Countdown in seconds'),
      value: '120',
      validateInput: (text) => (parseSeconds(text) === undefined ? t('A number from 0 to 3600') : undefined),
    });
    return typed === undefined ? undefined : parseSeconds(typed);
  }
}

/** The thin progress bar of the view: enough for what is seen in the row as well. */
async function inView<T>(work: Promise<T>): Promise<T> {
  return await vscode.window.withProgress({ location: { viewId } }, () => work);
}
