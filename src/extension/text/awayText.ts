import type { AwayCounts } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

type Count = Exclude<keyof AwayCounts, 'servers'>;

/** One and more of each, in the order in which they are told: what happened first, then what became of it. */
const words: Record<Count, (count: number, t: Translate) => string> = {
  crashes: (count, t) => (count === 1 ? t('1 crash') : t('{0} crashes', count)),
  restarts: (count, t) => (count === 1 ? t('1 restart') : t('{0} restarts', count)),
  gaveUp: (count, t) => (count === 1 ? t('1 server not restarted again') : t('{0} servers not restarted again', count)),
  failedStarts: (count, t) => (count === 1 ? t('1 failed start') : t('{0} failed starts', count)),
  notResponding: (count, t) =>
    count === 1 ? t('1 server did not respond') : t('{0} times a server did not respond', count),
  stopTimeouts: (count, t) => (count === 1 ? t('1 stop took too long') : t('{0} stops took too long', count)),
  lateSaves: (count, t) => (count === 1 ? t('1 late save') : t('{0} late saves', count)),
  failedSaves: (count, t) => (count === 1 ? t('1 failed save') : t('{0} failed saves', count)),
  lowMemory: (count, t) => (count === 1 ? t('low memory once') : t('low memory {0} times', count)),
};
const order = Object.keys(words) as Count[];

/** What may still be broken, or has cost something. */
const grave: readonly Count[] = ['crashes', 'gaveUp', 'failedStarts', 'notResponding', 'stopTimeouts', 'failedSaves'];
/** More names would push what happened out of sight. */
const mostNames = 3;

/** "While you were away: 2 crashes, 2 restarts, 1 late save (Survival)". names: of the servers that it is about. */
export function awayText(counts: AwayCounts, names: readonly string[], t: Translate): string {
  const told = order.filter((key) => counts[key] > 0).map((key) => words[key](counts[key], t));
  const list = told.join(', ');
  return names.length === 0 || names.length > mostNames
    ? t('While you were away: {0}', list)
    : t('While you were away: {0} ({1})', list, names.join(', '));
}

export function awaySeverity(counts: AwayCounts): 'warning' | 'information' {
  return grave.some((key) => counts[key] > 0) ? 'warning' : 'information';
}
