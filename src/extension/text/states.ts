import type { ServerView } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

type Exit = NonNullable<ServerView['exit']>;

/** The state in words, with what is known of its cause: "Crashed (exit 1)", "Stopped in game". No numbers that tick. */
export function stateWord(view: ServerView, t: Translate): string {
  switch (view.state) {
    case 'running':
      return healthWord(view, t) ?? t('Running');
    case 'starting':
      return t('Starting');
    case 'stopping':
      return t('Stopping');
    case 'restarting':
      return t('Restarting ({0}/{1})', view.restarts.used, view.restarts.max);
    case 'crashed':
      return crashWord(view.exit, t);
    case 'failed':
      return view.exit?.cause === 'start-failed' && view.restarts.used === 0
        ? t('Could not start')
        : t('Restart failed ({0}/{1})', view.restarts.used, view.restarts.max);
    case 'stopped':
      return stoppedWord(view.exit, t);
  }
}

function healthWord({ health }: ServerView, t: Translate): string | undefined {
  if (health.is === 'hung') return t('Not responding');
  if (health.is === 'degraded') return degradedWord(health.reason, t);
  return undefined;
}

function degradedWord(reason: string | null, t: Translate): string {
  if (reason === 'not-ready') return t('Not ready yet');
  return reason === 'api-refused' ? t('The game does not take the password') : t('Game API not answering');
}

function crashWord(exit: Exit | null, t: Translate): string {
  if (exit?.cause === 'oom') return t('Crashed (out of memory)');
  if (exit?.cause === 'start-failed') return couldNotStart(exit, t);
  if (exit?.cause === 'killed-outside') return t('Ended from outside');
  if (exit?.cause === 'unknown') return t('Ended, cause not known');
  const how = exit === null ? undefined : exitWord(exit, t);
  return how === undefined ? t('Crashed') : t('Crashed ({0})', how);
}

function stoppedWord(exit: Exit | null, t: Translate): string {
  switch (exit?.cause) {
    case 'stopped-from-inside':
      return t('Stopped in game');
    case 'killed-outside':
      return t('Ended from outside');
    case 'host-restart':
      return t('PC restarted');
    case 'start-failed':
      return couldNotStart(exit, t);
    default:
      return t('Stopped');
  }
}

function couldNotStart(exit: Exit, t: Translate): string {
  const how = exitWord(exit, t);
  return how === undefined ? t('Could not start') : t('Could not start ({0})', how);
}

export function exitWord(exit: Pick<Exit, 'code' | 'signal'>, t: Translate): string | undefined {
  if (exit.signal !== null) return exit.signal;
  return exit.code === null ? undefined : t('exit {0}', exit.code);
}

/** Why it is not well; codes of the background process in words, what a game says as it is. */
export function reasonWord(reason: string, t: Translate): string {
  const words: Record<string, string> = {
    'not-ready': t('It has not said that it is ready.'),
    suspended: t('Its process has been paused from outside.'),
    'counters-flat': t('It uses neither CPU nor storage any more.'),
    'log-silent': t('It has printed nothing for long.'),
    'api-silent': t('The game does not answer.'),
    'api-refused': t('The password that is known is not the one of the game.'),
  };
  const codes = reason.split(' ');
  return codes.every((code) => code in words) ? codes.map((code) => words[code]).join(' ') : reason;
}

/** Why it ended, for the tooltip. */
export function causeWord(exit: Exit, t: Translate): string {
  const causes: Record<Exit['cause'], string> = {
    asked: t('Stopped as asked'),
    'stopped-from-inside': t('Stopped in game'),
    crash: t('Crashed'),
    oom: t('Out of memory'),
    'killed-outside': t('Ended from outside'),
    'start-failed': t('Could not start'),
    'host-restart': t('Stopped as the PC went down'),
    unknown: t('Cause not known'),
  };
  return causes[exit.cause];
}

/** True while it has processes of its own. */
export function isAlive({ state }: Pick<ServerView, 'state'>): boolean {
  return state === 'running' || state === 'starting' || state === 'stopping';
}
