import type { Translate } from '../translate.js';

const dayMs = 86_400_000;

/** How far back a history can be exported. */
export function exportRanges(t: Translate): { label: string; ms: number }[] {
  return [
    { label: t('Last 24 hours'), ms: dayMs },
    { label: t('Last 7 days'), ms: 7 * dayMs },
    { label: t('Last 60 days'), ms: 60 * dayMs },
    { label: t('Everything'), ms: 4000 * dayMs },
  ];
}

/** "Survival 2026-11-22.csv": a name under which it can be saved anywhere. */
export function exportName(server: string, now: number): string {
  const date = new Date(now);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${server.replace(/[\s\p{Cc}\\/:*?"<>|]+/gu, ' ').trim()} ${day}.csv`;
}
