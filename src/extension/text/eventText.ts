import { anomalyOf } from '../../shared/anomaly.js';
import { anomalySentence, anomalyTitle, capital, languageOf } from '../../shared/anomalyText.js';
import type { AlertRule, ExitCause } from '../../shared/contract.js';
import type { EventKind } from '../../shared/events.js';
import type { Reader, Translate } from '../translate.js';
import { alertTitle } from './alertTitle.js';
import { duration, tookText } from './format.js';
import { causeWord, exitWord, reasonWord } from './states.js';
import { unusualText } from './unusualText.js';

type Data = Record<string, unknown>;
/** name: of whom it is an event. Undefined: other events tell the same. */
type Text = (data: Data, reader: Reader, name: string) => string | undefined;

const texts: Record<EventKind, Text> = {
  started: ({ by }, { t }) => startedText(by, t),
  ready: ({ tookMs }, reader) => {
    const took = num(tookMs);
    return took === undefined ? reader.t('Ready') : reader.t('Ready after {0}', tookText(took, reader));
  },
  stopping: (data, { t }) => stoppingText(data, t),
  'called-off': ({ what }, { t }) =>
    what === 'restart' ? t('The restart was called off') : t('The stop was called off'),
  stopped: (data, { t }) => endText(data, t),
  crashed: (data, { t }) => {
    const players = num(data.players);
    const on = players === undefined || players === 0 ? [] : [playersText(players, t)];
    return [endText(data, t), ...on].join(' · ');
  },
  'start-failed': (data, { t }) => failedStartText(data, t),
  restarting: ({ attempt, max }, { t }) => t('Restarting ({0}/{1})', shown(attempt), shown(max)),
  'gave-up': ({ used, windowSeconds }, reader) =>
    reader.t('Not restarted again after {0} restarts in {1}', shown(used), secondsText(windowSeconds, reader)),
  'stop-timeout': ({ graceSeconds }, reader) =>
    reader.t('Has not stopped within {0}', secondsText(graceSeconds, reader)),
  'not-responding': ({ reason }, { t }) => {
    const why = word(reason);
    return why === undefined ? t('Not responding') : t('{0}: {1}', t('Not responding'), reasonWord(why, t));
  },
  responding: (_, { t }) => t('Responding again'),
  'save-begun': (_, { t }) => t('Save begun'),
  saved: ({ tookMs }, reader) => {
    const took = num(tookMs);
    return took === undefined ? reader.t('Saved') : reader.t('Saved in {0}', tookText(took, reader));
  },
  'save-failed': ({ reason }, { t }) => {
    const why = reason === 'timeout' ? t('no answer in time') : word(reason);
    return why === undefined ? t('Save failed') : t('Save failed: {0}', why);
  },
  'player-joined': ({ name }, { t }) => t('{0} joined', shown(name)),
  'player-left': ({ name }, { t }) => t('{0} left', shown(name)),
  alert: (data, reader, name) => alertEventText(data, name, reader),
  anomaly: (data, reader) => anomalyText(data, reader),
  unusual: (data, reader) => unusualText(data, reader),
  incident: (_, { t }) => t('Crash report recorded'),
  added: (_, { t }) => t('Added to the list'),
  changed: ({ keys }, { t }) => t('Changed in servers.json: {0}', listed(keys)),
  removed: (_, { t }) => t('Removed from the list'),
  settings: ({ keys }, { t }) => t('Settings changed: {0}', listed(keys)),
  'monitoring-started': (_, { t }) => t('Monitoring began'),
  'monitoring-ended': (_, { t }) => t('Monitoring ended'),
  budget: ({ state }, { t }) =>
    state === 'ok' ? t('Monitoring is within its budget again') : t('Monitoring is over its budget'),
  history: ({ trouble, found }, { t }) => t('The history: {0}', shown(trouble ?? found)),
  memory: (data, { t }) => memoryText(data, t),
};

