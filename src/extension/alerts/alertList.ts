import * as vscode from 'vscode';
import type { Alert } from '../../shared/contract.js';
import type { Mirror } from '../mirror.js';
import { alertOwner, alertText, alertTimes, withoutIcons } from '../text/alertText.js';
import type { Reader } from '../translate.js';
import { actionsOf, alertActionTitle, type AlertAction } from './alertActions.js';
import type { AlertMirror } from './alertMirror.js';

interface AlertItem extends vscode.QuickPickItem {
  readonly alert: Alert;
}

interface ListParts {
  readonly alerts: AlertMirror;
  readonly mirror: Mirror;
  readonly reader: Reader;
  perform(action: AlertAction, alert: Alert): Promise<void>;
}

/** The alerts that are not over; picking one offers what can be done about it. */
export async function showAlerts(parts: ListParts): Promise<void> {
  const { alerts, reader } = parts;
  const { t } = reader;
  if (alerts.open().length === 0) {
    void vscode.window.showInformationMessage(t('There are no alerts.'));
    return;
  }
  const picked = await pickAlert(parts);
  if (picked !== undefined) await offerActions(picked, parts);
}

async function pickAlert(parts: ListParts): Promise<Alert | undefined> {
  const { alerts, reader } = parts;
  const { t } = reader;
  const pick = vscode.window.createQuickPick<AlertItem>();
  const all: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('check-all'), tooltip: t('Acknowledge All') };
  const draw = (): void => {
    pick.items = alerts.open().map((alert) => itemOf(alert, parts));
    pick.buttons = alerts.active().length > 0 ? [all] : [];
  };
  pick.title = t('Alerts');
  pick.placeholder = t('Choose an alert to see what can be done');
  pick.matchOnDetail = true;
  draw();
  const subscription = alerts.onDidChange(draw);
  pick.onDidTriggerButton(() => {
    for (const { id } of alerts.active()) void alerts.acknowledge(id);
  });
  return await new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.alert);
      pick.hide();
    });
    pick.onDidHide(() => {
      subscription.dispose();
      pick.dispose();
      resolve(undefined);
    });
    pick.show();
  });
}

function itemOf(alert: Alert, { mirror, reader }: ListParts): AlertItem {
  const now = Date.now();
  const icon = alert.state === 'acknowledged' ? 'check' : alert.severity;
  return {
    label: `$(${icon}) ${withoutIcons(alertOwner(alert, reader.t))}`,
    description: alertTimes(alert, now, reader),
    detail: withoutIcons(alertText(alert, mirror.get(alert.server), now, reader)),
    alert,
  };
}

async function offerActions(alert: Alert, parts: ListParts): Promise<void> {
  const { t } = parts.reader;
  // To wait is what happens anyway; here the choice is to have seen it.
  const actions = actionsOf(alert).filter((action) => action !== 'wait');
  const items: (vscode.QuickPickItem & { action: AlertAction })[] = [
    ...actions.map((action) => ({ label: alertActionTitle(action, t), action })),
    ...(alert.state === 'active' ? [{ label: t('Acknowledge'), action: 'wait' as const }] : []),
  ];
  const placeHolder = alertText(alert, parts.mirror.get(alert.server), Date.now(), parts.reader);
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (chosen === undefined) return;
  await Promise.all([parts.alerts.acknowledge(alert.id), parts.perform(chosen.action, alert)]);
}
