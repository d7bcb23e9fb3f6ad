import type { ErrorCode, ExitCause, State } from '../../shared/contract.js';
import type { StartedBy, StopWish } from '../../shared/events.js';
import type { ProcessRef } from '../ports.js';

/** How a server's process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly cause: ExitCause;
  readonly at: number;
}

/** A process that is this server, by this start. */
export interface Running extends ProcessRef {
  readonly nonce: string;
  readonly startedAt: number;
  /** Its exit is reported by the launcher; otherwise it is looked after by pid and start time. */
  readonly supervised: boolean;
  /** Started by us, so that its output and its stdin are where we know them; otherwise connected while it ran. */
  readonly isOurs: boolean;
  /** It was to run above normal priority, and the system did not allow that. */
  readonly priorityRefused?: true;
}

/** Where a server is in its life. since: Unix milliseconds. */
export type Lifecycle =
  | { readonly at: 'stopped' | 'crashed' | 'failed'; readonly since: number; readonly exit: Exit | null }
  /** It ended, and comes back by itself at nextAt. */
  | { readonly at: 'restarting'; readonly since: number; readonly exit: Exit; readonly nextAt: number }
  | {
      readonly at: 'starting';
      readonly since: number;
      readonly process: Running | null;
      readonly stopWanted: boolean;
      readonly byHost?: true;
    }
  | { readonly at: 'running'; readonly since: number; readonly process: Running; readonly isReady: boolean }
  /**
   * upSince: since when it ran, where it did; a stop that is called off goes on from there. byHost: it is wanted, and has
   * to end only because the PC goes down.
   */
  | {
      readonly at: 'stopping';
      readonly since: number;
      readonly process: Running;
      readonly upSince: number;
      readonly wasReady: boolean;
      readonly byHost?: true;
    };

export type LifecycleEvent =
  | { readonly is: 'startAsked' }
  /** by: who made it run; left out where an earlier core has told that. */
  | { readonly is: 'spawned'; readonly process: Running; readonly by?: StartedBy | undefined }
  | { readonly is: 'spawnFailed'; readonly reason?: ErrorCode }
  /** isReady false: it took too long, and is taken for running all the same. */
  | { readonly is: 'up'; readonly isReady: boolean }
  /** A start script has ended, and the server that it started is known: the same life in another process. */
  | { readonly is: 'followed'; readonly process: Running }
  /**
   * Somebody wants it to end: from here on its end is no crash, whatever it looks like. wish: left out where an earlier
   * core has told it.
   */
  | { readonly is: 'stopAsked'; readonly byHost?: true; readonly wish?: StopWish }
  /** The stop was called off before anything irrevocable was said to the game. */
  | { readonly is: 'stopCancelled' }
  | ({ readonly is: 'exited' } & Ending)
  /** isKnown: an earlier core has planned it. */
  | { readonly is: 'restartPlanned'; readonly nextAt: number; readonly isKnown?: boolean }
  /** The PC goes down, and is why it has ended, or why it does not come back. */
  | { readonly is: 'hostTook' }
  /** It fell too often: only a person starts it again. */
  | { readonly is: 'gaveUp' };

/** What a server said shortly before its end. */
export interface LastWords {
  /** That it is stopping, as in an orderly stop. */
  readonly saidStopping: boolean;
  /** That it has crashed. Some say goodbye behind that, and end with code 0. */
  readonly saidCrash: boolean;
}

/** What is known of a process's end. */
export interface Ending extends LastWords {
  readonly code: number | null;
  readonly signal: string | null;
  /** False where nobody was there to be told the code. */
  readonly isKnown: boolean;
  /** It was killed, and the kernel has just killed for want of memory. */
  readonly byOom?: boolean;
  /** The PC was going down. */
  readonly byHost?: true;
}

