/**
 * After a failure, as of a full disk or of a core that died in the middle: this long, twice as long after each further
 * one, and at most an hour.
 */
const firstMs = 5000;
const longestMs = 3_600_000;

/** failures: how many in a row, at least 1. Milliseconds until the next attempt. */
export function pauseAfter(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1));
}
