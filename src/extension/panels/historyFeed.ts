import * as v from 'valibot';
import type { Requests } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import {
  hostMetrics,
  liveRangeMinutes,
  panelMetrics,
  perKey,
  perMetric,
  type HistoryFault,
  type HostHistory,
  type PanelHistory,
  type PanelSource,
  type RangeMinutes,
  type ToPanel,
} from '../../shared/panelMessages.js';

type Query = Requests['history/query'];

/** What a feed asks. Every member is asked anew each time. */
export interface HistorySource {
  readonly serverId: string;
  isConnected(): boolean;
  /** Rejects with a Failure; the feed sees to the deadline by the signal. */
  ask(params: Query['params'], signal: AbortSignal): Promise<unknown>;
  now(): number;
}

/** What a view looks at. range: minutes. */
interface Shown {
  readonly source: PanelSource;
  readonly range: RangeMinutes;
}

/** As many as a chart has room for; more would cost and not be seen. */
const bucketCount = 600;
const slowAfterMs = 1000;
const deadlineMs = 10_000;
const shortestRefreshMs = 10_000;
const retryMs = 30_000;

/** For how long one row of a tier stands; raw rows are single samples. */
const rowMs: Record<Query['result']['tier'], number> = { raw: 0, '1m': 60_000, '15m': 900_000, '1h': 3_600_000 };

const values = v.array(v.nullable(v.number()));
const answerSchema = v.object({
  tier: v.picklist(['raw', '1m', '15m', '1h']),
  at: v.pipe(v.array(v.number()), v.length(bucketCount)),
  metrics: v.record(v.string(), v.object({ mean: values, min: values, max: values })),
});

/**
 * Asks for the history of what a view shows, and again when a bucket has passed. The shortest range of a server is carried on
 * by the live samples, so it is asked for once. Nothing is asked for a view that is not shown, and an answer to a question
 * that is not asked any more is dropped.
 */
export class HistoryFeed {
  private shown: Shown | undefined;
  private wasConnected = false;
  private question: AbortController | undefined;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly source: HistorySource,
    private readonly post: (message: ToPanel) => void,
  ) {}

  /** A view shows this from now on. */
  show(shown: Shown): void {
    this.shown = shown;
    this.begin();
  }

  hidden(): void {
    this.shown = undefined;
    this.letGo();
  }

  /** Somebody wants to have it tried again now. */
  again(): void {
    this.begin();
  }

  /** The connection may have changed: what was measured without this window is fetched. */
  update(): void {
    const isConnected = this.source.isConnected();
    if (isConnected === this.wasConnected) return;
    this.wasConnected = isConnected;
    if (isConnected) this.begin();
    else this.letGo();
  }

  private begin(): void {
    this.letGo();
    this.wasConnected = this.source.isConnected();
    if (this.shown === undefined || !this.wasConnected) return;
    void this.ask(this.shown);
  }

  private async ask(shown: Shown): Promise<void> {
    const question = new AbortController();
    this.question = question;
    this.after(slowAfterMs, () => this.post({ type: 'historySlow', ...shown }));
    const late = new Promise<never>((_, reject) => {
      this.after(deadlineMs, () => reject(new Failure('timeout')));
    });
    const { source, range } = shown;
    const bucketMs = (range * 60_000) / bucketCount;
    // Whole buckets, so that the same samples stay in the same ones from one question to the next.
    const to = Math.ceil(this.source.now() / bucketMs) * bucketMs;
    const about =
      source === 'server'
        ? { id: this.source.serverId, metrics: [...panelMetrics] }
        : { id: source, metrics: [...hostMetrics] };
    const params = { ...about, from: to - range * 60_000, to };
    let message: ToPanel;
    try {
      const asked = this.source.ask({ ...params, buckets: bucketCount }, question.signal);
      const history = historyFrom(await Promise.race([asked, late]), shown, bucketMs);
      message = { type: 'history', history };
    } catch (error) {
      message = { type: 'historyFailed', ...shown, fault: faultOf(error) };
    }
    if (this.question !== question) return;
    this.letGo();
    // The connection was lost meanwhile: it is asked again when that is back.
    if (!this.source.isConnected()) return;
    this.post(message);
    const pauseMs = pauseAfter(message, shown, bucketMs);
    if (pauseMs !== undefined) this.after(pauseMs, () => this.begin());
  }

  private after(ms: number, act: () => void): void {
    this.timers.push(setTimeout(act, ms));
  }

  private letGo(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.question?.abort();
    this.question = undefined;
  }
}

/** How long until it is asked again by itself; undefined: not before something changes. */
function pauseAfter(message: ToPanel, { source, range }: Shown, bucketMs: number): number | undefined {
  const refreshMs = Math.max(bucketMs, shortestRefreshMs);
  if (message.type !== 'historyFailed') {
    return source === 'server' && range === liveRangeMinutes ? undefined : refreshMs;
  }
  return message.fault === 'unsupported' ? undefined : Math.max(refreshMs, retryMs);
}

function faultOf(error: unknown): HistoryFault {
  if (Failure.is(error, 'unsupported')) return 'unsupported';
  return Failure.is(error, 'timeout') ? 'timeout' : 'failed';
}

/** The answer as it crosses to a view. A metric that is not in it was never measured. Throws on what is no answer. */
function historyFrom(answer: unknown, { source, range }: Shown, bucketMs: number): PanelHistory | HostHistory {
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success) throw new Failure('bad-reply');
  const { at, tier, metrics } = parsed.output;
  const bucketsOf = (metric: string): PanelHistory['cpu'] => {
    const { mean = [], min = [], max = [] } = metrics[metric] ?? {};
    return { mean: columnOf(mean), min: columnOf(min), max: columnOf(max) };
  };
  const times = { range, bucketMs, rowMs: rowMs[tier], at: Float64Array.from(at) };
  if (source === 'host') return { source, ...times, ...perKey(hostMetrics, bucketsOf) };
  return { source, ...times, ...perMetric(bucketsOf) };
}

function columnOf(numbers: readonly (number | null)[]): PanelHistory['at'] {
  return Float64Array.from({ length: bucketCount }, (_, i) => numbers[i] ?? NaN);
}