/** The next state. Pure; events that make no sense in a state leave it as it is. */
export function step(state: Lifecycle, event: LifecycleEvent, now: number): Lifecycle {
  switch (event.is) {
    case 'startAsked':
      return processOf(state) === null && state.at !== 'starting' ? spawningAt(now) : state;
    case 'spawned':
      if (state.at !== 'starting' || state.process !== null) return state;
      return state.stopWanted
        ? { at: 'stopping', since: now, process: event.process, upSince: now, wasReady: false, ...by(state) }
        : { ...state, process: event.process };
    case 'spawnFailed':
      if (state.at !== 'starting' || state.process !== null) return state;
      return state.byHost === undefined
        ? { at: 'crashed', since: now, exit: { code: null, signal: null, cause: 'start-failed', at: now } }
        : { at: 'stopped', since: now, exit: { code: null, signal: null, cause: 'host-restart', at: now } };
    case 'up':
      if (state.at === 'starting' && state.process !== null) {
        return { at: 'running', since: now, process: state.process, isReady: event.isReady };
      }
      return state.at === 'running' && event.isReady && !state.isReady ? { ...state, isReady: true } : state;
    case 'followed':
      return 'process' in state && state.process !== null ? { ...state, process: event.process } : state;
    case 'stopAsked':
      return stopping(state, event, now);
    case 'stopCancelled':
      if (state.at === 'starting') return state.stopWanted ? spawningAt(state.since) : state;
      if (state.at !== 'stopping') return state;
      return { at: 'running', since: state.upSince, process: state.process, isReady: state.wasReady };
    case 'exited':
      return ended(state, event, now);
    case 'restartPlanned':
      if ((state.at !== 'stopped' && state.at !== 'crashed') || state.exit === null) return state;
      return { at: 'restarting', since: now, exit: state.exit, nextAt: event.nextAt };
    case 'hostTook':
      if (!('exit' in state) || state.exit === null) return state;
      return { at: 'stopped', since: now, exit: { ...state.exit, cause: 'host-restart', at: now } };
    case 'gaveUp':
      return state.at === 'stopped' || state.at === 'crashed' ? { ...state, at: 'failed', since: now } : state;
  }
}

function spawningAt(since: number): Lifecycle {
  return { at: 'starting', since, process: null, stopWanted: false };
}

function by({ byHost }: { readonly byHost?: true }): { byHost?: true } {
  return byHost === undefined ? {} : { byHost };
}

function stopping(state: Lifecycle, event: { readonly byHost?: true }, now: number): Lifecycle {
  if (state.at === 'restarting') return { at: 'stopped', since: now, exit: state.exit };
  if (state.at === 'starting' && state.process === null) return { ...state, stopWanted: true, ...by(event) };
  // It was to come back: now the PC is why it does not.
  if (state.at === 'stopping' && event.byHost !== undefined) return { ...state, ...by(event) };
  if (state.at !== 'running' && state.at !== 'starting') return state;
  const { process } = state;
  const upSince = state.at === 'running' ? state.since : now;
  const wasReady = state.at === 'running' && state.isReady;
  return process === null ? state : { at: 'stopping', since: now, process, upSince, wasReady, ...by(event) };
}

function ended(state: Lifecycle, exit: Ending, now: number): Lifecycle {
  if (processOf(state) === null) return state;
  const { byHost } = state.at === 'stopping' ? state : exit;
  const cause = byHost === undefined ? causeOf(state.at, exit) : 'host-restart';
  const { code, signal } = exit;
  return { at: isOrderly(cause) ? 'stopped' : 'crashed', since: now, exit: { code, signal, cause, at: now } };
}

/**
 * Exit codes of programs that ended in an orderly way on a signal: 128 + SIGINT, 128 + SIGTERM (a JVM, for one), and on
 * Windows of those that Ctrl+C (STATUS_CONTROL_C_EXIT) or the end of the session (DBG_TERMINATE_PROCESS) has ended.
 */
const signalCodes = new Set([130, 143, 0xc000_013a, 0x4001_0004]);
/** As a start script hands its game's SIGKILL on: 128 + SIGKILL. */
export const killedCode = 137;
const endingSignals = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

/** True for ends that leave a server stopped rather than crashed. */
export function isOrderly(cause: ExitCause): boolean {
  return cause === 'asked' || cause === 'stopped-from-inside' || cause === 'host-restart';
}

/** Why a process has ended that was in that state. */
export function causeOf(was: Lifecycle['at'], exit: Ending): ExitCause {
  // A crash in the middle of a stop is a stop: nothing is restarted into it, nobody is woken.
  if (was === 'stopping') return 'asked';
  if (exit.saidCrash && was !== 'starting' && (exit.code ?? 0) === 0 && exit.signal === null) return 'crash';
  if (!exit.isKnown) return exit.saidStopping ? 'stopped-from-inside' : 'unknown';
  if (was === 'starting') return 'start-failed';
  if (exit.byOom === true) return 'oom';
  if (exit.code === 0) return 'stopped-from-inside';
  if (exit.code !== null && signalCodes.has(exit.code)) return 'stopped-from-inside';
  if (exit.signal !== null && endingSignals.has(exit.signal)) return 'stopped-from-inside';
  return exit.signal === 'SIGKILL' ? 'killed-outside' : 'crash';
}

export function processOf(state: Lifecycle): Running | null {
  return 'process' in state ? state.process : null;
}

export function stateName(state: Lifecycle): State {
  return state.at;
}
