import type { InsightMetric } from '../baseline/insightMetrics.js';
import type { Method } from '../baseline/baseline.js';

/**
 * cpu-without-players: more CPU though no more play; cpu-high: more than players explain, or players are not known. leak: memory
 * grows for hours beside players. tick-rate-low: slower than usual, for no reason that can be seen; game-bound: because one
 * core is full; host-bound: because others use the PC. level-change: for hours on another level. disk-high: reads or writes
 * more than usual, for long.
 */
export type FindingKind =
  | 'cpu-high'
  | 'cpu-without-players'
  | 'memory-high'
  | 'leak'
  | 'tick-rate-low'
  | 'game-bound'
  | 'host-bound'
  | 'api-slow'
  | 'disk-high'
  | 'save-missing'
  | 'save-long'
  | 'crash-loop'
  | 'level-change';

/** Why, as far as that can be told. load: players. */
export type FindingCause = 'bug' | 'load' | 'host' | 'game' | 'disk' | 'save' | 'unknown';

export type FindingMetric = InsightMetric | 'save' | 'ends';

/** Bytes per hour; hoursLeft until the PC's memory ends, null: not known. */
export interface Leak {
  readonly bytesPerHour: number;
  readonly low: number;
  readonly high: number;
  readonly hoursLeft: number | null;
}

/**
 * Something that is not as usual, from one cause, however many metrics and minutes it shows in. Times are Unix milliseconds,
 * values in the metric's own unit.
 */
export interface Finding {
  /** Of this server, for as long as it is told of. */
  readonly key: string;
  readonly kind: FindingKind;
  readonly metric: FindingMetric;
  readonly cause: FindingCause;
  readonly severity: 'info' | 'warning' | 'error';
  readonly begin: number;
  /** null: it lasts. */
  readonly end: number | null;
  /** ended: it is over; normal: somebody said that it is, or it has lasted so long; gone: the server has ended. */
  readonly endedBy: 'ended' | 'normal' | 'gone' | null;
  /** Mean since it began, and the worst. Of saves: milliseconds; of ends: how many. */
  readonly value: number;
  readonly peak: number;
  readonly peakAt: number;
  /** What was expected at the worst moment; of saves: no longer than `high` milliseconds. */
  readonly expected: { readonly low: number; readonly mid: number; readonly high: number };
  readonly by: Method;
  /** How much was known of what is normal, 0..1. */
  readonly confidence: number;
  /** At the worst moment; null: not known. */
  readonly players: number | null;
  /** Times the distance that would be out of the ordinary. */
  readonly excess: number;
  /** What else is not as usual for the same cause. */
  readonly also: readonly FindingMetric[];
  readonly leak: Leak | null;
}

/** begin and end once each; change: it is much worse, or something else than it seemed. */
export interface Turn {
  readonly turn: 'begin' | 'change' | 'end';
  readonly finding: Finding;
}

/** What is wrong with the server itself goes before what that does to others. */
const ranks: Readonly<Record<FindingKind, number>> = {
  ...{ 'crash-loop': 9, 'save-long': 8, 'save-missing': 7, leak: 6 },
  ...{ 'cpu-without-players': 5, 'cpu-high': 5, 'host-bound': 5, 'memory-high': 4, 'game-bound': 3 },
  ...{ 'tick-rate-low': 3, 'disk-high': 2, 'api-slow': 1, 'level-change': 0 },
};

const symptoms: Readonly<Record<FindingKind, readonly FindingMetric[]>> = {
  'crash-loop': ['cpu', 'memory', 'tickRate', 'frameTime', 'apiTime', 'ioRead', 'ioWrite', 'save'],
  'save-long': ['cpu', 'memory', 'tickRate', 'frameTime', 'apiTime', 'ioRead', 'ioWrite', 'save'],
  'save-missing': ['cpu', 'tickRate', 'frameTime', 'apiTime', 'save'],
  leak: ['memory'],
  'cpu-without-players': ['cpu', 'tickRate', 'frameTime', 'apiTime', 'ioRead', 'ioWrite', 'memory'],
  'cpu-high': ['cpu', 'tickRate', 'frameTime', 'apiTime', 'ioRead', 'ioWrite', 'memory'],
  'host-bound': ['cpu', 'tickRate', 'frameTime', 'apiTime', 'ioRead', 'ioWrite'],
  'memory-high': ['memory', 'ioRead', 'ioWrite'],
  'game-bound': ['tickRate', 'frameTime', 'apiTime'],
  'tick-rate-low': ['tickRate', 'frameTime', 'apiTime'],
  'disk-high': ['ioRead', 'ioWrite', 'apiTime'],
  'api-slow': ['apiTime'],
  'level-change': [],
};

/** That metric is off because of what is known already. */
export function explains(kind: FindingKind, metric: FindingMetric): boolean {
  return symptoms[kind].includes(metric);
}

/** What was told first turns out to be but a symptom of another. */
export function isSymptomOf(first: Pick<Finding, 'kind' | 'metric'>, other: FindingKind): boolean {
  return ranks[other] > ranks[first.kind] && explains(other, first.metric);
}
