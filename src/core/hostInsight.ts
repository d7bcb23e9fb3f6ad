import * as v from 'valibot';
import { Failure, messageOf } from '../shared/failure.js';
import { metrics } from '../shared/metrics.js';
import { alarmScore, Detector } from './insight/detector/detector.js';
import { inTime } from './insightLearning.js';
import { LearnedFiles } from './learnedFiles.js';
import type { EventSink, HostSample, Log } from './ports.js';
import type { Store } from './store/store.js';

export interface HostInsightParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly sink: EventSink;
  readonly history: Pick<Store, 'range'>;
}

type HostMetric = keyof typeof metrics.host;
/** What its games and everybody else make of the PC together. How long something waits is told by what it waits for. */
const watched = ['cpu', 'memoryUsed', 'swapUsed', 'netIn', 'netOut'] as const satisfies readonly HostMetric[];

const minuteMs = 60_000;
/** What the detector's constants were chosen for. */
const meanMinutes = 5;
const meanMs = meanMinutes * minuteMs;
/** So much of a mean has to be known. */
const leastKnownMs = meanMs / 2;
/** Between two rounds that lie further apart nothing is known: the PC slept, or hung. */
const longestSpanMs = meanMs / 2;
const saveEveryMs = 60 * minuteMs;
const learnedMs = 7 * 24 * 60 * minuteMs;
/** So much is asked of the history at once, in a round: some milliseconds. */
const sliceMs = 12 * 60 * minuteMs;
const mostFailures = 3;
/** Worth a look, by the detector. */
const noticeScore = 0.5;
/** Two days: the first evening and the first night are news to it, and to nobody else. */
const leastMeans = (2 * 24 * 60) / meanMinutes;
/** What is told again within an hour of means is still the same. */
const sameForMeans = 12;
/** So long the detector remembers what it has told: what was too little then may have become more, and it says no more of it. */
const dueForMeans = 72;
/** What nobody would call unusual, however still it has been: nearer than this to the middle of what was expected. */
const leastAway = {
  ...{ cpu: 10, memoryUsed: 5, swapUsed: 5 },
  ...{ netIn: 256 * 1024, netOut: 256 * 1024 },
} as const satisfies Readonly<Record<(typeof watched)[number], number>>;
/** Deviations to each side that the detector expects. */
const expectedScales = 4;

const fileSchema = v.object({
  version: v.literal(1),
  /** Up to when everything has been learned. Unix milliseconds. */
  to: v.number(),
  metrics: v.record(
    v.string(),
    v.object({
      means: v.number(),
      sameFor: v.number(),
      dueFor: v.number(),
      detector: v.object({ version: v.number(), learned: v.string() }),
    }),
  ),
});
type Stored = v.InferOutput<typeof fileSchema>;
type StoredSeries = Stored['metrics'][string];

/** One metric: its mean that is under way, and what its means were so far. */
class Series {
  readonly detector = new Detector();
  /** How many means it has learned from. */
  means = 0;
  /** NaN: not known. */
  last = Number.NaN;
  /** For so many more means what stands out is that which has been told. */
  private sameFor = 0;
  /** For so many more means what was too little to be told is waited for to become more. */
  private dueFor = 0;
  private sum = 0;
  private knownMs = 0;

  constructor(readonly metric: (typeof watched)[number]) {}

  add(value: number | null | undefined, ms: number): void {
    if (typeof value !== 'number' || !Number.isFinite(value)) return;
    this.sum += value * ms;
    this.knownMs += ms;
  }

  /** The mean, NaN where too little of it is known; the next one begins. */
  take(): number {
    const mean = this.knownMs >= leastKnownMs ? this.sum / this.knownMs : Number.NaN;
    this.sum = 0;
    this.knownMs = 0;
    return mean;
  }

  /** at: of its begin. Its score where it is to be told, else undefined. */
  feed(at: number, mean: number): number | undefined {
    this.last = mean;
    if (Number.isNaN(mean)) return undefined;
    this.means += 1;
    const score = this.detector.feed(at, mean);
    if (this.sameFor > 0) {
      this.sameFor = score >= noticeScore ? sameForMeans : this.sameFor - 1;
      return undefined;
    }
    const isAlarm = score >= alarmScore && this.means >= leastMeans;
    this.dueFor = isAlarm ? dueForMeans : Math.max(0, this.dueFor - 1);
    if (this.dueFor === 0 || !this.isFarOff(mean) || !(isAlarm || this.isOutside(mean))) return undefined;
    this.sameFor = sameForMeans;
    this.dueFor = 0;
    return Math.max(score, alarmScore);
  }

