import * as vscode from 'vscode';
import type { Alert, ServerView } from '../../shared/contract.js';
import { Bag, type Disposable } from '../bag.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';
import { alertTitle } from '../text/alertText.js';
import type { Reader } from '../translate.js';
import { alertActionTitle, commandOf, type AlertAction } from './alertActions.js';
import { showAlerts } from './alertList.js';
import type { AlertMirror } from './alertMirror.js';
import { Notifier } from './notifier.js';
import { StopQuestions } from './stopQuestions.js';

interface Parts {
  readonly alerts: AlertMirror;
  readonly mirror: Mirror;
  readonly reader: Reader;
  readonly log: Log;
  /** Where the number of alerts is shown. */
  readonly badged: { badge: vscode.ViewBadge | undefined };
  /** Shows the report of the crash of that time, Unix milliseconds. */
  readonly openReport: (server: Pick<ServerView, 'id' | 'name'>, at: number) => Promise<void>;
}

interface AlertSigns extends Disposable {
  /** Told of the stops that this window asks for. */
  readonly questions: StopQuestions;
  /** The list. */
  show(): Promise<void>;
}

/** Shows alerts in this window: the number at the view's icon, a notification, and the list. */
export function registerAlerts(parts: Parts): AlertSigns {
  const { alerts, mirror, reader, badged } = parts;
  const { t } = reader;
  const bag = new Bag();
  const perform = async (action: AlertAction, { server: id, serverName: name, data }: Alert): Promise<void> => {
    const command = commandOf[action];
    if (command !== undefined) await vscode.commands.executeCommand(command, id);
    else if (action === 'incident') await parts.openReport({ id, name }, Number(data.exitAt));
  };
  const questions = new StopQuestions((id) => void alerts.acknowledgeOf('stop-timeout', id));
  const notifier = new Notifier({
    ...{ alerts, reader, log: parts.log, perform },
    server: (id) => mirror.get(id),
    isAskedHere: (id) => questions.has(id),
    ask: async (severity, text, actions) => {
      const buttons = actions.map((action) => ({ title: alertActionTitle(action, t), action }));
      const show = severity === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
      return (await show(text, ...buttons))?.action;
    },
  });
  bag.add(notifier);
  bag.add(
    alerts.onDidChange(() => {
      badged.badge = badgeOf(alerts.active(), reader);
    }),
  );
  return {
    questions,
    show: () => showAlerts({ alerts, mirror, reader, perform }),
    dispose: () => {
      bag.dispose();
    },
  };
}

function badgeOf(active: readonly Alert[], { t }: Reader): vscode.ViewBadge | undefined {
  if (active.length === 0) return undefined;
  return { value: active.length, tooltip: active.map((alert) => alertTitle(alert, t)).join('\n') };
}
