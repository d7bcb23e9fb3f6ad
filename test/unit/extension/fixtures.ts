import type { Alert, ServerLoad, ServerView } from '../../../src/shared/contract.js';
import type { Reader, Translate } from '../../../src/extension/translate.js';

/** English, the way vscode.l10n.t fills in. */
export const t: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));

export const reader: Reader = { t, locale: 'en' };

export const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();

export function view(change: Partial<ServerView> = {}): ServerView {
  return {
    id: 'demo',
    name: 'Demo Server',
    game: 'demo',
    state: 'running',
    since: noon - 7_500_000,
    pid: 4242,
    health: { is: 'ok', reason: null },
    exit: null,
    restarts: { used: 0, max: 3, nextAt: null },
    players: { online: null, max: null, source: null, at: null },
    sample: null,
    save: { lastAt: null, nextAt: null, running: false, tookMs: null, intervalMs: null, isLearned: false, bytes: null },
    api: { is: 'none', via: null, since: 0 },
    perPlayer: { cpu: null, memory: null },
    gameLabel: 'Demo server',
    alerts: 0,
    secretsMissing: [],
    capabilities: [],
    ...change,
  };
}

export function alert(change: Partial<Alert> = {}): Alert {
  return {
    ...{ id: 'a1', rule: 'crash', server: 'demo', serverName: 'Demo Server', severity: 'error' },
    ...{ firstAt: noon - 600_000, lastAt: noon, count: 1, state: 'active' },
    data: { code: null, signal: 'SIGSEGV', cause: 'crash', exitAt: noon, players: null, restarts: false },
    ...change,
  };
}

export function sample(change: Partial<NonNullable<ServerView['sample']>> = {}): NonNullable<ServerView['sample']> {
  return {
    at: noon,
    cpu: null,
    memory: null,
    ioRead: null,
    ioWrite: null,
    threads: null,
    players: null,
    tickRate: null,
    frameTime: null,
    apiTime: null,
    ...change,
  };
}

export function load(change: Partial<ServerLoad> = {}): ServerLoad {
  return {
    ...{ cpu1: null, cpu5: null, cpu15: null, cpuP95: null, cpuPeak: null },
    ...{ busiestThread: null, isBoundToOneCore: false, tickRate: null, frameTime: null },
    ...change,
  };
}
