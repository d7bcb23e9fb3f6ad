import type { Translate } from '../translate.js';

/** For how long something holds, to choose from. forMs null: until it is taken back. */
export interface UntilChoice {
  readonly label: string;
  readonly forMs: number | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export function muteChoices(t: Translate): UntilChoice[] {
  return [
    { label: t('For 1 hour'), forMs: hourMs },
    { label: t('For {0} hours', 8), forMs: 8 * hourMs },
    { label: t('For 1 day'), forMs: dayMs },
    { label: t('For 1 week'), forMs: 7 * dayMs },
    { label: t('Until I Unmute It'), forMs: null },
  ];
}

/** isMuted: it is now, and can be heard of again (forMs 0). */
export function metricMuteChoices(isMuted: boolean, t: Translate): UntilChoice[] {
  return [
    ...(isMuted ? [{ label: t('Unmute'), forMs: 0 }] : []),
    { label: t('For 1 hour'), forMs: hourMs },
    { label: t('For 1 day'), forMs: dayMs },
    { label: t('For 1 week'), forMs: 7 * dayMs },
    { label: t('Until I Unmute It'), forMs: null },
  ];
}

export function maintenanceChoices(t: Translate): UntilChoice[] {
  return [
    { label: t('For {0} minutes', 30), forMs: 30 * minuteMs },
    { label: t('For 1 hour'), forMs: hourMs },
    { label: t('For {0} hours', 2), forMs: 2 * hourMs },
    { label: t('For {0} hours', 8), forMs: 8 * hourMs },
    { label: t('Until I End It'), forMs: null },
  ];
}
