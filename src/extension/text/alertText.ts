import { anomalyAlso, anomalyHint, anomalySentence, languageOf } from '../../shared/anomalyText.js';
import { anomalyOf } from '../../shared/anomaly.js';
import type { Alert, AlertRule, ServerView } from '../../shared/contract.js';
import type { Reader } from '../translate.js';
import { costText } from '../tree/measuring.js';
import { alertTitle } from './alertTitle.js';
import { channelLabel } from './channelText.js';
import { bytes, duration, intervalText, moment, number, percent } from './format.js';
import { historyText } from './historyText.js';
import { exitWord, reasonWord } from './states.js';

type Text = (alert: Alert, now: number, reader: Reader) => string;

/** Those that have more to say than their title. */
const texts: Partial<Record<AlertRule, Text>> = {
  restarted: (alert, _, reader) => restartedText(alert, reader),
  'gave-up': ({ serverName: name, data }, _, reader) => {
    const span = seconds(data.windowSeconds, reader);
    return reader.t('{0} was not restarted again: {1} restarts in {2} did not help.', name, shown(data.used), span);
  },
  'stop-timeout': ({ serverName: name, data }, _, reader) => {
    const grace = seconds(data.graceSeconds, reader);
    return reader.t('{0} has not stopped within {1}. Its world may still be saving.', name, grace);
  },
  hung: (alert, _, reader) => {
    const { reason } = alert.data;
    const why = typeof reason === 'string' ? [reasonWord(reason, reader.t)] : [];
    return [plain(alert, reader), ...why].join(' ');
  },
  'api-degraded': (alert, now, reader) => silentText(alert, now, reader),
  'history-stopped': (alert, _, { t }) => historyText(alert, t),
  'history-damaged': (alert, _, { t }) => historyText(alert, t),
  'save-overdue': (alert, now, reader) => overdueText(alert, now, reader),
  'save-failed': (alert, _, reader) => saveFailedText(alert, reader),
  'tick-rate-low': (alert, _, reader) => slowText(alert, reader),
  anomaly: (alert, now, reader) => anomalyText(alert, now, reader),
  leak: (alert, now, reader) => anomalyText(alert, now, reader),
  'disk-nearly-full': (alert, _, reader) => diskText(alert, reader),
  'host-cpu-saturated': (alert, _, reader) => busyText(alert, reader),
  'low-memory': ({ data }, _, { t }) =>
    t(
      '{0} % of the memory of the PC is in use; servers may become slow or be ended. Close other programs; monitoring has given back what it can.',
      shown(data.usedPercent),
    ),
  'over-budget': (alert, _, reader) => overBudgetText(alert, reader),
  'webhook-paused': (alert, now, reader) => pausedText(alert, now, reader),
};

/** What has happened, and what follows from it: whole sentences. `view` is the server as it is now, if it is known. */
export function alertText(alert: Alert, view: ServerView | undefined, now: number, reader: Reader): string {
  const text =
    alert.rule === 'crash'
      ? crashText(alert, view, now, reader)
      : (texts[alert.rule]?.(alert, now, reader) ?? plain(alert, reader));
  const { state, escalation, activeSince } = alert;
  if (state !== 'active' || escalation === undefined || activeSince === undefined) return text;
  return `${text} ${reader.t('Nobody has looked at this for {0}.', duration(now - activeSince, reader))}`;
}

/** When, how often, and whether somebody has seen it: "2:30 PM · 3 times". Nothing that moves by the clock alone. */
export function alertTimes(alert: Alert, now: number, reader: Reader): string[] {
  const { t } = reader;
  const { lastAt, count } = alert;
  const state = alertState(alert, now, reader);
  return [
    moment(lastAt, now, reader),
    ...(count > 1 ? [t('{0} times', count)] : []),
    ...(state === undefined ? [] : [state]),
  ];
}

/** Whether somebody has seen it, or wants to hear no more of it. Undefined for what waits to be seen, and for what is over. */
export function alertState({ state, mutedUntil }: Alert, now: number, reader: Reader): string | undefined {
  const { t } = reader;
  if (state === 'acknowledged') return t('Acknowledged');
  if (state !== 'muted') return undefined;
  return typeof mutedUntil === 'number' ? t('Muted until {0}', moment(mutedUntil, now, reader)) : t('Muted');
}

function plain(alert: Alert, reader: Reader): string {
  return `${alertTitle(alert, reader)}.`;
}

function crashText(alert: Alert, view: ServerView | undefined, now: number, reader: Reader): string {
  const { t } = reader;
  const { count, firstAt, lastAt, data } = alert;
  const how = data.cause === 'crash' ? exitWord({ code: num(data.code), signal: word(data.signal) }, t) : undefined;
  const what = how === undefined ? alertTitle(alert, reader) : t('{0} crashed ({1})', alert.serverName, how);
  const times = t('{0}, {1} times in {2}', what, count, duration(Math.max(1000, lastAt - firstAt), reader));
  const next = view === undefined ? undefined : nextText(view, now, reader);
  return [count > 1 ? times : what, ...(next === undefined ? [] : [next])].map((sentence) => `${sentence}.`).join(' ');
}