  state(): StoredSeries {
    return { means: this.means, sameFor: this.sameFor, dueFor: this.dueFor, detector: this.detector.state() };
  }

  /** False where it cannot be gone on with. */
  restore({ means, sameFor, dueFor, detector }: StoredSeries): boolean {
    this.means = means;
    this.sameFor = sameFor;
    this.dueFor = dueFor;
    return this.detector.restore(detector);
  }

  private isOutside(mean: number): boolean {
    return mean < this.detector.low || mean > this.detector.high;
  }

  private isFarOff(mean: number): boolean {
    const { low, high } = this.detector;
    return Math.abs(mean - (low + high) / 2) >= leastAway[this.metric];
  }
}

/**
 * What is unusual of the PC itself. It has no players to be explained by, so each of its metrics is judged by its own past
 * alone. Means of five minutes by the clock are judged; what stands out becomes an event of `host`, once, and never an
 * alert: a PC has a life of its own, and this is there to be looked up when something else is wrong. Nothing here throws.
 */
export class HostInsight {
  private readonly file: LearnedFiles<Stored>;
  /** undefined: it is not looked at. */
  private series: readonly Series[] | undefined;
  /** Begin of the mean that is under way. */
  private from = 0;
  /** Up to when everything is learned. Where that is not `from`, the history has the rest. */
  private learnedTo = 0;
  private lastAt = 0;
  private writtenAt = 0;
  private isLearning = false;
  private failures = 0;
  private isBroken = false;

  constructor(private readonly parts: HostInsightParts) {
    this.file = new LearnedFiles(parts.dataDir, fileSchema, parts.log);
  }

  /** To be called with every round while it is wanted. True where it has read a file. */
  round(at: number, host: HostSample): boolean {
    if (this.isBroken) return false;
    try {
      if (this.series === undefined) {
        this.begin(at);
        return true;
      }
      this.measured(this.series, at, host);
    } catch (error) {
      this.broke(error);
    }
    return false;
  }

  /**
   * To be called again and again: the next slice of what only the history knows. Nothing of it is told, as it is of the past.
   * Never rejects.
   */
  async learn(): Promise<void> {
    const { series, learnedTo: from } = this;
    if (series === undefined || this.isLearning || from >= this.from) return;
    const to = Math.min(from + sliceMs, this.from);
    this.isLearning = true;
    try {
      const query = { id: 'host', metrics: watched, from, to, buckets: (to - from) / minuteMs };
      const range = await inTime(this.parts.history.range(query));
      // It was switched off meanwhile.
      if (this.series !== series) return;
      // Of what is only known by the quarter of an hour nothing can be learned.
      const isFine = range.tier === '1m' || range.tier === 'raw';
      if (isFine) for (const one of series) learnMinutes(one, range.at, range.metrics[one.metric]?.mean);
      this.learnedTo = to;
      if (to === this.from) this.save(series);
    } catch (error) {
      this.parts.log.write('info', 'insight', 'the history does not answer', { id: 'host', error: messageOf(error) });
      if (this.series === series && ++this.failures >= mostFailures) this.learnedTo = this.from;
    } finally {
      this.isLearning = false;
    }
  }

  /**
   * Plain JSON: {version, at, isCatchingUp, metrics {metric: {low, high, value, known, of}}} of the mean that was judged last;
   * known: means of five minutes that were learned from, of: from how many on something is told. Rejects unsupported while it
   * is off.
   */
  view(): Record<string, unknown> {
    if (this.series === undefined) throw new Failure('unsupported', { what: 'insight' });
    const views = this.series.map(({ metric, last, means, detector: { low, high } }) => {
      return [metric, { ...expected(metric, low, high), value: numberOrNull(last), known: means, of: leastMeans }];
    });
    const isCatchingUp = this.learnedTo < this.from;
    return { version: 1, at: this.lastAt, isCatchingUp, metrics: Object.fromEntries(views) as unknown };
  }

  /** It is not wanted any more, or the end has come. What was learned is on the disk then. */
  end(): void {
    if (this.series === undefined) return;
    this.save(this.series);
    this.series = undefined;
  }

