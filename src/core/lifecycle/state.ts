import type { ExitCause, State } from '../../shared/contract.js';
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
}

/** Where a server is in its life. since: Unix milliseconds. */
export type Lifecycle =
  | { readonly at: 'stopped' | 'crashed' | 'failed'; readonly since: number; readonly exit: Exit | null }
  /** It ended, and comes back by itself at nextAt. */
  | { readonly at: 'restarting'; readonly since: number; readonly exit: Exit; readonly nextAt: number }
  | { readonly at: 'starting'; readonly since: number; readonly process: Running | null; readonly stopWanted: boolean }
  | { readonly at: 'running'; readonly since: number; readonly process: Running; readonly isReady: boolean }
  /** upSince: since when it ran, where it did; a stop that is called off goes on from there. */
  | {
      readonly at: 'stopping';
      readonly since: number;
      readonly process: Running;
      readonly upSince: number;
      readonly wasReady: boolean;
    };

export type LifecycleEvent =
  | { readonly is: 'startAsked' }
  | { readonly is: 'spawned'; readonly process: Running }
  | { readonly is: 'spawnFailed' }
  /** isReady false: it took too long, and is taken for running all the same. */
  | { readonly is: 'up'; readonly isReady: boolean }
  /** Somebody wants it to end: from here on its end is no crash, whatever it looks like. */
  | { readonly is: 'stopAsked' }
  /** The stop was called off before anything irrevocable was said to the game. */
  | { readonly is: 'stopCancelled' }
  | ({ readonly is: 'exited' } & Ending)
  | { readonly is: 'restartPlanned'; readonly nextAt: number }
  /** It fell too often: only a person starts it again. */
  | { readonly is: 'gaveUp' };

/** What is known of a process's end. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  /** False where nobody was there to be told the code. */
  readonly isKnown: boolean;
  /** Its last words were those of an orderly stop. */
  readonly saidStopping: boolean;
}

/** The next state. Pure; events that make no sense in a state leave it as it is. */
export function step(state: Lifecycle, event: LifecycleEvent, now: number): Lifecycle {
  switch (event.is) {
    case 'startAsked':
      return processOf(state) === null && state.at !== 'starting'
        ? { at: 'starting', since: now, process: null, stopWanted: false }
        : state;
    case 'spawned':
      if (state.at !== 'starting' || state.process !== null) return state;
      return state.stopWanted
        ? { at: 'stopping', since: now, process: event.process, upSince: now, wasReady: false }
        : { ...state, process: event.process };
    case 'spawnFailed':
      if (state.at !== 'starting' || state.process !== null) return state;
      return { at: 'crashed', since: now, exit: { code: null, signal: null, cause: 'start-failed', at: now } };
    case 'up':
      if (state.at === 'starting' && state.process !== null) {
        return { at: 'running', since: now, process: state.process, isReady: event.isReady };
      }
      return state.at === 'running' && event.isReady && !state.isReady ? { ...state, isReady: true } : state;
    case 'stopAsked':
      return stopping(state, now);
    case 'stopCancelled':
      if (state.at === 'starting') return state.stopWanted ? { ...state, stopWanted: false } : state;
      if (state.at !== 'stopping') return state;
      return { at: 'running', since: state.upSince, process: state.process, isReady: state.wasReady };
    case 'exited':
      return ended(state, event, now);
    case 'restartPlanned':
      if ((state.at !== 'stopped' && state.at !== 'crashed') || state.exit === null) return state;
      return { at: 'restarting', since: now, exit: state.exit, nextAt: event.nextAt };
    case 'gaveUp':
      return state.at === 'stopped' || state.at === 'crashed' ? { ...state, at: 'failed', since: now } : state;
  }
}

function stopping(state: Lifecycle, now: number): Lifecycle {
  if (state.at === 'restarting') return { at: 'stopped', since: now, exit: state.exit };
  if (state.at === 'starting' && state.process === null) return { ...state, stopWanted: true };
  if (state.at !== 'running' && state.at !== 'starting') return state;
  const { process } = state;
  const upSince = state.at === 'running' ? state.since : now;
  const wasReady = state.at === 'running' && state.isReady;
  return process === null ? state : { at: 'stopping', since: now, process, upSince, wasReady };
}

function ended(state: Lifecycle, exit: Ending, now: number): Lifecycle {
  if (processOf(state) === null) return state;
  const cause = causeOf(state, exit);
  const isOrderly = cause === 'asked' || cause === 'stopped-from-inside';
  const { code, signal } = exit;
  return { at: isOrderly ? 'stopped' : 'crashed', since: now, exit: { code, signal, cause, at: now } };
}

/** Exit codes of programs that ended in an orderly way on a signal: 128 + SIGINT, 128 + SIGTERM (a JVM, for one). */
const signalCodes = new Set([130, 143]);
const endingSignals = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

function causeOf(state: Lifecycle, exit: Ending): ExitCause {
  // A crash in the middle of a stop is a stop: nothing is restarted into it, nobody is woken.
  if (state.at === 'stopping') return 'asked';
  if (!exit.isKnown) return exit.saidStopping ? 'stopped-from-inside' : 'unknown';
  return state.at === 'starting' ? 'start-failed' : unaskedCause(exit);
}

/** What an end means that nobody asked for here. */
export function unaskedCause(exit: { readonly code: number | null; readonly signal: string | null }): ExitCause {
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
