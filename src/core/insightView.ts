import { insightMetrics } from './insight/baseline/insightMetrics.js';
import type { ServerInsight } from './insight/findings/serverInsight.js';
import { anomalyFrom } from './insightAnomaly.js';

/** What is known of a server's normal, and what was found: the answer to `baseline/get`. Plain JSON; null: not known. */
export function insightView(insight: ServerInsight, now: number, players: number | null): Record<string, unknown> {
  const view = insight.view(now, players);
  return { ...view, players, findings: view.findings.map((finding) => anomalyFrom(finding)) };
}

/** Of the metric of which most is known: "learning: 2 of 7 days". */
export function mostKnown({ baseline }: ServerInsight): ReturnType<ServerInsight['baseline']['confidence']> {
  let most = baseline.confidence('cpu');
  for (const metric of insightMetrics) {
    const one = baseline.confidence(metric);
    if (one.value > most.value) most = one;
  }
  return most;
}
