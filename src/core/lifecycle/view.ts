import type { ServerView } from '../../shared/contract.js';
import { consoleOnPort, type Effective } from '../../shared/definition.js';
import type { ProcessWatch } from './processWatch.js';
import { rulesOf } from './restartBudget.js';
import { processOf, stateName, type Lifecycle } from './state.js';

/** A server as clients see it. */
export function viewOf(
  effective: Effective,
  state: Lifecycle,
  { lines: watch, sample, hangSigns }: Pick<ProcessWatch, 'lines' | 'sample' | 'hangSigns'>,
  { restartsUsed, alerts, secretsMissing }: { restartsUsed: number; alerts: number; secretsMissing: string[] },
): ServerView {
  const { definition, game } = effective;
  const process = processOf(state);
  const knowsPlayers = process !== null && watch.knowsPlayers;
  const lastAt = watch.lastSaveAt;
  const isOurs = process?.isOurs !== false;
  const canSend = consoleOnPort(effective) !== undefined || (game.channel === undefined && isOurs);
  const every = definition.save?.intervalSeconds;
  return {
    id: definition.id,
    name: definition.name,
    game: definition.game,
    state: stateName(state),
    since: state.since,
    pid: process?.pid ?? null,
    health: healthOf(state, hangSigns),
    exit: 'exit' in state ? state.exit : null,
    restarts: {
      used: restartsUsed,
      max: rulesOf(definition).maxAttempts,
      nextAt: state.at === 'restarting' ? state.nextAt : null,
    },
    players: {
      online: knowsPlayers ? watch.online.size : null,
      max: null,
      source: knowsPlayers ? 'log' : null,
      at: knowsPlayers ? Date.now() : null,
    },
    sample,
    save: {
      lastAt,
      nextAt: lastAt !== null && every !== undefined && process !== null ? lastAt + every * 1000 : null,
      running: process !== null && watch.isSaving,
      tookMs: null,
      intervalMs: every === undefined ? null : every * 1000,
      isLearned: false,
      bytes: null,
    },
    api: { is: 'none', via: null, since: state.since },
    perPlayer: { cpu: null, memory: null },
    gameLabel: game.label,
    alerts,
    secretsMissing,
    capabilities: [
      ...(isOurs ? ['console'] : []),
      ...(canSend ? ['send'] : []),
      ...(game.saveLine !== undefined && watch.has('saveEnd') ? ['save'] : []),
      ...(game.sayLine !== undefined ? ['announce'] : []),
      ...(watch.has('join') ? ['players'] : []),
    ],
  };
}

function healthOf(state: Lifecycle, hangSigns: readonly string[]): ServerView['health'] {
  if (state.at !== 'running') return { is: 'unknown', reason: null };
  if (hangSigns.length > 0) return { is: 'hung', reason: hangSigns.join(' ') };
  return state.isReady ? { is: 'ok', reason: null } : { is: 'degraded', reason: 'not-ready' };
}
