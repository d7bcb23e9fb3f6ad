import type { ServerView } from '../../shared/contract.js';
import { menuCapabilities } from '../commands/table.js';
import type { StopProgress } from '../mirror.js';
import { alertCount } from '../text/alertTitle.js';
import { bytes, cpuShare, duration, moment, secondsLeft, type CpuScale } from '../text/format.js';
import { playersText } from '../text/gameText.js';
import { maintenanceText } from '../text/maintenanceText.js';
import { stateWord } from '../text/states.js';
import type { Interval } from '../intervalMirror.js';
import { canBeCancelled, isCountingDown } from '../text/stopText.js';
import type { Reader, Translate } from '../translate.js';

export interface RowIcon {
  readonly id: string;
  readonly color?: string;
}

/** How a server's row looks; compared as a whole to find the rows that changed. */
export interface Row {
  readonly label: string;
  readonly description: string;
  readonly icon: RowIcon;
  readonly contextValue: string;
  /** Read aloud: name and state, without the numbers that change on every tick. */
  readonly spoken: string;
}

export interface RowContext extends Reader {
  readonly live: boolean;
  readonly down: boolean;
  readonly now: number;
  readonly cpus: number;
  readonly scale: CpuScale;
  readonly stop: StopProgress | undefined;
  /** How often is measured; absent: not known. */
  readonly interval?: Interval | undefined;
}

export function serverRow(view: ServerView, context: RowContext): Row {
  const { t, live } = context;
  const word = stateWord(view, t);
  if (!live) {
    const state = context.down ? t('Last seen: {0}', word) : t('Reconnecting…');
    return {
      label: view.name,
      description: state,
      icon: { id: 'circle-outline', color: 'disabledForeground' },
      contextValue: `server.unknown.${view.game}`,
      spoken: t('{0}, {1}', view.name, state),
    };
  }
  const alerts = alertCount(view.alerts, t);
  const work = maintenanceText(view, context.now, context);
  return {
    label: view.name,
    description: join(work, ...withAlerts(view, description(view, word, context), t), passwordMissing(view, context)),
    icon: work === undefined ? icon(view) : workedOn(icon(view), view),
    contextValue: contextValue(view, context),
    spoken: [t('{0}, {1}', view.name, word), work, alerts].filter((part) => part !== undefined).join(', '),
  };
}

/** What menus go by: state, game, what the game can be told, whether somebody works on it, and whether its stop can be called off. */
function contextValue({ state, game, capabilities, maintenance }: ServerView, { stop }: RowContext): string {
  const able = menuCapabilities.filter((one) => capabilities.includes(one)).map((one) => `can-${one}`);
  const work = maintenance === undefined ? [] : ['maintenance'];
  return ['server', state, game, ...able, ...work, ...(canBeCancelled(stop) ? ['cancellable'] : [])].join('.');
}

/** Before the numbers of one that runs; behind what says itself that something is wrong, if there is more than that. */
function withAlerts({ alerts, state, health }: ServerView, text: string, t: Translate): (string | undefined)[] {
  const saysItself = state === 'crashed' || state === 'failed' || health.is === 'hung';
  const count = saysItself && alerts === 1 ? undefined : alertCount(alerts, t);
  return state === 'running' && !saysItself ? [count, text] : [text, count];
}

/** Without it a stop may have to take another way; said before that matters. */
function passwordMissing(view: ServerView, { t }: Reader): string | undefined {
  return view.secretsMissing.length > 0 ? t('password missing') : undefined;
}

function description(view: ServerView, word: string, context: RowContext): string {
  const { t, now } = context;
  switch (view.state) {
    case 'running':
      return numbers(view, word, context);
    case 'starting':
      return join(t('Starting…'), duration(now - view.since, context));
    case 'stopping':
      return stopping(view, context);
    case 'restarting':
      return view.restarts.nextAt === null
        ? word
        : join(word, t('in {0}', duration(secondsLeft(view.restarts.nextAt, now) * 1000, context)));
    default:
      return view.exit === null ? word : join(word, moment(view.exit.at, now, context));
  }
}

function numbers(view: ServerView, word: string, context: RowContext): string {
  const { t } = context;
  const { sample } = view;
  const trouble = view.health.is === 'hung' || view.health.is === 'degraded' ? word : undefined;
  return join(
    trouble,
    playersText(view, t),
    t('CPU {0}', cpuShare(sample?.cpu ?? null, context.scale, context.cpus, context)),
    bytes(sample?.memory ?? null, context),
    saveText(view, context),
    duration(context.now - view.since, context),
  );
}

/** In whole minutes, rounded up: the row must not move every second. One that is late is told by an alert. */
function saveText({ save }: ServerView, context: RowContext): string | undefined {
  const { t, now } = context;
  if (save.running) return t('saving…');
  if (save.nextAt === null || save.nextAt <= now) return undefined;
  return t('save in {0}', duration(Math.ceil((save.nextAt - now) / 60_000) * 60_000, context));
}

function stopping(view: ServerView, context: RowContext): string {
  const { t, now, stop } = context;
  if (stop?.endsAt != null && isCountingDown(stop)) {
    return t('Stopping in {0}', duration(secondsLeft(stop.endsAt, now) * 1000, context));
  }
  return join(t('Stopping…'), duration(now - view.since, context));
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' · ');
}

function icon({ state, health, exit }: ServerView): RowIcon {
  switch (state) {
    case 'running':
      return health.is === 'hung' || health.is === 'degraded'
        ? { id: 'warning', color: 'list.warningForeground' }
        : { id: 'circle-filled', color: 'charts.green' };
    case 'starting':
      return { id: 'loading~spin' };
    case 'stopping':
      return { id: 'sync~spin' };
    case 'restarting':
      return { id: 'history', color: 'list.warningForeground' };
    case 'crashed':
      return { id: 'error', color: 'errorForeground' };
    case 'failed':
      return { id: 'error', color: 'errorForeground' };
    case 'stopped':
      return exit?.cause === 'start-failed' ? { id: 'error', color: 'errorForeground' } : { id: 'circle-outline' };
  }
}

/** Whoever works on it knows what is wrong: nothing alarms, and what moves still does. */
function workedOn(usual: RowIcon, { state, health }: ServerView): RowIcon {
  if (usual.id.endsWith('~spin')) return usual;
  const isWell = state === 'running' && health.is !== 'hung' && health.is !== 'degraded';
  return { id: 'tools', ...(isWell ? { color: 'charts.green' } : {}) };
}

/** True while the row shows a number that moves without any news: a countdown. */
export function ticks(view: ServerView): boolean {
  return view.state === 'starting' || view.state === 'stopping' || view.state === 'restarting';
}
