import * as vscode from 'vscode';
import type { Alert } from '../../shared/contract.js';
import type { Mirror } from '../mirror.js';
import { alertText } from '../text/alertText.js';
import { alertTitle } from '../text/alertTitle.js';
import { fullMoment } from '../text/format.js';
import { muteChoices } from '../text/untilText.js';
import type { Reader } from '../translate.js';
import { alertActionTitle, listActions, type AlertAction } from './alertActions.js';
import type { AlertMirror } from './alertMirror.js';

type Alerts = readonly Alert[];

interface Parts {
  readonly alerts: Pick<AlertMirror, 'active' | 'acknowledge' | 'mute' | 'unmute'>;
  readonly mirror: Pick<Mirror, 'get'>;
  readonly reader: Reader;
  readonly perform: (action: AlertAction, alert: Alert) => Promise<void>;
}

/** What can be done with alerts of the list. A failure rejects. */
export class AlertCommands {
  constructor(private readonly parts: Parts) {}

  /** What can be done about it, to choose from. */
  async offer([alert]: Alerts): Promise<void> {
    if (alert === undefined) return;
    const items = listActions(alert).map((action) => ({
      label: alertActionTitle(action, this.parts.reader.t),
      action,
    }));
    const chosen = await vscode.window.showQuickPick(
      [...items, { label: this.parts.reader.t('Copy Text'), action: undefined }],
      { placeHolder: this.text(alert) },
    );
    if (chosen === undefined) return;
    if (chosen.action === undefined) await this.copy([alert]);
    else if (chosen.action === 'mute') await this.mute([alert]);
    else await this.parts.perform(chosen.action, alert);
  }

  async acknowledge(chosen: Alerts): Promise<void> {
    await Promise.all(chosen.map(({ id }) => this.parts.alerts.acknowledge(id)));
  }

  async acknowledgeAll(): Promise<void> {
    await this.acknowledge(this.parts.alerts.active());
  }

  /** Asks until when. */
  async mute(chosen: Alerts): Promise<void> {
    const { reader } = this.parts;
    const { t } = reader;
    const [first] = chosen;
    if (first === undefined) return;
    const title = chosen.length === 1 ? t('Mute: {0}', alertTitle(first, reader)) : t('Mute {0} alerts', chosen.length);
    const placeHolder = t('It is counted on and stays in the list, but nobody is told of it.');
    const choice = await vscode.window.showQuickPick(muteChoices(t), { title, placeHolder });
    if (choice === undefined) return;
    const until = choice.forMs === null ? null : Date.now() + choice.forMs;
    await Promise.all(chosen.map(({ id }) => this.parts.alerts.mute(id, until)));
  }

  async unmute(chosen: Alerts): Promise<void> {
    await Promise.all(chosen.map(({ id }) => this.parts.alerts.unmute(id)));
  }

  async copy(chosen: Alerts): Promise<void> {
    const lines = chosen.map((alert) => `${fullMoment(alert.lastAt, this.parts.reader)}: ${this.text(alert)}`);
    await vscode.env.clipboard.writeText(lines.join('\n'));
  }

  async openReports(chosen: Alerts): Promise<void> {
    for (const alert of chosen) await this.parts.perform('incident', alert);
  }

  private text(alert: Alert): string {
    return alertText(alert, this.parts.mirror.get(alert.server), Date.now(), this.parts.reader);
  }
}
