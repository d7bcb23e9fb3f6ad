import type { Alert, ServerView } from '../../shared/contract.js';
import { alertState, alertText, alertTimes } from '../text/alertText.js';
import { alertTitle } from '../text/alertTitle.js';
import { fullMoment } from '../text/format.js';
import { maintenanceText } from '../text/maintenanceText.js';
import type { Reader, Translate } from '../translate.js';
import type { RowIcon } from '../tree/rows.js';
import { listActions } from './alertActions.js';

/** How an alert looks in the list. */
export interface AlertRow {
  readonly label: string;
  readonly description: string;
  readonly icon: RowIcon;
  /** Nobody has to look at it: drawn in grey. */
  readonly isDim: boolean;
  /** What menus go by: `alert`, its state, and what can be done. */
  readonly contextValue: string;
  /** Read aloud: how bad, the whole sentence, when, how often, and whether somebody has seen it. */
  readonly spoken: string;
}

/** `view` is the server as it is now, if it is known. */
export function alertRow(alert: Alert, view: ServerView | undefined, now: number, reader: Reader): AlertRow {
  const { t } = reader;
  const { state, severity } = alert;
  const work = state === 'active' && view !== undefined ? maintenanceText(view, now, reader) : undefined;
  const times = [...alertTimes(alert, now, reader), ...(work === undefined ? [] : [work])];
  // Without the server as it is now: what follows from it moves, and the row does not move with it.
  const sentence = t('{0}: {1}', severityWord(severity, t), alertText(alert, undefined, now, reader));
  return {
    label: alertTitle(alert, reader),
    description: times.join(' · '),
    icon: iconOf(alert, work !== undefined),
    isDim: state !== 'active',
    contextValue: ['alert', state, ...listActions(alert)].join('.'),
    spoken: [sentence, times.join(', '), ...(state === 'resolved' ? [t('Resolved')] : [])].join(' '),
  };
}

/** Sentence, and label and value of every line below it. They hold outside text: whoever shows them escapes it. */
export function alertTooltip(
  alert: Alert,
  view: ServerView | undefined,
  now: number,
  reader: Reader,
): { sentence: string; lines: [label: string, value: string][] } {
  const { t } = reader;
  const { firstAt, lastAt, count } = alert;
  const state = alertState(alert, now, reader);
  const work = view === undefined ? undefined : maintenanceText(view, now, reader);
  return {
    sentence: alertText(alert, view, now, reader),
    lines: [
      [t('Severity'), severityWord(alert.severity, t)],
      [t('Since'), fullMoment(firstAt, reader)],
      ...(count > 1
        ? ([
            [t('Last time'), fullMoment(lastAt, reader)],
            [t('How often'), t('{0} times', count)],
          ] satisfies [string, string][])
        : []),
      ...(state === undefined ? [] : [[t('State'), state] satisfies [string, string]]),
      ...(work === undefined ? [] : [[t('Server'), work] satisfies [string, string]]),
    ],
  };
}

function iconOf({ state, severity }: Alert, isWorkedOn: boolean): RowIcon {
  const grey = 'disabledForeground';
  switch (state) {
    case 'active':
      return { id: severity, color: isWorkedOn ? grey : `list.${severity}Foreground` };
    case 'acknowledged':
      return { id: 'check', color: grey };
    case 'muted':
      return { id: 'bell-slash', color: grey };
    case 'resolved':
      return { id: 'pass', color: grey };
  }
}

function severityWord(severity: Alert['severity'], t: Translate): string {
  return severity === 'error' ? t('Error') : t('Warning');
}
