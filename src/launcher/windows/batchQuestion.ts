import { setTimeout as sleep } from 'node:timers/promises';
import { programName } from '../../node/windows/images.js';
import { jobPrograms } from './jobPrograms.js';

const lookMs = 250;
/** As long as a game may take to save. */
const longestMs = 120_000;

/**
 * Behind Ctrl+C, when the game that a batch file has run has ended, cmd.exe asks whether to end the batch file too, and
 * waits for an answer. Resolves true when it is alone, so asks; false when it has ended, or the game does not.
 */
export async function awaitBatchQuestion(mark: string): Promise<boolean> {
  let seen = 0;
  for (const deadline = Date.now() + longestMs; Date.now() < deadline;) {
    await sleep(lookMs, undefined, { ref: false });
    const pids = jobPrograms(mark);
    if (pids.length === 0) return false;
    const isAlone = pids.every((pid) => programName(pid) === 'cmd.exe');
    // Twice: between two programs of a batch file, and at its end, it is alone for a moment.
    seen = isAlone ? seen + 1 : 0;
    if (seen === 2) return true;
  }
  return false;
}
