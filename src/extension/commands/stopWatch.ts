import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import type { Disposable } from '../bag.js';
import type { Mirror } from '../mirror.js';
import type { Reader } from '../translate.js';
import { canBeCancelled, stopText } from '../text/stopText.js';

interface Options {
  readonly restart: boolean;
  /** Asked for while the players are being warned. */
  readonly cancel: () => void;
}

/** Most stops are over sooner, and the row says enough for those. */
const quietMs = 1000;
/** Between the countdown and the rest: a stop that was cancelled ends here, and has nothing more to show. */
const betweenMs = 500;

/** Shows the steps of a stop in a notification while it takes longer than a moment. */
export class StopWatch {
  constructor(
    private readonly mirror: Mirror,
    private readonly reader: Reader,
  ) {}

  /** Until disposed. */
  follow(view: ServerView, options: Options): Disposable {
    let ended = false;
    let end = (): void => undefined;
    const timer = setTimeout(() => {
      void (async () => {
        // Two notifications one after the other: a button that no longer works must not stay on the screen.
        while (!ended) {
          await this.phase(view, options, (finish) => {
            end = finish;
            // It may have ended while VS Code was getting the notification ready.
            if (ended) finish();
          });
          await new Promise((resolve) => setTimeout(resolve, betweenMs));
        }
      })();
    }, quietMs);
    return {
      dispose: () => {
        ended = true;
        clearTimeout(timer);
        end();
      },
    };
  }

  /** True when it has stopped within the time. */
  async stopped({ id, name }: ServerView, withinMs: number): Promise<boolean> {
    const isOver = (): boolean => this.mirror.connection === 'connected' && this.mirror.get(id)?.state !== 'stopping';
    const title = this.reader.t('Waiting until {0} has stopped', name);
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async () => {
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          subscription.dispose();
          resolve();
        };
        const timer = setTimeout(finish, withinMs);
        const subscription = this.mirror.onDidChange(() => {
          if (isOver()) finish();
        });
        if (isOver()) finish();
      });
    });
    return isOver();
  }

  private async phase(view: ServerView, options: Options, onEnd: (finish: () => void) => void): Promise<void> {
    const cancellable = canBeCancelled(this.mirror.stopping(view.id));
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: view.name, cancellable },
      async (progress, token) => {
        await new Promise<void>((resolve) => {
          const tell = (): void => {
            const now = this.mirror.stopping(view.id);
            if (canBeCancelled(now) !== cancellable) finish();
            else progress.report({ message: this.message(view, options) });
          };
          const finish = (): void => {
            clearInterval(clock);
            subscription.dispose();
            resolve();
          };
          const clock = setInterval(tell, 1000);
          const subscription = this.mirror.onDidChange((ids) => ids.has(view.id) && tell());
          onEnd(finish);
          token.onCancellationRequested(options.cancel);
          tell();
        });
      },
    );
  }

  private message(view: ServerView, { restart }: Options): string {
    const { t } = this.reader;
    const state = this.mirror.get(view.id)?.state;
    if (this.mirror.connection !== 'connected') return t('reconnecting');
    if (restart && state === 'starting') return t('starting');
    return stopText(this.mirror.stopping(view.id), Date.now(), this.reader);
  }
}
