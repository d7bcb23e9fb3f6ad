/** How finely the past is kept. A week and a year cost about the same to look at: each range has its tier. */
export type TierName = 'raw' | '1m' | '15m' | '1h';

/** table: in the database. view: the ending of the views' names. step: seconds of one row. */
export interface Tier {
  readonly name: Exclude<TierName, 'raw'>;
  readonly table: string;
  readonly view: string;
  readonly step: number;
}

export const tiers: readonly Tier[] = [
  { name: '1m', table: 'minutes', view: 'by_minute', step: 60 },
  { name: '15m', table: 'quarters', view: 'by_quarter', step: 900 },
  { name: '1h', table: 'hours', view: 'by_hour', step: 3600 },
];

/** How long each tier is kept, milliseconds. */
export interface Retention {
  readonly rawMs: number;
  readonly minuteMs: number;
  readonly quarterMs: number;
  readonly hourMs: number;
  readonly eventsMs: number;
}

const dayMs = 86_400_000;

/** Eight days of minutes: what is normal is learned from seven whole ones. */
export const defaultRetention: Retention = {
  rawMs: dayMs,
  minuteMs: 8 * dayMs,
  quarterMs: 60 * dayMs,
  hourMs: 400 * dayMs,
  eventsMs: 400 * dayMs,
};

export function keptMs(retention: Retention, tier: TierName): number {
  const { rawMs, minuteMs, quarterMs, hourMs } = retention;
  return { raw: rawMs, '1m': minuteMs, '15m': quarterMs, '1h': hourMs }[tier];
}

/** Metrics per row: the seventh has a row of its own beside the first, so that nobody pays for metrics he has not. */
export const slotsPerRow = 6;

export function groupOf(slot: number): number {
  return Math.floor(slot / slotsPerRow);
}
