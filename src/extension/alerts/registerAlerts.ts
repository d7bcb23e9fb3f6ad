import * as vscode from 'vscode';
import type { Alert, ServerView } from '../../shared/contract.js';
import { Bag, type Disposable } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import { EventsDocument } from '../events/eventsDocument.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import { alertTitle } from '../text/alertTitle.js';
import type { Reader } from '../translate.js';
import { windowFocus } from '../windowFocus.js';
import { alertButtonTitle, type AlertAction } from './alertActions.js';
import { AlertCommands } from './alertCommands.js';
import type { AlertMirror } from './alertMirror.js';
import { AlertsView } from './alertsView.js';
import { AwayNotice } from './awayNotice.js';
import { Notifier } from './notifier.js';
import { performer } from './performer.js';
import { StopQuestions } from './stopQuestions.js';

interface Parts {
  readonly client: CoreClient;
  readonly alerts: AlertMirror;
  readonly mirror: Mirror;
  readonly reporter: Reporter;
  readonly reader: Reader;
  readonly log: Log;
  /** Where the number of alerts is shown. */
  readonly badged: { badge: vscode.ViewBadge | undefined };
  /** Shows the report of the crash of that time, Unix milliseconds. */
  readonly openReport: (server: Pick<ServerView, 'id' | 'name'>, at: number) => Promise<void>;
}

export interface AlertSigns extends Disposable {
  /** Told of the stops that this window asks for. */
  readonly questions: StopQuestions;
  readonly commands: AlertCommands;
  /** Brings the list to the front. */
  readonly show: () => Promise<void>;
}

/** Shows alerts in this window: the number at the view's icon, notifications, the list, and what happened meanwhile. */
export function registerAlerts(parts: Parts): AlertSigns {
  const { alerts, mirror, reader } = parts;
  const bag = new Bag();
  const perform = performer({
    ...{ alerts, openReport: parts.openReport },
    run: (command, ...given) => vscode.commands.executeCommand(command, ...given),
  });
  const questions = new StopQuestions((id) => void alerts.acknowledgeOf('stop-timeout', id));
  const view = bag.add(new AlertsView(alerts, mirror, reader));
  bag.add(
    new Notifier({
      ...{ alerts, reader, log: parts.log, perform },
      server: (id) => mirror.get(id),
      isAskedHere: (id) => questions.has(id),
      ask: (severity, text, actions) => ask(severity, text, actions, reader),
    }),
  );
  bag.add(badge(parts));
  bag.add(meanwhile(parts));
  return {
    questions,
    commands: new AlertCommands({ alerts, mirror, reader, perform }),
    show: () => view.focus(),
    dispose: () => {
      bag.dispose();
    },
  };
}

async function ask(
  severity: Alert['severity'],
  text: string,
  actions: readonly AlertAction[],
  { t }: Reader,
): Promise<AlertAction | undefined> {
  const buttons = actions.map((action) => ({ title: alertButtonTitle(action, t), action }));
  const show = severity === 'error' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  return (await show(text, ...buttons))?.action;
}

/** The number of those that call for somebody. */
function badge({ alerts, mirror, badged, reader }: Parts): Disposable {
  const bag = new Bag();
  let drawn = '';
  const draw = (): void => {
    const titles = alerts.pressing().map((alert) => alertTitle(alert, reader));
    const tooltip = titles.join('\n');
    // It is asked with every sample.
    if (tooltip === drawn) return;
    drawn = tooltip;
    badged.badge = titles.length === 0 ? undefined : { value: titles.length, tooltip };
  };
  bag.add(alerts.onDidChange(draw));
  bag.add(mirror.onDidChange(draw));
  return bag;
}

/** What happened while no window was open, and the events of that time. */
function meanwhile({ client, mirror, reporter, reader, log }: Parts): Disposable {
  const bag = new Bag();
  const events = bag.add(new EventsDocument({ client, mirror, reporter, reader }));
  bag.add(
    new AwayNotice({
      ...{ client, mirror, reader, log, window: windowFocus },
      tell: async (severity, text) => {
        const open = reader.t('Show Events');
        const show = severity === 'warning' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
        return (await show(text, open)) === open;
      },
      open: (from, to) => events.open(from, to),
    }),
  );
  return bag;
}