function nextText({ state, restarts }: ServerView, now: number, reader: Reader): string | undefined {
  const { t } = reader;
  if (state === 'running') return t('It is running again');
  if (state === 'starting') return t('It is starting again');
  if (state !== 'restarting' || restarts.nextAt === null) return undefined;
  return t('It restarts in {0}', duration(Math.max(1000, restarts.nextAt - now), reader));
}

function restartedText(alert: Alert, reader: Reader): string {
  const { t } = reader;
  const { attempt, max } = alert.data;
  if (num(attempt) === null || num(max) === null) return plain(alert, reader);
  return t('{0} went down and was restarted ({1}/{2}).', alert.serverName, shown(attempt), shown(max));
}

function silentText(alert: Alert, now: number, reader: Reader): string {
  const { t } = reader;
  const { serverName: name, data } = alert;
  const via = word(data.via);
  if (data.is === 'refused') {
    return via === null
      ? t('{0} refused the password.', name)
      : t('{0} refused the password ({1}).', name, channelLabel(via, t));
  }
  const since = num(data.since);
  if (since === null || via === null) return plain(alert, reader);
  return t('{0} has not answered for {1} ({2}).', name, duration(now - since, reader), channelLabel(via, t));
}

/** Both times in words where they are known. */
function overdueText(alert: Alert, now: number, reader: Reader): string {
  const { t } = reader;
  const { lastAt, intervalMs } = alert.data;
  if (typeof lastAt !== 'number' || typeof intervalMs !== 'number') return plain(alert, reader);
  const [since, every] = [duration(now - lastAt, reader), intervalText(intervalMs, reader)];
  return t('{0} has not saved for {1}; it does so every {2}.', alert.serverName, since, every);
}

/** With what the game said, or what became of the question. */
function saveFailedText(alert: Alert, reader: Reader): string {
  const { t } = reader;
  const { reason } = alert.data;
  if (typeof reason !== 'string' || reason === '') return plain(alert, reader);
  return t('{0} could not save: {1}', alert.serverName, reason === 'timeout' ? t('no answer in time') : reason);
}

function slowText(alert: Alert, reader: Reader): string {
  const { t } = reader;
  const [rate, usual, players] = [num(alert.data.rate), num(alert.data.usual), num(alert.data.players)];
  if (rate === null || usual === null) return plain(alert, reader);
  const ticks = (value: number): string => number(value, 1, reader);
  const what = t('{0} runs slowly: {1} ticks per second; {2} are usual.', alert.serverName, ticks(rate), ticks(usual));
  if (players === null) return what;
  return `${what} ${players === 1 ? t('1 player is on.') : t('{0} players are on.', players)}`;
}

/** What is wrong, by how much, and what likely lies behind it. */
function anomalyText(alert: Alert, now: number, reader: Reader): string {
  const title = plain(alert, reader);
  const anomaly = anomalyOf(alert.data);
  if (anomaly === undefined) return title;
  const language = languageOf(reader.locale);
  const also = anomalyAlso(anomaly, language);
  // Of one that is over nobody has told since.
  const until = alert.state === 'resolved' ? alert.lastAt : now;
  const sentences = [title, anomalySentence(anomaly, language, until), anomalyHint(anomaly, language)];
  return [...sentences, ...(also === undefined ? [] : [also])].join(' ');
}

function diskText(alert: Alert, reader: Reader): string {
  const { t } = reader;
  const [free, total] = [num(alert.data.freeBytes), num(alert.data.totalBytes)];
  if (free === null || total === null) return plain(alert, reader);
  const [left, of] = [bytes(free, reader), bytes(total, reader)];
  return t(
    'The disk of {0} is nearly full: {1} of {2} are free. Without room it cannot save.',
    alert.serverName,
    left,
    of,
  );
}

function busyText(alert: Alert, reader: Reader): string {
  const { t } = reader;
  const [used, minutes] = [num(alert.data.percent), num(alert.data.minutes)];
  if (used === null || minutes === null) return plain(alert, reader);
  const span = duration(minutes * 60_000, reader);
  return t('The PC is very busy: {0} of its CPU in use for {1}. Games may stutter.', percent(used, reader), span);
}

function overBudgetText(alert: Alert, reader: Reader): string {
  const { t } = reader;
  const { cpuPercent, memoryBytes, intervalMs } = alert.data;
  const [cpu, memory, interval] = [num(cpuPercent), num(memoryBytes), num(intervalMs)];
  if (cpu === null || memory === null || interval === null) return plain(alert, reader);
  const cost = costText(cpu, memory, reader);
  return t(
    'The monitoring uses more than its budget ({0}): it measures every {1} s.',
    cost,
    Math.round(interval / 1000),
  );
}

function pausedText(alert: Alert, now: number, reader: Reader): string {
  const { t } = reader;
  const [target, detail, until] = [word(alert.data.target), word(alert.data.detail), num(alert.data.until)];
  const why =
    target === null || detail === null ? plain(alert, reader) : t('Messages to {0} are paused: {1}', target, detail);
  return until === null ? why : `${ended(why)} ${t('It is tried again at {0}.', moment(until, now, reader))}`;
}

/** What somebody else has said may end without a full stop. */
function ended(text: string): string {
  return /[.!?…。]$/.test(text) ? text : `${text}.`;
}

function num(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function word(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function seconds(value: unknown, reader: Reader): string {
  return typeof value === 'number' ? duration(value * 1000, reader) : '?';
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : '?';
}
