import fs from 'node:fs';
import { messageOf } from '../../../shared/failure.js';

/** A process of our size with this comes before any game, and still behind one that has 1000 of its own wish. */
const firstChoice = 500;
const ownFile = '/proc/self/oom_score_adj';

/**
 * Makes this process the one that the kernel ends first when memory runs out: what it knows is on the disk, and the launcher
 * brings it back; a game's players are not brought back. One that is an earlier choice already stays so. Raising asks for no
 * privilege; children inherit it, and the launcher takes it back for itself and for the games. Returns why it is not so;
 * undefined where it is. Never throws.
 */
export function becomeFirstChoice(file = ownFile): string | undefined {
  try {
    if (scoreIn(file) < firstChoice) fs.writeFileSync(file, String(firstChoice));
    const score = scoreIn(file);
    return score >= firstChoice ? undefined : `oom_score_adj: stays ${String(score)}`;
  } catch (error) {
    return `oom_score_adj: ${messageOf(error)}`;
  }
}

/** What stands there now, whoever wrote it; null where it cannot be read. Never throws. */
export function oomScore(file = ownFile): number | null {
  try {
    const score = scoreIn(file);
    return Number.isInteger(score) ? score : null;
  } catch {
    return null;
  }
}

function scoreIn(file: string): number {
  return Number(fs.readFileSync(file, 'latin1'));
}
