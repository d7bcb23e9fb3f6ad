import type { ServerView } from '../../shared/contract.js';
import type { GameFacts } from '../ports.js';
import type { LogWatch } from './logWatch.js';

/**
 * How many play, by the best word there is: the game's own answer before what follows from its lines, of which some may be
 * missing. source: of the number; null where nobody knows it.
 */
export function playersNow(
  lines: Pick<LogWatch, 'knowsPlayers' | 'online'>,
  facts: Pick<GameFacts, 'players' | 'maxPlayers'>,
): ServerView['players'] {
  const max = facts.maxPlayers?.value ?? null;
  if (facts.players !== null) {
    const { value, source, at } = facts.players;
    return { online: value, max, source, at };
  }
  if (!lines.knowsPlayers) return { online: null, max, source: null, at: null };
  return { online: lines.online.size, max, source: 'log', at: Date.now() };
}
