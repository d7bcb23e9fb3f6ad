/**
 * What can be out of the ordinary with a server. cpu-without-players: more CPU though no more play; cpu-high: more than its players
 * explain, or they are not known. leak: memory grows for hours beside its players. tick-rate-low: slower than usual, for no reason
 * that can be seen; game-bound: because one core is full; host-bound: because others use the PC. level-change: for hours on
 * another level. disk-high: reads or writes more than usual, for long.
 */
export const anomalyKinds = [
  ...(['cpu-high', 'cpu-without-players', 'memory-high', 'leak', 'tick-rate-low', 'game-bound', 'host-bound'] as const),
  ...(['api-slow', 'disk-high', 'save-missing', 'save-long', 'crash-loop', 'level-change'] as const),
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** Why, as far as that can be told. load: players. */
export const anomalyCauses = ['bug', 'load', 'host', 'game', 'disk', 'save', 'unknown'] as const;
export type AnomalyCause = (typeof anomalyCauses)[number];

/** What it shows in: metrics of servers, their saves, their ends. */
export const anomalyMetrics = [
  ...(['cpu', 'memory', 'tickRate', 'frameTime', 'players', 'ioRead', 'ioWrite', 'apiTime'] as const),
  ...(['save', 'ends'] as const),
] as const;
export type AnomalyMetric = (typeof anomalyMetrics)[number];

/**
 * One of them, as the data of events (`anomaly`) and alerts (`anomaly`, `leak`) tells it. Values are in the metric's own unit; of
 * saves: milliseconds; of ends: how many. Times are Unix milliseconds.
 */
export interface Anomaly {
  /** Of this server, for as long as it is told of. */
  readonly key: string;
  readonly kind: AnomalyKind;
  readonly metric: AnomalyMetric;
  readonly cause: AnomalyCause;
  readonly severity: 'info' | 'warning' | 'error';
  readonly begin: number;
  /** null: it lasts. */
  readonly end: number | null;
  /** ended: it is over; normal: somebody said so, or it has lasted so long; gone: the server has ended, or nobody has looked since. */
  readonly endedBy: 'ended' | 'normal' | 'gone' | null;
  /** Mean since it began, and the worst with when that was. */
  readonly value: number;
  readonly peak: number;
  readonly peakAt: number;
  /** What was expected at the worst moment. */
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** At the worst moment; null: not known. */
  readonly players: number | null;
  readonly by: 'robust' | 'three-sigma';
  /** How much was known of what is normal, 0..1. */
  readonly confidence: number;
  /** What else is not as usual for the same cause. */
  readonly also: readonly AnomalyMetric[];
  /** Of a leak, bytes: what is lost in an hour; hours until the PC's memory ends. null: it is none, or that is not known. */
  readonly bytesPerHour: number | null;
  readonly hoursLeft: number | null;
}

/** What lies behind it, in one sentence. */
export type AnomalyHint =
  | ('bug' | 'more-than-players' | 'leak' | 'others' | 'one-core' | 'one-core-load' | 'crowd' | 'disk' | 'not-seen')
  | ('reads-or-writes' | 'no-save' | 'slow-save' | 'ends' | 'other-level');

const hints: Readonly<Record<AnomalyKind, AnomalyHint>> = {
  ...{
    'cpu-high': 'more-than-players',
    'cpu-without-players': 'bug',
    'memory-high': 'more-than-players',
    leak: 'leak',
  },
  ...{ 'tick-rate-low': 'not-seen', 'game-bound': 'one-core', 'host-bound': 'others', 'api-slow': 'not-seen' },
  ...{ 'disk-high': 'reads-or-writes', 'save-missing': 'no-save', 'save-long': 'slow-save', 'crash-loop': 'ends' },
  'level-change': 'other-level',
};

export function hintOf({ kind, cause }: Pick<Anomaly, 'kind' | 'cause'>): AnomalyHint {
  const hint = hints[kind];
  if (hint === 'one-core') return cause === 'load' ? 'one-core-load' : hint;
  if (hint !== 'not-seen') return hint;
  if (cause === 'host') return 'others';
  if (cause === 'load') return 'crowd';
  return cause === 'disk' ? 'disk' : hint;
}

/** As data tells it, whoever has written that; undefined where it says too little. Of an older version much may be missing. */
export function anomalyOf(data: Readonly<Record<string, unknown>>): Anomaly | undefined {
  const kind = anomalyKinds.find((one) => one === data.kind);
  const metric = anomalyMetrics.find((one) => one === data.metric);
  const [begin, peak] = [numberOf(data.begin), numberOf(data.peak)];
  if (kind === undefined || metric === undefined || begin === null || peak === null) return undefined;
  const { also } = data;
  return {
    ...{ kind, metric, begin, peak, key: typeof data.key === 'string' ? data.key : '' },
    cause: anomalyCauses.find((one) => one === data.cause) ?? 'unknown',
    severity: (['info', 'error'] as const).find((one) => one === data.severity) ?? 'warning',
    end: numberOf(data.end),
    endedBy: (['ended', 'normal', 'gone'] as const).find((one) => one === data.endedBy) ?? null,
    value: numberOf(data.value) ?? peak,
    peakAt: numberOf(data.peakAt) ?? begin,
    ...{ low: numberOf(data.low) ?? 0, mid: numberOf(data.mid) ?? 0, high: numberOf(data.high) ?? 0 },
    players: numberOf(data.players),
    by: data.by === 'three-sigma' ? 'three-sigma' : 'robust',
    confidence: numberOf(data.confidence) ?? 0,
    also: Array.isArray(also) ? anomalyMetrics.filter((one) => also.includes(one)) : [],
    ...{ bytesPerHour: numberOf(data.bytesPerHour), hoursLeft: numberOf(data.hoursLeft) },
  };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
