import type { Alert, ServerId, ServerView } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import type { Disposable } from '../bag.js';
import type { Log } from '../log.js';
import { alertText } from '../text/alertText.js';
import type { Reader } from '../translate.js';
import { notificationActions, type AlertAction } from './alertActions.js';
import type { AlertMirror } from './alertMirror.js';

export interface NotifierParts {
  readonly alerts: Pick<AlertMirror, 'onDidBegin' | 'get' | 'claim'>;
  readonly reader: Reader;
  readonly log: Log;
  server(id: ServerId): ServerView | undefined;
  /** This window asks itself what to do about the stop of this server. */
  isAskedHere(id: ServerId): boolean;
  /** Resolves with what was chosen; undefined when the notification was closed. */
  ask(severity: Alert['severity'], text: string, actions: readonly AlertAction[]): Promise<AlertAction | undefined>;
  perform(action: AlertAction, alert: Alert): Promise<void>;
}

/** The window that has asked for the stop shows its own question: the others leave it the time to say that it is theirs. */
const askerFirstMs = 2000;

/**
 * Tells of an alert when it begins, and when it is worse because nobody looked, in one window of all, and of nothing else:
 * what happens again is counted where alerts are shown. A button says that somebody has seen it; closing does not.
 */
export class Notifier implements Disposable {
  private readonly subscription: Disposable;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly parts: NotifierParts) {
    this.subscription = parts.alerts.onDidBegin((alert) => {
      this.begin(alert);
    });
  }

  dispose(): void {
    this.subscription.dispose();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private begin(alert: Alert): void {
    const { alerts } = this.parts;
    // Whoever works on it sees it in the list.
    if (this.parts.server(alert.server)?.maintenance !== undefined) return;
    if (alert.rule !== 'stop-timeout') void this.tell(alert);
    else if (this.parts.isAskedHere(alert.server)) void alerts.claim(alert.id);
    else {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.tell(alert);
      }, askerFirstMs);
      this.timers.add(timer);
    }
  }

  private async tell({ id }: Alert): Promise<void> {
    const { alerts, log } = this.parts;
    try {
      if (alerts.get(id)?.state !== 'active' || !(await alerts.claim(id))) return;
      const alert = alerts.get(id);
      if (alert?.state !== 'active') return;
      const text = alertText(alert, this.parts.server(alert.server), Date.now(), this.parts.reader);
      const chosen = await this.parts.ask(alert.severity, text, notificationActions(alert));
      if (chosen !== undefined) await this.parts.perform(chosen, alert);
    } catch (error) {
      log.error('alert not shown, or not acknowledged', messageOf(error));
    }
  }
}
