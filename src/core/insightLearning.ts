import { setImmediate as pause } from 'node:timers/promises';
import { insightMetrics } from './insight/baseline/insightMetrics.js';
import type { ServerInsight } from './insight/findings/serverInsight.js';
import { blankSample } from './insightSamples.js';
import type { EventSource, HistoryEvent } from './ports.js';
import type { Store } from './store/store.js';

const minuteMs = 60_000;
/** So much is asked for at once: the history answers that in some milliseconds. */
const sliceMs = 12 * 60 * minuteMs;
/** And so long is learned from it without a pause. */
const longestMs = 4;
const mostEvents = 10_000;
/** A start is told some time before the first number. */
const beforeFirstMs = 60 * minuteMs;
/** A history that is being mended may not answer for long. */
const patienceMs = 60_000;

export interface LearningParts {
  readonly history: Pick<Store, 'range' | 'span'>;
  readonly events: EventSource;
}

type Columns = Readonly<Record<string, { readonly mean: Float64Array } | undefined>>;

/** Tells a server's insight what the history knows, minute by minute; what it finds there is of the past. */
export class InsightLearning {
  private isUp = false;
  private endedAt = -Infinity;
  private isCancelled = false;
  private hasBegun = false;
  private from: number;
  private readonly sample = blankSample();

  /** from: of the first minute that it does not know; upSince: of the process that runs now, if one does. Unix milliseconds. */
  constructor(
    private readonly id: string,
    private readonly insight: ServerInsight,
    private readonly given: { readonly from: number; readonly upSince: number | null },
    private readonly parts: LearningParts,
  ) {
    this.from = Math.floor(given.from / minuteMs) * minuteMs;
  }

  /** Whether the server is up by what was told last. */
  get endsUp(): boolean {
    return this.isUp;
  }

  /** The next slice. Resolves with up to when all is told, once that is `now`; undefined: there is more. Rejects io. */
  async step(now: number): Promise<number | undefined> {
    const { id, parts } = this;
    if (!this.hasBegun) await this.begin(now);
    const { from } = this;
    const to = Math.min(from + sliceMs, Math.floor(now / minuteMs) * minuteMs);
    const isLast = to + minuteMs > now;
    // Of the last one also what has happened since its last whole minute.
    const until = isLast ? now - 1 : to - 1;
    const buckets = Math.round((to - from) / minuteMs);
    const { range, events } = await inTime(
      Promise.all([
        buckets === 0 ? undefined : parts.history.range({ id, metrics: insightMetrics, from, to, buckets }),
        parts.events.find({ id, from, to: until, limit: mostEvents }),
      ]).then(([minutes, happened]) => ({ range: minutes, events: happened })),
    );
    if (this.isCancelled) return undefined;
    // Of what is only known by the quarter of an hour nothing can be learned.
    const isFine = range?.tier === '1m' || range?.tier === 'raw';
    await this.tell(isFine ? range : { at: new Float64Array(0), metrics: {} }, events);
    this.from = to;
    return isLast ? now : undefined;
  }

  /** What is under way comes to nothing. */
  cancel(): void {
    this.isCancelled = true;
  }

  /** What lies before everything that is known need not be asked for, half a day after the other. */
  private async begin(now: number): Promise<void> {
    const known = await inTime(this.parts.history.span(this.id));
    const first = Math.floor(((known?.from ?? now) - beforeFirstMs) / minuteMs) * minuteMs;
    this.from = Math.max(this.from, Math.min(first, now));
    this.hasBegun = true;
  }

  private async tell(range: { at: Float64Array; metrics: Columns }, events: readonly HistoryEvent[]): Promise<void> {
    const columns = insightMetrics.map((metric) => range.metrics[metric]?.mean);
    let next = 0;
    let begun = performance.now();
    for (const [place, begin] of range.at.entries()) {
      const end = begin + minuteMs;
      for (let event = events[next]; event !== undefined && event.at <= end; event = events[++next]) this.event(event);
      if (this.fill(columns, place, end)) this.minute(begin);
      if (performance.now() - begun < longestMs) continue;
      await pause();
      if (this.isCancelled) return;
      begun = performance.now();
    }
    for (let event = events[next]; event !== undefined; event = events[++next]) this.event(event);
  }

  /** False where nothing is known. */
  private fill(columns: readonly (Float64Array | undefined)[], place: number, at: number): boolean {
    const { sample } = this;
    let isAny = false;
    sample.at = at;
    for (const [metric, name] of insightMetrics.entries()) {
      const value = columns[metric]?.[place] ?? NaN;
      const isKnown = !Number.isNaN(value);
      sample[name] = isKnown ? value : null;
      isAny ||= isKnown;
    }
    return isAny;
  }

  private minute(begin: number): void {
    // It runs, and nothing that is still known tells of its start.
    if (!this.isUp && begin >= this.endedAt) {
      const { upSince } = this.given;
      this.isUp = true;
      this.insight.resume(begin, upSince !== null && upSince <= begin ? upSince : null);
    }
    this.insight.sample(this.sample);
  }

  private event({ at, kind, data }: HistoryEvent): void {
    if (kind === 'started') this.isUp = true;
    else if (isEnd(kind)) {
      this.isUp = false;
      this.endedAt = at;
    }
    this.insight.event(at, kind === 'start-failed' ? 'stopped' : kind, data);
  }
}

export function isEnd(kind: string): boolean {
  return kind === 'stopped' || kind === 'crashed' || kind === 'start-failed';
}

/** Rejects where the history does not answer for long. */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the history did not answer'));
    }, patienceMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
