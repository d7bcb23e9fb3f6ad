import type { Interval } from '../intervalMirror.js';
import type { Translate } from '../translate.js';

/** How often is measured, with the reason where it is another than usual. */
export function intervalText({ intervalMs, reason, cpuPercent }: Interval, t: Translate): string {
  const seconds = Math.round(intervalMs / 100) / 10;
  const percent = cpuPercent ?? null;
  if (reason === 'busy' && percent !== null) return t('every {0} s: the PC is busy (CPU {1} %)', seconds, percent);
  if (reason === 'saturated' && percent !== null)
    return t('every {0} s: the PC is very busy (CPU {1} %)', seconds, percent);
  if (reason === 'hidden') return t('every {0} s: nobody is looking', seconds);
  if (reason === 'panel') return t('every {0} s: a metrics panel is open', seconds);
  if (reason === 'budget') return t('every {0} s: the monitoring is over its budget', seconds);
  return t('every {0} s', seconds);
}

/** Only what makes numbers come less often than usual, and is not said otherwise: the budget has a row of its own. */
export function intervalNote(interval: Interval | undefined, t: Translate): string | undefined {
  return interval === undefined || isUnsaid(interval) ? undefined : intervalText(interval, t);
}

function isUnsaid({ reason }: Interval): boolean {
  return reason === 'normal' || reason === 'panel' || reason === 'budget';
}
