import type { Definition } from '../../shared/contract.js';
import type { SettingKey } from '../settings.js';
import type { Translate } from '../translate.js';

/** What suits a PC on which the games are played, too. */
const recommended = {
  'sampling.baseIntervalMs': 5000,
  'sampling.panelIntervalMs': 2000,
  'history.memoryMegabytes': 50,
} as const satisfies Partial<Record<SettingKey, number>>;
type Key = keyof typeof recommended;

export interface SettingChange {
  readonly key: Key;
  readonly from: number;
  readonly to: number;
}

/** A change as it is offered: what, from what to what, and what there is to know of it. */
export interface Offer {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Those that are not as recommended. */
export function settingChanges(get: (key: Key) => number): SettingChange[] {
  return (Object.keys(recommended) as Key[])
    .map((key) => ({ key, from: get(key), to: recommended[key] }))
    .filter(({ from, to }) => from !== to);
}

/** Those whose priority is not above normal. */
export function lowServers(definitions: readonly Definition[]): Definition[] {
  return definitions.filter(({ priority }) => priority !== 'above-normal');
}

export function settingOffer({ key, from, to }: SettingChange, t: Translate): Offer {
  const { label, detail, value } = texts[key];
  return { label: label(t), description: t('from {0} to {1}', value(from, t), value(to, t)), detail: detail(t) };
}

/** canRaise: the system allows it. */
export function priorityOffer({ name }: Pick<Definition, 'name'>, canRaise: boolean, t: Translate): Offer {
  return {
    label: t('Priority of {0}', name),
    description: t('from {0} to {1}', t('normal'), t('above normal')),
    detail: canRaise
      ? t('From its next start on.')
      : t('This system does not allow it: the server would run at normal priority all the same.'),
  };
}

interface Texts {
  readonly label: (t: Translate) => string;
  readonly detail: (t: Translate) => string;
  readonly value: (value: number, t: Translate) => string;
}

const seconds = (value: number, t: Translate): string => t('{0} s', value / 1000);

const texts: Record<Key, Texts> = {
  'sampling.baseIntervalMs': {
    label: (t) => t('Monitoring interval'),
    detail: (t) => t('Longer while the PC is busy, as before.'),
    value: seconds,
  },
  'sampling.panelIntervalMs': {
    label: (t) => t('Monitoring interval while a metrics panel is open'),
    detail: (t) => t('Only while the panel can be seen and the PC is not busy.'),
    value: (value, t) => (value === 0 ? t('as usual') : seconds(value, t)),
  },
  'history.memoryMegabytes': {
    label: (t) => t('Memory for the history'),
    detail: (t) => t('Where it needs more, it is kept for a shorter time.'),
    value: (value, t) => t('{0} MB', value),
  },
};
