import type { PerPlayer, ServerView } from '../../shared/contract.js';
import type { Reader, Translate } from '../translate.js';
import { channelLabel, sourceText } from './channelText.js';
import { bytes, cpuShare, duration, intervalText, milliseconds, number, tookText, type CpuScale } from './format.js';

interface Context extends Reader {
  readonly now: number;
  readonly cpus: number;
  readonly scale: CpuScale;
}
type Line = [label: string, value: string];

/** How many are on, and of how many; undefined where nobody knows. */
export function playersText({ sample, players }: ServerView, t: Translate): string | undefined {
  const online = sample?.players ?? players.online;
  if (online === null) return undefined;
  return players.max === null ? t('{0} players', online) : t('{0}/{1} players', online, players.max);
}

/** What is known of a running game beside its process: a line for each thing that is known, none for what is not. */
export function gameLines(view: ServerView, context: Context): Line[] {
  const { t } = context;
  const lines: [string, string | undefined][] = [
    [t('Players'), playersLine(view, context)],
    [t('Per player'), perPlayerLine(view, context)],
    tickLine(view, context),
    [t('Game API'), apiLine(view, context)],
    [t('Last save'), lastSaveLine(view, context)],
    [t('Saves every'), intervalLine(view, context)],
    [t('Free on its disk'), view.disk === undefined ? undefined : bytes(view.disk.freeBytes, context)],
  ];
  return lines.filter((line): line is Line => line[1] !== undefined);
}

function playersLine({ sample, players, api }: ServerView, context: Context): string | undefined {
  const { t, now } = context;
  const online = sample?.players ?? players.online;
  if (online === null) return undefined;
  const count = players.max === null ? String(online) : `${String(online)}/${String(players.max)}`;
  const source = players.source === null ? [] : [sourceText(players.source, t)];
  // A log tells of every change as it happens; an answer is as old as it is.
  // While it answers, a number that stays the same is asked for again and again.
  const askedAt = players.source === 'log' || api.is === 'ok' ? null : players.at;
  const age = askedAt === null ? [] : [t('{0} ago', duration(now - askedAt, context))];
  return [count, ...source, ...age].join(', ');
}

function perPlayerLine({ perPlayer }: ServerView, context: Context): string | undefined {
  const { t, scale, cpus } = context;
  const cpu = costText(perPlayer.cpu, (value) => cpuShare(value, scale, cpus, context), context);
  const memory = costText(perPlayer.memory, (value) => bytes(value, context), context);
  const parts = [
    ...(cpu === undefined ? [] : [t('CPU {0}', cpu)]),
    ...(memory === undefined ? [] : [t('memory {0}', memory)]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function costText(cost: PerPlayer | null, text: (value: number) => string, { t }: Reader): string | undefined {
  const { quotient = null, marginal = null } = cost ?? {};
  // Below nothing is where the numbers say nothing; a player never makes a server lighter.
  const more =
    marginal === null
      ? undefined
      : t('one more: {0} to {1}', text(Math.max(0, marginal.low)), text(Math.max(0, marginal.high)));
  if (quotient === null) return more;
  return more === undefined ? text(quotient) : t('{0} ({1})', text(quotient), more);
}

function tickLine({ sample }: ServerView, context: Context): [string, string | undefined] {
  const { t } = context;
  const { tickRate = null, frameTime = null } = sample ?? {};
  const frame = frameTime === null ? undefined : milliseconds(frameTime, context);
  if (tickRate === null) return [t('Frame time'), frame];
  const rate = t('{0}/s', number(tickRate, 1, context));
  return [t('Tick rate'), frame === undefined ? rate : `${rate}, ${frame}`];
}

function apiLine({ api, sample }: ServerView, context: Context): string | undefined {
  const { t, now } = context;
  if (api.is === 'none') return undefined;
  const time = sample?.apiTime ?? null;
  const words: Record<Exclude<ServerView['api']['is'], 'none'>, string> = {
    locked: t('password missing'),
    waiting: t('not asked yet'),
    ok: time === null ? t('answers') : t('answers in {0}', milliseconds(time, context)),
    silent: t('no answer for {0}', duration(now - api.since, context)),
    refused: t('does not take the password'),
  };
  return api.via === null ? words[api.is] : t('{0}: {1}', channelLabel(api.via, t), words[api.is]);
}

function lastSaveLine({ save }: ServerView, context: Context): string | undefined {
  const { t, now } = context;
  if (save.running) return t('saving…');
  if (save.lastAt === null) return undefined;
  return [
    t('{0} ago', duration(now - save.lastAt, context)),
    ...(save.tookMs === null ? [] : [t('took {0}', tookText(save.tookMs, context))]),
    ...(save.bytes === null ? [] : [bytes(save.bytes, context)]),
  ].join(', ');
}

function intervalLine({ save }: ServerView, context: Context): string | undefined {
  const { t, now } = context;
  if (save.intervalMs === null) return undefined;
  const every = intervalText(save.intervalMs, context);
  const next =
    save.nextAt === null || save.nextAt <= now ? [] : [t('the next one in {0}', duration(save.nextAt - now, context))];
  return [save.isLearned ? t('{0} (as seen so far)', every) : every, ...next].join(', ');
}
