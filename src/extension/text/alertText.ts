import type { Alert, ServerView } from '../../shared/contract.js';
import type { Reader, Translate } from '../translate.js';
import { duration, intervalText } from './format.js';
import { historyText } from './historyText.js';
import { exitWord, reasonWord } from './states.js';

/** What has happened, and what follows from it: whole sentences. `view` is the server as it is now, if it is known. */
export function alertText(alert: Alert, view: ServerView | undefined, now: number, reader: Reader): string {
  const { t } = reader;
  const { serverName: name, data } = alert;
  switch (alert.rule) {
    case 'crash':
      return crashText(alert, view, now, reader);
    case 'gave-up': {
      const span = seconds(data.windowSeconds, reader);
      return t('{0} was not restarted again: {1} restarts in {2} did not help.', name, shown(data.used), span);
    }
    case 'stop-timeout': {
      const grace = seconds(data.graceSeconds, reader);
      return t('{0} has not stopped within {1}. Its world may still be saving.', name, grace);
    }
    case 'hung': {
      const why = typeof data.reason === 'string' ? [reasonWord(data.reason, t)] : [];
      return [`${alertTitle(alert, t)}.`, ...why].join(' ');
    }
    case 'history-stopped':
    case 'history-damaged':
      return historyText(alert, t);
    case 'save-overdue':
      return overdueText(alert, now, reader);
    case 'save-failed':
      return saveFailedText(alert, t);
    case 'low-memory':
      return lowMemoryText(alert, t);
    default:
      return `${alertTitle(alert, t)}.`;
  }
}

/** The same in few words: "Survival crashed". No numbers that tick. */
export function alertTitle({ rule, serverName: name, data }: Alert, t: Translate): string {
  switch (rule) {
    case 'crash':
      if (data.cause === 'oom') return t('{0} ran out of memory', name);
      if (data.cause === 'killed-outside') return t('{0} was ended from outside', name);
      if (data.cause === 'unknown') return t('{0} ended, cause not known', name);
      if (data.cause === 'start-failed') return t('{0} could not be started', name);
      return t('{0} crashed', name);
    case 'gave-up':
      return t('{0} was not restarted again', name);
    case 'stop-timeout':
      return t('{0} has not stopped', name);
    case 'hung':
      return t('{0} is not responding', name);
    case 'history-stopped':
      return t('The history is not saved');
    case 'history-damaged':
      return t('The history was damaged');
    case 'save-overdue':
      return t('{0} has not saved for long', name);
    case 'save-failed':
      return t('{0} could not save', name);
    case 'low-memory':
      return t('The PC is low on memory');
    default:
      // A newer background process may know rules that this window does not.
      return t('{0} needs attention', name);
  }
}

/** Whose alert it is: a server's, or the monitoring's own. */
export function alertOwner({ serverName: name }: Alert, t: Translate): string {
  return name === '' ? t('Monitoring') : name;
}

/** When, how often, and whether somebody has seen it: "5 min ago · 3 times". */
export function alertTimes({ lastAt, count, state }: Alert, now: number, reader: Reader): string {
  const { t } = reader;
  return [
    t('{0} ago', duration(now - lastAt, reader)),
    ...(count > 1 ? [t('{0} times', count)] : []),
    ...(state === 'acknowledged' ? [t('Acknowledged')] : []),
  ].join(' · ');
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

function crashText(alert: Alert, view: ServerView | undefined, now: number, reader: Reader): string {
  const { t } = reader;
  const { count, firstAt, lastAt, data } = alert;
  const how = data.cause === 'crash' ? exitWord({ code: code(data.code), signal: signal(data.signal) }, t) : undefined;
  const what = how === undefined ? alertTitle(alert, t) : t('{0} crashed ({1})', alert.serverName, how);
  const times = t('{0}, {1} times in {2}', what, count, duration(Math.max(1000, lastAt - firstAt), reader));
  const next = view === undefined ? undefined : nextText(view, now, reader);
  return [count > 1 ? times : what, ...(next === undefined ? [] : [next])].map((sentence) => `${sentence}.`).join(' ');
}

/** Both times in words where they are known. */
function overdueText(alert: Alert, now: number, reader: Reader): string {
  const { t } = reader;
  const { lastAt, intervalMs } = alert.data;
  if (typeof lastAt !== 'number' || typeof intervalMs !== 'number') return `${alertTitle(alert, t)}.`;
  const [since, every] = [duration(now - lastAt, reader), intervalText(intervalMs, reader)];
  return t('{0} has not saved for {1}; it does so every {2}.', alert.serverName, since, every);
}

/** With what the game said, or what became of the question. */
function saveFailedText(alert: Alert, t: Translate): string {
  const { reason } = alert.data;
  if (typeof reason !== 'string' || reason === '') return `${alertTitle(alert, t)}.`;
  return t('{0} could not save: {1}', alert.serverName, reason === 'timeout' ? t('no answer in time') : reason);
}

function lowMemoryText(alert: Alert, t: Translate): string {
  const used = shown(alert.data.usedPercent);
  return t(
    '{0} % of the memory of the PC is in use; servers may become slow or be ended. Close other programs; monitoring has given back what it can.',
    used,
  );
}

function nextText({ state, restarts }: ServerView, now: number, reader: Reader): string | undefined {
  const { t } = reader;
  if (state === 'running') return t('It is running again');
  if (state === 'starting') return t('It is starting again');
  if (state !== 'restarting' || restarts.nextAt === null) return undefined;
  return t('It restarts in {0}', duration(Math.max(1000, restarts.nextAt - now), reader));
}

function code(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function signal(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function seconds(value: unknown, reader: Reader): string {
  return typeof value === 'number' ? duration(value * 1000, reader) : '?';
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : '?';
}
