import { duration } from '../text/format.js';
import type { Reader } from '../translate.js';

export interface CountdownChoice {
  readonly label: string;
  readonly description?: string;
  readonly value: number | 'default' | 'custom';
}

/** `usual`: the game's announcements before a stop, seconds; undefined where several games are meant. */
export function countdownChoices(usual: readonly number[] | undefined, reader: Reader): CountdownChoice[] {
  const { t } = reader;
  const longest = Math.max(0, ...(usual ?? []));
  const seconds = (value: number): CountdownChoice => ({ label: t('{0} seconds', value), value });
  return [
    {
      label: t('As usual for the game'),
      ...(usual === undefined
        ? {}
        : { description: longest === 0 ? t('no countdown') : duration(longest * 1000, reader) }),
      value: 'default',
    },
    seconds(10),
    seconds(30),
    seconds(60),
    { label: t('{0} minutes', 5), value: 300 },
    { label: t('Custom…'), value: 'custom' },
  ];
}

/** Whole seconds up to an hour; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d{1,4}$/.test(trimmed)) return undefined;
  const seconds = Number(trimmed);
  return seconds <= 3600 ? seconds : undefined;
}
