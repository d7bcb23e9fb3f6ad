import type { Alert } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

/** What can be done about an alert. `wait` does nothing but say that somebody has seen it. */
export type AlertAction = 'incident' | 'log' | 'start' | 'console' | 'restart' | 'kill' | 'save' | 'wait';

/** The most helpful one first. */
export function actionsOf(alert: Alert): AlertAction[] {
  switch (alert.rule) {
    case 'crash':
      // What is brought back by itself needs nobody to start it.
      return alert.severity === 'error' ? ['incident', 'start'] : ['incident'];
    case 'gave-up':
      return ['start', 'console'];
    case 'stop-timeout':
      return ['wait', 'kill'];
    case 'hung':
      return ['console', 'restart'];
    case 'save-overdue':
    case 'save-failed':
      return ['save', 'console'];
    case 'history-stopped':
    case 'history-damaged':
    case 'low-memory':
      return ['log'];
    default:
      return ['console'];
  }
}

export function alertActionTitle(action: AlertAction, t: Translate): string {
  const titles: Record<AlertAction, string> = {
    incident: t('Open Crash Report'),
    start: t('Start'),
    console: t('Open Console'),
    restart: t('Restart'),
    kill: t('Force Kill…'),
    save: t('Save Now'),
    log: t('Show Log'),
    wait: t('Keep Waiting'),
  };
  return titles[action];
}

/** The command of the same name: the same questions, progress and failures. */
export const commandOf: Partial<Record<AlertAction, string>> = {
  start: 'gameServers.start',
  console: 'gameServers.openConsole',
  restart: 'gameServers.restart',
  kill: 'gameServers.kill',
  save: 'gameServers.saveNow',
  log: 'gameServers.showLog',
};
