/** How often a server saves, in milliseconds, as its last saves tell. */
export interface Rhythm {
  readonly intervalMs: number;
  /** Only few of the pauses were longer. */
  readonly longMs: number;
}

/** As many of the last ones are looked at. */
export const mostGaps = 20;
const fewestGaps = 4;
/** As far from the usual pause, one still agrees with it. */
const agreeing = 0.25;
/** As far apart may the pauses lie, as a standard deviation, of the usual one. */
const spread = 0.2;

/** gaps: milliseconds between saves that followed one another. Null where they do not agree. */
export function rhythmOf(gaps: readonly number[]): Rhythm | null {
  if (gaps.length < fewestGaps) return null;
  const usual = medianOf(gaps);
  const apart = 1.4826 * medianOf(gaps.map((gap) => Math.abs(gap - usual)));
  const near = gaps.filter((gap) => Math.abs(gap - usual) <= agreeing * usual);
  if (near.length < fewestGaps || apart > spread * usual) return null;
  const sorted = [...gaps].sort((a, b) => a - b);
  return { intervalMs: Math.round(medianOf(near)), longMs: sorted[Math.floor(0.9 * (sorted.length - 1))] ?? usual };
}

/** NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}
