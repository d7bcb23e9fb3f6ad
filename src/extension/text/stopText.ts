import type { StopStep } from '../../shared/contract.js';
import type { StopProgress } from '../mirror.js';
import { duration, secondsLeft } from './format.js';
import type { Reader, Translate } from '../translate.js';

/** The step that is under way: told without an end. */
function current(progress: StopProgress | undefined): StopStep | undefined {
  const last = progress?.steps.at(-1);
  return last?.endedAt === 0 ? last : undefined;
}

/** The game has not been told yet: it warns its players, or saves. */
export function canBeCancelled(progress: StopProgress | undefined): boolean {
  const step = current(progress)?.step;
  return step === 'announce' || step === 'save';
}

/** Players are being warned. */
export function isCountingDown(progress: StopProgress | undefined): boolean {
  return current(progress)?.step === 'announce';
}

/** What is happening right now, with the time left where there is an end to it. */
export function stopText(progress: StopProgress | undefined, now: number, reader: Reader): string {
  const step = current(progress);
  const words = step === undefined ? reader.t('stopping') : stepWord(step.step, reader.t);
  const endsAt = progress?.endsAt ?? null;
  if (step === undefined || endsAt === null || endsAt <= now) return words;
  const left = duration(secondsLeft(endsAt, now) * 1000, reader);
  // Players are warned for so long; everything else is done when it is done.
  return step.step === 'announce' ? reader.t('{0} ({1})', words, left) : reader.t('{0} (at most {1})', words, left);
}

function stepWord(step: string, t: Translate): string {
  switch (step) {
    case 'announce':
      return t('warning the players');
    case 'save':
      return t('saving the world');
    case 'command':
    case 'signal':
      return t('telling the game to stop');
    case 'wait':
      return t('waiting until it has stopped');
    case 'kill':
      return t('force killing it');
    default:
      return t('stopping');
  }
}
