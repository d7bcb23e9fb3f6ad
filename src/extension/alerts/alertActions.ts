import type { Alert } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

/** What can be done about what has happened, by commands of the same names, or by waiting. */
type Remedy =
  | 'incident'
  | 'log'
  | 'start'
  | 'console'
  | 'restart'
  | 'kill'
  | 'save'
  | 'metrics'
  | 'recommended'
  | 'test'
  | 'password'
  | 'webhook'
  | 'normal'
  | 'muteMetric'
  | 'wait';
/**
 * What can be done about an alert. `wait` and `acknowledge` do nothing but say that somebody has seen it; after `never`
 * nobody is told of it any more.
 */
export type AlertAction = Remedy | 'acknowledge' | 'mute' | 'unmute' | 'never';

/** What still tells something when the matter is over. */
const telling = new Set<Remedy>(['incident', 'log', 'console', 'metrics', 'normal', 'muteMetric']);

/** What helps with the matter itself, the most helpful one first; at most two. */
function remediesOf(alert: Alert): Remedy[] {
  switch (alert.rule) {
    case 'crash':
      // What is brought back by itself needs nobody to start it.
      return alert.severity === 'error' ? ['incident', 'start'] : ['incident'];
    case 'restarted':
      return ['incident'];
    case 'gave-up':
      return ['start', 'console'];
    case 'stop-timeout':
      return ['wait', 'kill'];
    case 'hung':
      return ['console', 'restart'];
    case 'api-degraded':
      return [alert.data.is === 'refused' ? 'password' : 'test', 'console'];
    case 'save-overdue':
    case 'save-failed':
      return ['save', 'console'];
    case 'tick-rate-low':
    case 'host-cpu-saturated':
      return ['metrics'];
    case 'anomaly':
      return ['metrics', 'normal'];
    case 'leak':
      return ['metrics', 'restart'];
    case 'over-budget':
      return ['recommended', 'log'];
    case 'webhook-paused':
      return ['webhook', 'log'];
    case 'history-stopped':
    case 'history-damaged':
    case 'low-memory':
      return ['log'];
    default:
      return ['console'];
  }
}

/** The buttons of a notification, four at most. */
export function notificationActions(alert: Alert): AlertAction[] {
  const remedies = remediesOf(alert);
  // Who keeps waiting has seen it.
  return [...remedies, ...(remedies.includes('wait') ? [] : (['acknowledge'] as const)), 'never'];
}

/** What an alert in the list can be asked for. */
export function listActions(alert: Alert): AlertAction[] {
  const { state } = alert;
  const isFound = alert.rule === 'anomaly' || alert.rule === 'leak';
  // Beside those of a notification, which has not room for all.
  const all = new Set([...remediesOf(alert), ...(isFound ? (['normal', 'muteMetric'] as const) : [])]);
  const remedies = [...all].filter((one) => one !== 'wait' && (state !== 'resolved' || telling.has(one)));
  switch (state) {
    case 'active':
      return [...remedies, 'acknowledge', 'mute'];
    case 'acknowledged':
      return [...remedies, 'mute'];
    case 'muted':
      return [...remedies, 'unmute'];
    case 'resolved':
      return remedies;
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
    metrics: t('Open Metrics'),
    recommended: t('Apply Recommended Settings…'),
    test: t('Test Game Connection'),
    password: t('Set Password…'),
    webhook: t('Send Test Message'),
    normal: t('This Was Normal'),
    muteMetric: t('Mute This Metric…'),
    wait: t('Keep Waiting'),
    acknowledge: t('Acknowledge'),
    mute: t('Mute…'),
    unmute: t('Unmute'),
    never: t("Don't Show Again"),
  };
  return titles[action];
}

/** On a notification, where four of them have to stand side by side. */
export function alertButtonTitle(action: AlertAction, t: Translate): string {
  const short: Partial<Record<AlertAction, string>> = {
    incident: t('Report'),
    console: t('Console'),
    metrics: t('Metrics'),
    log: t('Log'),
    recommended: t('Settings…'),
    test: t('Test'),
    webhook: t('Test'),
    normal: t('Normal'),
  };
  return short[action] ?? alertActionTitle(action, t);
}

/** The command of the same name: the same questions, progress and failures. */
export const commandOf: Partial<Record<AlertAction, string>> & { readonly webhook: string } = {
  incident: 'gameServers.openIncident',
  start: 'gameServers.start',
  console: 'gameServers.openConsole',
  restart: 'gameServers.restart',
  kill: 'gameServers.kill',
  save: 'gameServers.saveNow',
  log: 'gameServers.showLog',
  metrics: 'gameServers.openMetrics',
  recommended: 'gameServers.applyRecommended',
  test: 'gameServers.testConnection',
  password: 'gameServers.setPassword',
  webhook: 'gameServers.testWebhook',
  normal: 'gameServers.anomalyNormal',
  muteMetric: 'gameServers.muteAlertMetric',
};
