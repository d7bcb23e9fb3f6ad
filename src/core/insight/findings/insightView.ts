import { learnedDays, stateVersion, type Baseline, type Confidence, type Method } from '../baseline/baseline.js';
import { hourOfWeek, hoursPerWeek } from '../baseline/hourOfWeek.js';
import { insightMetrics, type InsightMetric } from '../baseline/insightMetrics.js';
import { cellMs, lagsMs } from '../baseline/pointRing.js';
import type { PlayersLine } from '../baseline/playersLine.js';
import type { SaveCycleView } from '../saveCycle/saveCycle.js';
import type { Finding } from './finding.js';

/**
 * Everything that is known of one server, to be shown: plain JSON, no NaN; null: not known. Times are Unix milliseconds, values
 * in the metric's own unit.
 */
export interface InsightView {
  readonly at: number;
  /** Of what is learned; another one begins anew. */
  readonly version: number;
  readonly method: Method;
  /** Local time is so far ahead of UTC. Hours below are local ones. */
  readonly zoneMinutes: number;
  /** Of the metric of which most is known: "learning: 2 of 7 days". */
  readonly confidence: Confidence;
  readonly data: DataRange;
  /** Those of which anything is known. */
  readonly metrics: Readonly<Partial<Record<InsightMetric, MetricView>>>;
  /** added: what a save adds to each metric while it lasts. */
  readonly saves: SaveCycleView;
  /** Newest first. */
  readonly findings: readonly Finding[];
  /** Until when each of them is muted; null: for good. */
  readonly muted: Readonly<Record<string, number | null>>;
}

export interface DataRange {
  readonly from: number | null;
  readonly to: number | null;
}

/** Of minutes' means over the range. */
export interface MetricView {
  readonly confidence: Confidence;
  readonly data: DataRange;
  /** Nothing from before is learned from; null: nobody has asked for that. */
  readonly relearnedFrom: number | null;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly median: number | null;
  readonly medianAbsoluteDeviation: number | null;
  readonly quantiles: Readonly<Record<'p5' | 'p25' | 'p50' | 'p75' | 'p95', number | null>>;
  readonly now: BandView | null;
  /** By the 24 hours of the local day of `at`, from midnight; null: too little is known. */
  readonly day: {
    /** With as many players as usually at that hour. */
    readonly usual: readonly BandView[];
    /** With as many as were asked for; null where that is not known. */
    readonly withPlayers: readonly BandView[] | null;
    /** With nobody; null where players explain nothing. */
    readonly empty: readonly BandView[] | null;
  } | null;
  /** Means of the 168 hours of the local week, from Monday on, over the range; null: less than a day is known. */
  readonly week: readonly (number | null)[] | null;
  /** So many weeks are known of the hours of the week. */
  readonly weeks: number;
  readonly players: PlayersView | null;
}

/** low to high: where a minute usually lies; beyond the limits it is out of the ordinary. players: that it holds for. */
export interface BandView {
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
  readonly limitLow: number | null;
  readonly limitHigh: number | null;
  readonly players: number | null;
}