  private begin(at: number): void {
    const { log } = this.parts;
    const stored = this.file.read('host');
    let series = watched.map((metric) => new Series(metric));
    let savedTo = stored?.to ?? 0;
    const isFit = series.every((one) => {
      const state = stored?.metrics[one.metric];
      return state === undefined || one.restore(state);
    });
    if (!isFit) {
      this.file.setAside('host', 'it is of another version');
      series = watched.map((metric) => new Series(metric));
      savedTo = 0;
    }
    this.series = series;
    this.from = beginOf(at);
    // A clock that was set back has not seen what is to come.
    this.learnedTo = Math.min(this.from, Math.max(beginOf(at - learnedMs), savedTo));
    this.lastAt = at;
    this.writtenAt = at;
    this.failures = 0;
    log.write('info', 'insight', savedTo === 0 ? 'begins' : 'goes on', { id: 'host', savedTo });
  }

  private measured(series: readonly Series[], at: number, host: HostSample): void {
    let span = at - this.lastAt;
    this.lastAt = at;
    if (!(span > 0 && span <= longestSpanMs)) span = 0;
    const from = beginOf(at);
    if (from !== this.from) {
      // What has been measured now began in the mean before.
      const before = Math.max(0, span - (at - from));
      add(series, host, before);
      span -= before;
      this.close(series, from);
    }
    add(series, host, span);
  }

  private close(series: readonly Series[], next: number): void {
    const { from } = this;
    this.from = next;
    // The history has it, and it has its turn there.
    const isLate = this.learnedTo < from;
    let hasTold = false;
    for (const one of series) {
      const mean = one.take();
      if (isLate) continue;
      const score = one.feed(from, mean);
      if (score === undefined) continue;
      this.tell(one, score, from);
      hasTold = true;
    }
    if (isLate) return;
    this.learnedTo = next;
    // What has been told is not to be told again by another process.
    if (hasTold || Math.abs(next - this.writtenAt) >= saveEveryMs) this.save(series);
  }

  private tell({ metric, last: value, detector }: Series, score: number, from: number): void {
    const { aspect, low, high } = detector;
    const away = (value - (low + high) / 2) / ((high - low) / 2 / expectedScales);
    const data = { metric, value: rounded(value), ...expected(metric, low, high), aspect };
    const more = { z: Number.isFinite(away) ? rounded(away) : null, score: rounded(score), from, to: from + meanMs };
    this.parts.sink.add({ at: this.lastAt, id: 'host', kind: 'unusual', data: { ...data, ...more } });
  }

  private save(series: readonly Series[]): void {
    const states = series.map((one) => [one.metric, one.state()] as const);
    this.file.write('host', { version: 1, to: this.learnedTo, metrics: Object.fromEntries(states) });
    this.writtenAt = this.lastAt;
  }

  /** Nothing else suffers from it: it is left alone until the next start of the monitoring. */
  private broke(error: unknown): void {
    this.parts.log.write('error', 'insight', 'failed', { id: 'host', error: messageOf(error) });
    this.series = undefined;
    this.isBroken = true;
  }
}

function add(series: readonly Series[], host: HostSample, ms: number): void {
  for (let place = 0; place < watched.length; place++) {
    const one = series[place];
    if (one !== undefined) one.add(valueOf(host, one.metric), ms);
  }
}

function valueOf(host: HostSample, metric: (typeof watched)[number]): number | null | undefined {
  if (metric === 'cpu') return host.cpuPercent;
  return metric === 'memoryUsed' ? host.memoryUsedPercent : host[metric];
}

function learnMinutes(one: Series, at: Float64Array, minutes: Float64Array | undefined): void {
  for (let place = 0; place + meanMinutes <= at.length; place += meanMinutes) {
    let sum = 0;
    let known = 0;
    for (const minute of minutes?.subarray(place, place + meanMinutes) ?? []) {
      if (Number.isNaN(minute)) continue;
      sum += minute;
      known += 1;
    }
    one.feed(at[place] ?? Number.NaN, known * minuteMs >= leastKnownMs ? sum / known : Number.NaN);
  }
}

function beginOf(at: number): number {
  return Math.floor(at / meanMs) * meanMs;
}

/** What can be. */
function expected(metric: HostMetric, low: number, high: number): { low: number | null; high: number | null } {
  const most = metrics.host[metric].unit === 'percent' ? 100 : Infinity;
  const within = (value: number): number | null => numberOrNull(Math.min(most, Math.max(0, value)));
  return { low: within(low), high: within(high) };
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
