import type { Sample, ServerView } from '../../src/shared/contract.js';
import { perMetric, type PanelSample } from '../../src/shared/panelMessages.js';

export function sampleOf(
  at: number,
  cpu: number | null,
  memory: number | null,
  players: number | null = null,
  told: Partial<Sample> = {},
): Sample {
  const others = { ioRead: null, ioWrite: null, threads: null };
  return { at, cpu, memory, players, ...others, tickRate: null, frameTime: null, apiTime: null, ...told };
}

/** A point of the panel's own, all else unknown. */
export function pointOf(at: number, part: Partial<PanelSample> = {}): PanelSample {
  return { at, ...perMetric(() => null), ...part };
}

export function serverView(part: Partial<ServerView> = {}): ServerView {
  return {
    id: 'valley',
    name: 'Green Valley',
    game: 'palworld',
    state: 'running',
    since: Date.parse('2026-03-01T10:00:00'),
    pid: 4711,
    health: { is: 'ok', reason: null },
    exit: null,
    restarts: { used: 0, max: 3, nextAt: null },
    players: { online: null, max: null, source: null, at: null },
    sample: null,
    save: { lastAt: null, nextAt: null, running: false, tookMs: null, intervalMs: null, isLearned: false, bytes: null },
    api: { is: 'none', via: null, since: 0 },
    perPlayer: { cpu: null, memory: null },
    gameLabel: 'Palworld',
    alerts: 0,
    secretsMissing: [],
    capabilities: [],
    ...part,
  };
}
