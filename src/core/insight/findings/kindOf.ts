import type { InsightMetric } from '../baseline/insightMetrics.js';
import type { FindingCause, FindingKind } from './finding.js';
import type { HostStanding } from './hostStanding.js';

/** players, slow: how many play, and have played lately; NaN: not known. isSurge: many have just come. */
interface Around {
  readonly players: number;
  readonly slow: number;
  readonly isSurge: boolean;
  readonly host: HostStanding;
}

/** What it is that a metric is off, and why as far as can be told. */
export function kindOf(
  metric: InsightMetric,
  { players, slow, isSurge, host }: Around,
): { kind: FindingKind; cause: FindingCause } {
  if (metric === 'cpu') {
    const isFlat = players <= slow + Math.max(1, 0.1 * slow);
    return isFlat ? { kind: 'cpu-without-players', cause: 'bug' } : { kind: 'cpu-high', cause: 'unknown' };
  }
  if (metric === 'memory') return { kind: 'memory-high', cause: 'unknown' };
  if (metric === 'ioRead' || metric === 'ioWrite') return { kind: 'disk-high', cause: 'disk' };
  if (host.isFullOfOthers) return { kind: 'host-bound', cause: 'host' };
  const cause = isSurge ? 'load' : host.isDiskBusy ? 'disk' : 'unknown';
  if (metric === 'apiTime') return { kind: 'api-slow', cause };
  if (host.isOneCoreFull) return { kind: 'game-bound', cause: isSurge ? 'load' : 'game' };
  return { kind: 'tick-rate-low', cause };
}
