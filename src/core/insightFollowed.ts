import { messageOf } from '../shared/failure.js';
import type { Method } from './insight/baseline/baseline.js';
import { ServerInsight } from './insight/findings/serverInsight.js';
import type { InsightFile, StoredInsight } from './insightFile.js';
import { InsightLearning, type LearningParts } from './insightLearning.js';
import { SampleMeans } from './insightSamples.js';
import type { InsightTelling } from './insightTelling.js';
import type { ServerFace } from './lifecycle/serverTools.js';
import type { HistoryEvent } from './ports.js';

/** What is followed of one server. */
export interface Followed {
  readonly id: string;
  readonly insight: ServerInsight;
  readonly telling: InsightTelling;
  readonly means: SampleMeans;
  /** Up to when it is known what was measured before; null: that has not been looked at. */
  readonly savedAt: number | null;
  /** null: it has caught up with the present. */
  learning: InsightLearning | null;
  /** How often it has failed. */
  failures: number;
  /** What has happened while it was learning. */
  readonly missed: HistoryEvent[];
  isUp: boolean;
  /** Of the last measurement that is not kept yet; 0: all is. */
  unsavedAt: number;
  writtenAt: number;
  days: number;
}

const learnedMs = 7 * 86_400_000;

/** Begins with what is on the disk, and has the rest still to learn from the history. */
export function followedOf(
  id: string,
  given: {
    readonly method: Method;
    readonly file: InsightFile;
    readonly telling: InsightTelling;
    readonly source: LearningParts;
    readonly now: number;
    /** Of the process that runs now, if one does. */
    readonly upSince: number | null;
  },
): Followed {
  const { file, telling, source, now, method, upSince } = given;
  const zoneMinutes = zoneMinutesAt(now);
  const stored = file.read(id);
  const restored = stored === undefined ? undefined : restoredOf(stored, id, given);
  const insight = restored ?? new ServerInsight({ zoneMinutes, method });
  insight.baseline.zoneMinutes = zoneMinutes;
  const savedAt = restored === undefined ? null : (stored?.savedAt ?? null);
  // A clock that was set back has not seen what is to come.
  const from = Math.max(now - learnedMs, Math.min(savedAt ?? 0, now));
  return {
    ...{ id, insight, telling, savedAt, learning: new InsightLearning(id, insight, { from, upSince }, source) },
    means: new SampleMeans(),
    ...{ failures: 0, missed: [], isUp: false, unsavedAt: 0, writtenAt: now, days: -1 },
  };
}

/** It is up, or about to be. */
export function isOnItsWay(server: Pick<ServerFace, 'state'> | undefined): boolean {
  return server?.state.at === 'running' || server?.state.at === 'starting';
}

/** Local time is so far ahead of UTC. */
export function zoneMinutesAt(now: number): number {
  return -new Date(now).getTimezoneOffset();
}

function restoredOf(
  { insight: state }: StoredInsight,
  id: string,
  { method, file, now }: { method: Method; file: InsightFile; now: number },
): ServerInsight | undefined {
  const insight = new ServerInsight({ zoneMinutes: zoneMinutesAt(now), method });
  try {
    if (insight.restore(state)) return insight;
    file.setAside(id, 'it is of another version');
  } catch (error) {
    file.setAside(id, messageOf(error));
  }
  return undefined;
}
