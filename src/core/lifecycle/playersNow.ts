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
  const online = onlineNow(lines, facts);
  return online === null ? { online, max, source: null, at: null } : { online, max, source: 'log', at: Date.now() };
}

/** Of these only how many, for every server in every round. */
export function onlineNow(
  lines: Pick<LogWatch, 'knowsPlayers' | 'online'>,
  { players }: Pick<GameFacts, 'players'>,
): number | null {
  if (players !== null) return players.value;
  return lines.knowsPlayers ? lines.online.size : null;
}
