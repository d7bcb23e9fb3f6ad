import type { Anomaly } from '../shared/anomaly.js';
import type { Finding } from './insight/findings/finding.js';

/** A finding as clients, events and alerts tell it. key: where it was told under another. */
export function anomalyFrom(finding: Finding, key = finding.key): Anomaly {
  const { kind, metric, cause, severity, begin, end, endedBy, value, peak, peakAt } = finding;
  const { expected, players, by, confidence, also, leak } = finding;
  return {
    ...{ key, kind, metric, cause, severity, begin, end, endedBy },
    ...{ value: rounded(value), peak: rounded(peak), peakAt },
    ...{ low: rounded(expected.low), mid: rounded(expected.mid), high: rounded(expected.high) },
    ...{ players: players === null ? null : Math.round(players), by, confidence: rounded(confidence), also },
    bytesPerHour: leak === null ? null : Math.round(leak.bytesPerHour),
    hoursLeft: leak?.hoursLeft == null ? null : rounded(leak.hoursLeft),
  };
}

/** A hundredth is finer than anything is measured. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
