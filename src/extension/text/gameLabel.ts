import { gameRow } from '../../shared/games.js';
import type { Translate } from '../translate.js';

/**
 * The game's name. Names of games are the same everywhere; what is no game is told in the reader's language. label: as the
 * core tells it, for games that the user has described.
 */
export function gameLabel(id: string, t: Translate, label = gameRow(id)?.label ?? id): string {
  if (id === 'demo') return t('Demo server');
  if (id === 'other') return t('Other game or program');
  return label;
}
