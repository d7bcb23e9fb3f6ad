import { anomalyOf } from '../../../shared/anomaly.js';
import { anomalyHint, anomalySentence, anomalyTitle } from '../../../shared/anomalyText.js';
import type { Alert, AlertRule } from '../../../shared/contract.js';
import { Values, valueTexts, type Language } from '../../../shared/values.js';
import { fieldsOf } from './fields.js';
import type { Missed, Wording } from './message.js';
import { texts, type Texts, type Titled } from './texts.js';
import { causeOf, exitText, numberOf, quoted, textOf, type Told, type Words } from './told.js';

const wordsOf = new Map<Language, Words>();

function inLanguage(language: Language): Words {
  let words = wordsOf.get(language);
  if (words === undefined) {
    words = { texts: texts[language], values: new Values(valueTexts[language]) };
    wordsOf.set(language, words);
  }
  return words;
}

/** Times in it are told as durations before `now`: nobody knows in which time zone it is read. */
export function wordingOf(told: Told, language: Language): Wording {
  const words = inLanguage(language);
  const title = titleOf(told.alert, words.texts, language);
  return {
    language,
    title: told.kind === 'resolved' ? words.texts.resolved(title) : title,
    text: sentencesOf(told, words, language)
      .filter((sentence) => sentence !== '')
      .join(' '),
    fields: fieldsOf(told, words),
  };
}

export function testWording(target: string, language: Language): Wording {
  const { test, fields } = texts[language];
  return { language, ...test, fields: [{ name: fields.target, value: target }] };
}

export function missedText({ dropped, uncertain }: Missed, language: Language): string {
  return texts[language].missed(dropped, uncertain);
}

function titleOf({ rule, serverName, data }: Alert, { titles }: Texts, language: Language): string {
  if (rule === 'anomaly' || rule === 'leak')
    return titles[rule](serverName, anomalyTitle({ kind: rule, ...data }, language));
  const variant = `${rule} ${String(rule === 'api-degraded' ? data.is : data.cause)}`;
  const titled = Object.hasOwn(titles, variant) ? (variant as Titled) : rule;
  return titles[titled](rule === 'webhook-paused' ? textOf(data.target) : serverName);
}

function sentencesOf(told: Told, words: Words, language: Language): string[] {
  const { alert, kind, telling, now } = told;
  const { texts: said, values } = words;
  const isOver = kind === 'resolved';
  return [
    ...(isOver ? [] : bodyOf(told, words, language)),
    ...timesOf(told, words),
    ...(isOver && !moments.has(alert.rule) ? [said.lasted(values.roughly(sinceOf(alert, now)))] : []),
    ...(alert.rule === 'crash' || alert.rule === 'gave-up' ? nextOf(told, words) : []),
    ...(telling.reason === 'worse' ? [said.nobodyLooked(values.roughly(unseenMs(alert, now)))] : []),
    ...(telling.reason === 'held' ? [said.held(said.ago(values.roughly(Math.max(1000, now - alert.lastAt))))] : []),
  ];
}

/** They happen and do not last. */
const moments: ReadonlySet<AlertRule> = new Set(['crash', 'restarted', 'gave-up', 'save-failed', 'history-damaged']);

/** What has happened, without what the title says. */
function bodyOf({ alert, now }: Told, { texts: said, values }: Words, language: Language): string[] {
  const { data } = alert;
  const seconds = (value: unknown): string => values.duration((numberOf(value) ?? 0) * 1000);
  switch (alert.rule) {
    case 'crash':
    case 'restarted':
      return [said.ended[causeOf(data.cause)](exitText(data, said))];
    case 'gave-up':
      return [said.didNotHelp(numberOf(data.used) ?? 0, seconds(data.windowSeconds))];
    case 'stop-timeout':
      return [said.notStopped(seconds(data.graceSeconds))];
    case 'hung':
      return typeof data.reason === 'string' ? [reasonText(data.reason, said)] : [];
    case 'api-degraded':
      return data.is === 'silent' && typeof data.since === 'number'
        ? [said.noAnswerFor(values.roughly(Math.max(1000, now - data.since)))]
        : [];
    case 'save-overdue':
      return overdueText(data, now, said, values);
    case 'save-failed':
      return saveFailedText(data.reason, said);
    case 'tick-rate-low':
      return [said.ticks(values.number(numberOf(data.rate)), values.number(numberOf(data.usual)))];
    case 'anomaly':
    case 'leak': {
      const anomaly = anomalyOf(data);
      return anomaly === undefined ? [] : [anomalySentence(anomaly, language, now), anomalyHint(anomaly, language)];
    }
    case 'disk-nearly-full':
      return [said.free(values.bytes(numberOf(data.freeBytes)), values.bytes(numberOf(data.totalBytes)))];
    default:
      return ownBodyOf(alert, now, { texts: said, values });
  }
}

