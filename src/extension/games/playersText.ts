import type { Requests, ServerView } from '../../shared/contract.js';
import { withoutIcons } from '../text/alertTitle.js';
import { duration, moment } from '../text/format.js';
import type { Reader, Translate } from '../translate.js';

type Online = Requests['server/players']['result'][number];
type Stats = Requests['server/playerStats']['result'];

/** Somebody whose row was chosen. id: what the game knows them by, null where it does not tell. */
export interface ChosenPlayer {
  readonly name: string;
  readonly id: string | null;
  readonly isOnline: boolean;
}

/** A row of the list of players; without a player it says something, and choosing it does nothing. */
export interface PlayerRow {
  readonly label: string;
  readonly description: string;
  readonly icon?: string;
  readonly isHeading?: true;
  readonly player?: ChosenPlayer;
}

/** online: undefined: not known yet; text: why it is not known. stats: undefined: not known. */
export interface KnownPlayers {
  readonly online: readonly Online[] | { readonly text: string } | undefined;
  readonly stats: Stats | undefined;
}

const statsDays = 7;

/** The beginning of the first of those days, by the clock of this PC; Unix milliseconds. */
export function statsFrom(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - (statsDays - 1));
  return day.getTime();
}

/** Who is on, then who was in the last days. */
export function playerRows({ online, stats }: KnownPlayers, now: number, reader: Reader): PlayerRow[] {
  const { t } = reader;
  const present = online === undefined || 'text' in online ? [] : online;
  const names = new Set(present.map(({ name }) => name));
  const earlier = (stats?.players ?? []).filter(({ name }) => !names.has(name)).sort((a, b) => b.lastAt - a.lastAt);
  return [
    ...(online === undefined ? [] : onlineRows(online, now, reader)),
    ...(earlier.length === 0
      ? []
      : [{ label: t('Last {0} days', statsDays), description: '', isHeading: true as const }]),
    ...earlier.map((one) => ({
      label: withoutIcons(one.name),
      description: playedText(one, now, reader),
      icon: 'history',
      player: { name: one.name, id: null, isOnline: false },
    })),
  ];
}

function onlineRows(online: NonNullable<KnownPlayers['online']>, now: number, reader: Reader): PlayerRow[] {
  const { t } = reader;
  if ('text' in online) return [{ label: online.text, description: '' }];
  if (online.length === 0) return [{ label: t('Nobody is online.'), description: '' }];
  return online.map(({ name, id, since }) => ({
    label: withoutIcons(name),
    description: since === null ? '' : sinceText(since, now, reader),
    icon: 'person',
    player: { name, id, isOnline: true },
  }));
}

function sinceText(since: number, now: number, reader: Reader): string {
  return reader.t('since {0} ({1})', moment(since, now, reader), duration(now - since, reader));
}

function playedText({ sessions, playedMs, lastAt }: Stats['players'][number], now: number, reader: Reader): string {
  const { t } = reader;
  return [
    sessions === 1 ? t('1 session') : t('{0} sessions', sessions),
    t('{0} played', duration(playedMs, reader)),
    t('last seen {0}', moment(lastAt, now, reader)),
  ].join(' · ');
}

/** The most at a time today; undefined where nobody was on, or nothing is known. */
export function peakText(stats: Stats | undefined, now: number, reader: Reader): string | undefined {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const today = stats?.days.find(({ from }) => from >= midnight);
  if (today === undefined || today.peak === 0) return undefined;
  return reader.t('Most today: {0}, at {1}', today.peak, moment(today.at, now, reader));
}

export type PlayerAction = 'kick' | 'ban' | 'unban' | 'copy';

/** What can be done with somebody: those who are on can be sent away, the others let in again, as the game can. */
export function playerActions({ isOnline }: ChosenPlayer, { state, capabilities }: ServerView): PlayerAction[] {
  const offered: PlayerAction[] = isOnline ? ['kick', 'ban'] : ['unban'];
  const able = offered.filter((one) => state === 'running' && capabilities.includes(`action.${one}`));
  return [...able, 'copy'];
}

export function playerActionTitle(action: PlayerAction, t: Translate): string {
  const titles: Record<PlayerAction, string> = {
    kick: t('Kick…'),
    ban: t('Ban…'),
    unban: t('Unban'),
    copy: t('Copy Name'),
  };
  return titles[action];
}

/** Said when it is done. */
export function doneText(action: Exclude<PlayerAction, 'copy'>, player: string, t: Translate): string {
  switch (action) {
    case 'kick':
      return t('{0} was kicked.', player);
    case 'ban':
      return t('{0} was banned.', player);
    case 'unban':
      return t('{0} may join again.', player);
  }
}
