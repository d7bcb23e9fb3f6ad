import type { Sample, ServerView } from '../../src/shared/contract.js';

export function sampleOf(at: number, cpu: number | null, memory: number | null, players: number | null = null): Sample {
  const others = { ioRead: null, ioWrite: null, threads: null };
  return { at, cpu, memory, players, ...others, tickRate: null, frameTime: null, apiTime: null };
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
