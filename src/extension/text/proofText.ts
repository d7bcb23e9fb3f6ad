import type { GameInfo } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

/** How far what is known of a game was tried. */
export function proofWord(proof: GameInfo['proof'], t: Translate): string {
  switch (proof) {
    case 'real':
      return t('tested with the real server');
    case 'protocol':
      return t('tested by protocol');
    case 'basic':
      return t('basic: not tested, never restarted or ended by force unless you say so');
  }
}
