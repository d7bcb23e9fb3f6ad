/** For each byte that goes into the journal so many go into snapshots: what the disk sees stays in proportion. */
const amplification = 16;
/** Less is not worth it: to read it again takes some hundredths of a second. */
const smallestJournal = 512 * 1024;
const oldestMs = 6 * 3_600_000;
/** It waits for a quiet moment until the journal is twice as long, or for so long. */
const patienceMs = 20 * 60_000;

export interface SinceSnapshot {
  readonly journalBytes: number;
  readonly databaseBytes: number;
  readonly ageMs: number;
}

/** now: also when it is not quiet. */
export function snapshotDue({ journalBytes, databaseBytes, ageMs }: SinceSnapshot): 'no' | 'when-quiet' | 'now' {
  const limit = Math.max(smallestJournal, databaseBytes / amplification);
  if (journalBytes > 2 * limit || ageMs > oldestMs + patienceMs) return 'now';
  return journalBytes > limit || ageMs > oldestMs ? 'when-quiet' : 'no';
}
