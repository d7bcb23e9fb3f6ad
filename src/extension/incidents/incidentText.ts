import type { Requests } from '../../shared/contract.js';
import { duration, fullMoment } from '../text/format.js';
import { causeWord, exitWord } from '../text/states.js';
import type { Reader, Translate } from '../translate.js';

export type IncidentEntry = Requests['incident/list']['result'][number];

/** One crash to choose from: how long ago, how it ended, and exactly when. */
export function incidentItem(
  entry: IncidentEntry,
  now: number,
  reader: Reader,
): { label: string; description: string; detail: string } {
  const { t } = reader;
  const cause = causeWord(entry, t);
  const how = exitWord(entry, t);
  return {
    label: t('{0} ago', duration(now - entry.at, reader)),
    description: how === undefined ? cause : t('{0} ({1})', cause, how),
    detail: fullMoment(entry.at, reader),
  };
}

/** "Crash of Demo 2026-11-22 14.03.md": the title of the tab, and a name under which it can be saved anywhere. */
export function documentName(server: string, at: number, t: Translate): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const name = t('Crash of {0}', server.replace(/[\s\p{Cc}\\/:*?"<>|]+/gu, ' ').trim());
  return `${name} ${day} ${two(date.getHours())}.${two(date.getMinutes())}.md`;
}

/** The language of documents: as set, else that of the display where there is one of ours, else English. */
export function documentLanguage(setting: 'auto' | 'en' | 'ko', display: string): 'en' | 'ko' {
  if (setting !== 'auto') return setting;
  return /^ko\b/i.test(display) ? 'ko' : 'en';
}
