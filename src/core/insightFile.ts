import fs from 'node:fs';
import * as v from 'valibot';
import { anomalyCauses, anomalyKinds, anomalyMetrics } from '../shared/anomaly.js';
import { isServerId } from '../shared/serverId.js';
import { insightMetrics } from './insight/baseline/insightMetrics.js';
import type { Finding } from './insight/findings/finding.js';
import type { InsightState } from './insight/findings/serverInsight.js';
import { LearnedFiles, learnedSuffix } from './learnedFiles.js';
import type { Log } from './ports.js';

/** What has been learned of a server, and up to when. Unix milliseconds. */
export interface StoredInsight {
  readonly version: 1;
  readonly savedAt: number;
  readonly insight: InsightState;
}

const number = v.number();
const numbers = v.array(number);
const maybe = v.nullable(number);
const findingSchema = v.object({
  ...{ key: v.string(), kind: v.picklist(anomalyKinds), metric: v.picklist(anomalyMetrics) },
  ...{ cause: v.picklist(anomalyCauses), severity: v.picklist(['info', 'warning', 'error']) },
  ...{ begin: number, end: maybe, endedBy: v.nullable(v.picklist(['ended', 'normal', 'gone'])) },
  ...{ value: number, peak: number, peakAt: number, expected: v.object({ low: number, mid: number, high: number }) },
  ...{ by: v.picklist(['robust', 'three-sigma']), confidence: number, players: maybe, excess: number },
  also: v.array(v.picklist(anomalyMetrics)),
  leak: v.nullable(v.object({ bytesPerHour: number, low: number, high: number, hoursLeft: maybe })),
});
/** One that cannot be read is not worth what has been learned. */
const findings = v.pipe(
  v.array(v.unknown()),
  v.transform((all): Finding[] => all.flatMap((one) => (v.is(findingSchema, one) ? [one] : []))),
);
const stateSchema = v.object({
  version: v.literal(1),
  baseline: v.object({
    ...{ version: number, zoneMinutes: number, since: numbers, levels: v.string(), weeks: v.string() },
    points: v.nullable(v.string()),
  }),
  cycle: v.object({
    ...{ version: v.literal(1), gaps: numbers, tooks: numbers, emptySaves: number, allowedMs: number },
    ...{ blindMs: v.optional(number, 0), silenceMs: v.optional(number, 0) },
    ...{ inside: v.array(maybe), outside: v.array(maybe) },
  }),
  method: v.picklist(['robust', 'three-sigma']),
  muted: v.record(v.string(), maybe),
  allowed: v.array(v.object({ metric: v.picklist(insightMetrics), hour: number, distance: number, until: number })),
  leakPerHour: number,
  life: v.optional(v.object({ startedAt: maybe, at: number, open: findings }), { startedAt: null, at: 0, open: [] }),
  past: findings,
});
const fileSchema = v.object({ version: v.literal(1), savedAt: number, insight: stateSchema });

/** What has been learned of each server. */
export class InsightFile extends LearnedFiles<StoredInsight> {
  constructor(dataDir: string, log: Log) {
    super(dataDir, fileSchema, log);
  }

  /** Those of servers that are no more. */
  removeAllBut(ids: ReadonlySet<string>): void {
    let names: string[];
    try {
      names = fs.readdirSync(this.folder);
    } catch {
      return;
    }
    for (const name of names) {
      const id = name.slice(0, -learnedSuffix.length);
      // Neither what was set aside, nor the PC's own, nor anybody else's.
      if (name.endsWith(learnedSuffix) && isServerId(id) && !ids.has(id)) this.remove(id);
    }
  }
}