/** Of the PC and of the monitoring itself. Folders are left out: the name of whoever owns them may stand in them. */
function ownBodyOf({ rule, data }: Alert, now: number, { texts: said, values }: Words): string[] {
  const { troubles, findings } = said;
  switch (rule) {
    case 'host-cpu-saturated':
      return [said.hostCpu(values.percent(numberOf(data.percent)), minutesText(data.minutes, values))];
    case 'low-memory':
      return [said.lowMemory(values.percent(numberOf(data.usedPercent)))];
    case 'over-budget': {
      const { cpuPercent, memoryBytes, intervalMs } = data;
      const interval = values.duration(numberOf(intervalMs) ?? 0);
      return [said.overBudget(values.percent(numberOf(cpuPercent)), values.bytes(numberOf(memoryBytes)), interval)];
    }
    case 'history-stopped':
      return [troubles[known(troubles, data.trouble)] ?? ''];
    case 'history-damaged':
      return [findings[known(findings, data.found)] ?? ''];
    case 'webhook-paused': {
      const until = numberOf(data.until);
      return until === null ? [] : [said.triedAgain(values.roughly(Math.max(1000, until - now)))];
    }
    default:
      return [];
  }
}

/** What follows from it, as far as it is settled. */
function nextOf({ alert, kind, view, now }: Told, { texts: said, values }: Words): string[] {
  if (view === undefined) return [];
  const { state, restarts } = view;
  if (state === 'running') return [said.isRunning];
  if (state === 'starting') return [said.isStarting];
  if (kind === 'resolved') return [];
  if (state === 'restarting' && restarts.nextAt !== null)
    return [said.restartsIn(values.duration(Math.max(1000, restarts.nextAt - now)))];
  const isGivenUp = alert.rule === 'gave-up' || alert.data.restarts !== true;
  return isGivenUp && (state === 'crashed' || state === 'failed') ? [said.staysOff] : [];
}

function timesOf({ alert, kind, telling: { times } }: Told, { texts: said, values }: Words): string[] {
  const { count, firstAt, lastAt } = alert;
  if (count <= 1) return [];
  const span = values.roughly(Math.max(1000, lastAt - firstAt));
  return [
    kind === 'again' && times > 0 && times < count ? said.timesSince(count, span, times) : said.times(count, span),
  ];
}

function overdueText({ lastAt, intervalMs }: Alert['data'], now: number, said: Texts, values: Values): string[] {
  const last = numberOf(lastAt);
  const interval = numberOf(intervalMs);
  if (last === null) return [];
  const since = values.roughly(Math.max(0, now - last));
  return [interval === null ? said.notSavedFor(since) : said.notSavedThough(since, values.duration(interval))];
}

function saveFailedText(reason: unknown, said: Texts): string[] {
  const text = textOf(reason);
  if (text === '') return [];
  return [Object.hasOwn(said.saveReasons, text) ? (said.saveReasons[text] ?? '') : said.gameSays(quoted(text))];
}

function minutesText(minutes: unknown, values: Values): string {
  return values.roughly((numberOf(minutes) ?? 0) * 60_000);
}

/** Codes of ours in words, what else is told as it is. */
function reasonText(reason: string, { reasons }: Texts): string {
  const codes = reason.split(' ');
  return codes.every((code) => Object.hasOwn(reasons, code))
    ? codes.map((code) => reasons[code]).join(' ')
    : quoted(reason);
}

/** What was there, or `other`. */
function known(words: Readonly<Record<string, string>>, key: unknown): string {
  return typeof key === 'string' && Object.hasOwn(words, key) ? key : 'other';
}

function sinceOf({ firstAt }: Alert, now: number): number {
  return Math.max(1000, now - firstAt);
}

function unseenMs({ activeSince, firstAt }: Alert, now: number): number {
  return Math.max(1000, now - (activeSince ?? firstAt));
}
