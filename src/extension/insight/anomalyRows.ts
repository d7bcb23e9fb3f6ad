import { anomalyMetrics, anomalyOf, type Anomaly, type AnomalyMetric } from '../../shared/anomaly.js';
import {
  anomalyHint,
  anomalyLabel,
  anomalySentence,
  anomalyTitle,
  capital,
  languageOf,
} from '../../shared/anomalyText.js';
import { duration, moment } from '../text/format.js';
import type { Reader, Translate } from '../translate.js';

/** What is known of a server's normal pattern, as far as it is looked at here. Read from outside: nothing is taken for granted. */
export interface Known {
  readonly anomalies: readonly Anomaly[];
  /** Until when, Unix milliseconds; null: until it is taken back. */
  readonly muted: ReadonlyMap<AnomalyMetric, number | null>;
  readonly days: number;
  readonly of: number;
}

export function knownOf({ findings, muted, confidence }: Readonly<Record<string, unknown>>, now: number): Known {
  const { days, of } = fieldsOf(confidence);
  const mutes = anomalyMetrics.flatMap((metric): [AnomalyMetric, number | null][] => {
    const until = fieldsOf(muted)[metric];
    return until === null || (typeof until === 'number' && until > now) ? [[metric, until]] : [];
  });
  return {
    anomalies: Array.isArray(findings) ? findings.flatMap((one) => anomalyOf(fieldsOf(one)) ?? []) : [],
    muted: new Map(mutes),
    days: typeof days === 'number' ? days : 0,
    of: typeof of === 'number' ? of : 7,
  };
}

/** To choose from: what, when, and why. */
export function anomalyRow(
  anomaly: Anomaly,
  now: number,
  reader: Reader,
): { readonly label: string; readonly description: string; readonly detail: string } {
  const { t, locale } = reader;
  const language = languageOf(locale);
  const { begin, end, severity, endedBy } = anomaly;
  const icon = end === null ? (severity === 'info' ? 'info' : severity) : 'check';
  const since = moment(begin, now, reader);
  const over =
    endedBy === 'normal' ? t('called normal') : t('over after {0}', duration((end ?? begin) - begin, reader));
  return {
    label: `$(${icon}) ${capital(anomalyTitle(anomaly, language))}`,
    description: [since, end === null ? t('lasts') : over].join(' · '),
    detail: `${anomalySentence(anomaly, language, now)} ${anomalyHint(anomaly, language)}`,
  };
}

/** Every metric that can be muted, with until when it is. */
export function metricRows(
  muted: Known['muted'],
  now: number,
  reader: Reader,
): { readonly label: string; readonly description: string; readonly metric: AnomalyMetric }[] {
  // Players are only looked at for what they explain.
  const metrics = anomalyMetrics.filter((metric) => metric !== 'players');
  return metrics.map((metric) => {
    const until = muted.get(metric);
    const isMuted = until !== undefined;
    const text = isMuted && until !== null ? reader.t('Muted until {0}', moment(until, now, reader)) : undefined;
    return {
      label: capital(anomalyLabel(metric, languageOf(reader.locale))),
      description: isMuted ? (text ?? reader.t('Muted')) : '',
      metric,
    };
  });
}

const dateAndTime = /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:[ T]*(\d{1,2}):(\d{2}))?$/;

/** "2026-11-22 18:30", "2026-11-22" or "18:30" (today) by the clock of this PC, as Unix milliseconds; undefined: it is none. */
export function timeIn(text: string, now: number): number | undefined {
  const [, year, month, day, hour, minute] = dateAndTime.exec(text.trim()) ?? [];
  if (year === undefined && hour === undefined) return undefined;
  const today = new Date(now);
  const [y, m, d] =
    year === undefined
      ? [today.getFullYear(), today.getMonth(), today.getDate()]
      : [Number(year), Number(month) - 1, Number(day)];
  const date = new Date(y, m, d, Number(hour ?? 0), Number(minute ?? 0));
  const isReal = date.getMonth() === m && date.getDate() === d && date.getHours() === Number(hour ?? 0);
  return isReal && Number(minute ?? 0) < 60 ? date.getTime() : undefined;
}

/** What is wrong with a time that was written down; undefined: nothing. */
export function timeFault(text: string, now: number, t: Translate): string | undefined {
  const at = timeIn(text, now);
  if (at === undefined) return t('A date and a time, as 2026-11-22 18:30');
  return at > now ? t('That is still to come.') : undefined;
}

/** As it is to be written. */
export function timeExample(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
