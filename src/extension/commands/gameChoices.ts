import type { GameInfo } from '../../shared/contract.js';
import { gameLabel } from '../text/gameLabel.js';
import { proofWord } from '../text/proofText.js';
import type { Translate } from '../translate.js';

export interface GameChoice {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly value: string;
}

/** Games under a heading; the first group needs none. */
export interface GameGroup {
  readonly heading: string | undefined;
  readonly choices: readonly GameChoice[];
}

/** What can be chosen for a new server: the known games, those that the user has described, and the others. */
export function gameGroups(games: readonly GameInfo[], t: Translate): GameGroup[] {
  // The demo is added by a command of its own.
  const offered = games.filter(({ id }) => id !== 'demo');
  const groups = [
    { heading: undefined, of: offered.filter(({ isOwn, isLessKnown }) => !isOwn && !isLessKnown) },
    { heading: t('Own games'), of: offered.filter(({ isOwn }) => isOwn) },
    { heading: t('More games'), of: offered.filter(({ isOwn, isLessKnown }) => !isOwn && isLessKnown) },
  ];
  return groups
    .filter(({ of }) => of.length > 0)
    .map(({ heading, of }) => ({ heading, choices: of.map((game) => choiceOf(game, t)) }));
}

function choiceOf({ id, label, icon, proof }: GameInfo, t: Translate): GameChoice {
  return {
    label: `$(${icon}) ${gameLabel(id, t, label)}`,
    // The id is what servers.json says, and can be typed in any language.
    description: id,
    detail: proofWord(proof, t),
    value: id,
  };
}
