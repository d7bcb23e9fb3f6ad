import type { GameFacts } from '../../../../../src/core/ports.js';
import type { ServerView } from '../../../../../src/shared/contract.js';

/** Of a game that cannot be asked. */
export const noFacts: GameFacts = {
  api: { is: 'none', since: 0, via: null, hasAnswered: false },
  ...{ players: null, maxPlayers: null, names: null, tickRate: null, frameTime: null, apiTime: null },
};

export const noSaves: ServerView['save'] = {
  ...{ lastAt: null, nextAt: null, running: false, tookMs: null, intervalMs: null, isLearned: false, bytes: null },
};