/** How players explain a metric: what one adds, between low and high in 19 of 20 cases. */
export interface PlayersView {
  readonly perPlayer: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Of an empty server. */
  readonly base: number | null;
  /** More were never seen. */
  readonly most: number | null;
  /** They count on for so long, milliseconds: memory is given back late. */
  readonly lagMs: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** players: at that time; null: not known. */
export function viewOf(
  baseline: Baseline,
  { at, players }: { at: number; players: number | null },
  told: Pick<InsightView, 'saves' | 'findings' | 'muted'>,
): InsightView {
  const metrics: Partial<Record<InsightMetric, MetricView>> = {};
  let confidence: Confidence = { days: 0, of: learnedDays, level: 'none', value: 0 };
  let [from, to]: [number | null, number | null] = [null, null];
  for (const metric of insightMetrics) {
    const view = metricView(baseline, metric, at, players);
    if (view === null) continue;
    metrics[metric] = view;
    if (view.confidence.value > confidence.value) ({ confidence } = view);
    from = Math.min(from ?? Infinity, view.data.from ?? Infinity);
    to = Math.max(to ?? -Infinity, view.data.to ?? -Infinity);
  }
  const { method, zoneMinutes } = baseline;
  return {
    ...{ at, version: stateVersion, method, zoneMinutes, confidence },
    data: { from: finite(from), to: finite(to) },
    metrics,
    ...told,
  };
}

function metricView(baseline: Baseline, metric: InsightMetric, at: number, players: number | null): MetricView | null {
  const model = baseline.model(metric);
  if (model === null) return null;
  const { mean, sd, median, mad, quantiles } = model.all;
  const [, p5, p25, p50, p75, p95] = quantiles;
  const since = baseline.learnedSince(metric);
  return {
    confidence: baseline.confidence(metric),
    ...rangeOf(baseline, metric),
    relearnedFrom: since > 0 ? since : null,
    ...{ mean: finite(mean), standardDeviation: finite(sd) },
    ...{ median: finite(median), medianAbsoluteDeviation: finite(mad) },
    quantiles: { p5: finite(p5), p25: finite(p25), p50: finite(p50), p75: finite(p75), p95: finite(p95) },
    now: bandOf(baseline, metric, at, metric === 'players' ? null : players),
    day: dayOf(baseline, metric, at, metric === 'players' ? null : players),
    weeks: baseline.weeksKnown(metric),
    players: playersOf(model.line),
  };
}

/** The same points at once, as they hold until the next gathering only. */
function rangeOf(baseline: Baseline, metric: InsightMetric): Pick<MetricView, 'data' | 'week'> {
  const { count, cell, mean } = baseline.points(metric);
  if (count === 0) return { data: { from: null, to: null }, week: null };
  const data = { from: (cell[0] ?? 0) * cellMs, to: ((cell[count - 1] ?? 0) + 1) * cellMs };
  if (count < dayMs / cellMs) return { data, week: null };
  const sums = new Float64Array(hoursPerWeek);
  const counts = new Uint16Array(hoursPerWeek);
  for (let place = 0; place < count; place++) {
    const hour = hourOfWeek((cell[place] ?? 0) * cellMs, baseline.zoneMinutes);
    sums[hour] = (sums[hour] ?? 0) + (mean[place] ?? 0);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  // Of nothing it is NaN, which is not known.
  return { data, week: Array.from(sums, (sum, hour) => finite(sum / (counts[hour] ?? 0))) };
}

function dayOf(baseline: Baseline, metric: InsightMetric, at: number, players: number | null): MetricView['day'] {
  if (baseline.confidence(metric).level === 'none') return null;
  const zoneMs = baseline.zoneMinutes * 60_000;
  const midnight = Math.floor((at + zoneMs) / dayMs) * dayMs - zoneMs;
  const hours = Array.from({ length: 24 }, (_, hour) => midnight + (hour + 0.5) * hourMs);
  const bands = (playing: (hour: number) => number | null): BandView[] =>
    hours.flatMap((hour) => bandOf(baseline, metric, hour, playing(hour)) ?? []);
  const isKnown = metric !== 'players' && baseline.model('players') !== null;
  return {
    usual: bands((hour) => (isKnown ? finite(baseline.expected('players', hour, null)?.mid) : null)),
    withPlayers: players === null ? null : bands(() => players),
    empty: (baseline.model(metric)?.line ?? null) === null ? null : bands(() => 0),
  };
}

function bandOf(baseline: Baseline, metric: InsightMetric, at: number, players: number | null): BandView | null {
  const expected = baseline.expected(metric, at, players);
  if (expected === undefined) return null;
  const { low, mid, high, limitLow, limitHigh } = expected;
  return {
    ...{ low: finite(low), mid: finite(mid), high: finite(high) },
    ...{ limitLow: finite(limitLow), limitHigh: finite(limitHigh), players },
  };
}

function playersOf(line: PlayersLine | null): PlayersView | null {
  if (line === null) return null;
  const { slope, slopeLow, slopeHigh, intercept, most, lag, mix } = line;
  const here = lagsMs[lag] ?? 0;
  return {
    ...{ perPlayer: finite(slope), low: finite(slopeLow), high: finite(slopeHigh) },
    ...{ base: finite(intercept), most: finite(most) },
    lagMs: Math.round(here + mix * ((lagsMs[lag + 1] ?? here) - here)),
  };
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
