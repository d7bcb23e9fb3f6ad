import type { Alert, AlertRule } from '../../shared/contract.js';
import { anomalyTitle, languageOf } from '../../shared/anomalyText.js';
import type { Reader, Translate } from '../translate.js';

type Data = Alert['data'];
type Title = (name: string, data: Data, t: Translate, locale: string) => string;

const titles: Record<AlertRule, Title> = {
  crash: (name, data, t) => crashTitle(name, data, t),
  restarted: (name, _, t) => t('{0} was restarted', name),
  'gave-up': (name, _, t) => t('{0} was not restarted again', name),
  'stop-timeout': (name, _, t) => t('{0} has not stopped', name),
  hung: (name, _, t) => t('{0} is not responding', name),
  'api-degraded': (name, { is }, t) =>
    is === 'refused' ? t('{0} refuses the password', name) : t('The game of {0} does not answer', name),
  'save-overdue': (name, _, t) => t('{0} has not saved for long', name),
  'save-failed': (name, _, t) => t('{0} could not save', name),
  'tick-rate-low': (name, _, t) => t('{0} runs slowly', name),
  anomaly: (name, data, t, locale) => t('{0}: {1}', name, anomalyTitle(data, languageOf(locale))),
  leak: (name, _, t, locale) => t('{0}: {1}', name, anomalyTitle({ kind: 'leak' }, languageOf(locale))),
  'disk-nearly-full': (name, _, t) => t('The disk of {0} is nearly full', name),
  'host-cpu-saturated': (_, __, t) => t('The PC is very busy'),
  'low-memory': (_, __, t) => t('The PC is low on memory'),
  'over-budget': (_, __, t) => t('Monitoring is over its budget'),
  'history-stopped': (_, __, t) => t('The history is not saved'),
  'history-damaged': (_, __, t) => t('The history was damaged'),
  'webhook-paused': (_, { target }, t) =>
    typeof target === 'string' ? t('Messages to {0} are paused', target) : t('Messages are paused'),
};

/** What has happened in few words: "Survival crashed". No numbers that tick. */
export function alertTitle(
  { rule, serverName, data }: Pick<Alert, 'rule' | 'serverName' | 'data'>,
  { t, locale }: Reader,
): string {
  // A newer background process may know rules that this window does not.
  const title = titles[rule] as Title | undefined;
  return title?.(serverName, data, t, locale) ?? t('{0} needs attention', serverName);
}

/** How many wait to be seen; undefined where there are none. */
export function alertCount(count: number, t: Translate): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? t('1 alert') : t('{0} alerts', count);
}

/** Text from outside, for places that take $(…) for an icon. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

function crashTitle(name: string, { cause }: Data, t: Translate): string {
  if (cause === 'oom') return t('{0} ran out of memory', name);
  if (cause === 'killed-outside') return t('{0} was ended from outside', name);
  if (cause === 'unknown') return t('{0} ended, cause not known', name);
  if (cause === 'start-failed') return t('{0} could not be started', name);
  return t('{0} crashed', name);
}