/** What happened, in few words; undefined where another event tells it. One of a kind that is not known here: that kind. */
export function eventText(
  { kind, name, data }: { kind: string; name: string; data: Data },
  reader: Reader,
): string | undefined {
  return Object.hasOwn(texts, kind) ? texts[kind as EventKind](data, reader, name) : kind;
}

function startedText(by: unknown, t: Translate): string {
  if (by === 'autostart') return t('Started with the PC');
  if (by === 'restart') return t('Started again by itself');
  return by === 'found' ? t('Found running') : t('Started');
}

function stoppingText({ by, mode, restarts }: Data, t: Translate): string {
  if (by === 'hang') return t('Ended because it did not respond');
  if (by === 'host') return t('Stopping as the PC goes down');
  if (mode === 'kill') return t('Force Kill was chosen');
  if (restarts === true) return t('Restart was chosen');
  return mode === 'graceful' ? t('Graceful Stop was chosen') : t('Stop was chosen');
}

const causes: readonly ExitCause[] = [
  ...(['asked', 'stopped-from-inside', 'crash', 'oom'] as const),
  ...(['killed-outside', 'start-failed', 'host-restart', 'unknown'] as const),
];

/** "Crashed (SIGSEGV)" */
function endText({ cause, code, signal }: Data, t: Translate): string {
  const exit = { code: num(code) ?? null, signal: word(signal) ?? null };
  const what = causeWord({ ...exit, at: 0, cause: causes.find((one) => one === cause) ?? 'unknown' }, t);
  const how = exitWord(exit, t);
  return how === undefined ? what : t('{0} ({1})', what, how);
}

function failedStartText(data: Data, t: Translate): string {
  const reason = word(data.reason);
  return reason === undefined
    ? endText({ ...data, cause: 'start-failed' }, t)
    : t('{0} ({1})', t('Could not start'), reason);
}

function playersText(players: number, t: Translate): string {
  return players === 1 ? t('1 player was on') : t('{0} players were on', players);
}

/** What has an event of its own beside its alert. */
const told = new Set<unknown>([
  'crash',
  'restarted',
  'gave-up',
  'stop-timeout',
  'hung',
  'save-failed',
  'low-memory',
  'over-budget',
]);

function alertEventText({ rule, state, ...data }: Data, name: string, reader: Reader): string | undefined {
  const { t } = reader;
  const title = alertTitle({ rule: rule as AlertRule, serverName: name, data }, reader);
  switch (state) {
    case 'active':
      return told.has(rule) ? undefined : t('Alert: {0}', title);
    case 'acknowledged':
      return t('Alert acknowledged: {0}', title);
    case 'muted':
      return t('Alert muted: {0}', title);
    default:
      return told.has(rule) ? undefined : t('Alert over: {0}', title);
  }
}

/** Its beginning, what it turned out to be, and its end. */
function anomalyText(data: Data, reader: Reader): string {
  const { t, locale } = reader;
  const language = languageOf(locale);
  const title = capital(anomalyTitle(data, language));
  const anomaly = anomalyOf(data);
  if (data.turn === 'end') {
    const span = anomaly?.end == null ? undefined : duration(anomaly.end - anomaly.begin, reader);
    if (data.endedBy === 'normal') return t('{0}: called normal', title);
    return span === undefined ? t('{0}: over', title) : t('{0}: over after {1}', title, span);
  }
  if (anomaly === undefined) return title;
  const { begin, peakAt } = anomaly;
  // Of a moment in the past: for how long it had lasted then.
  return t('{0}: {1}', title, anomalySentence(anomaly, language, Math.max(begin + 1000, peakAt)));
}

function memoryText({ level, usedPercent }: Data, t: Translate): string {
  const used = shown(usedPercent);
  if (level === 'critical') return t('Low memory: {0} % in use', used);
  return level === 'high'
    ? t('Memory is getting low: {0} % in use', used)
    : t('Enough memory again: {0} % in use', used);
}

function num(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '?';
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.map(shown).join(', ') : '?';
}

function secondsText(value: unknown, reader: Reader): string {
  return typeof value === 'number' ? duration(value * 1000, reader) : '?';
}
