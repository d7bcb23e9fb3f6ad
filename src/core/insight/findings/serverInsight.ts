import { Baseline, type BaselineState, type Expected, type Method } from '../baseline/baseline.js';
import { habits, insightMetrics, metricCount, placeOf, type InsightMetric } from '../baseline/insightMetrics.js';
import type { Band } from '../baseline/metricModel.js';
import { SaveCycle, type SaveCycleState } from '../saveCycle/saveCycle.js';
import { Allowances, type Allowance } from './allowances.js';
import { EndWatch } from './endWatch.js';
import { Evidence } from './evidence.js';
import type { Finding, FindingMetric, Turn } from './finding.js';
import { FindingBook, type Standing } from './findingBook.js';
import { HostStanding, type HostAt } from './hostStanding.js';
import { viewOf, type InsightView } from './insightView.js';
import { kindOf } from './kindOf.js';
import { MemoryInsight } from './memoryInsight.js';
import { Mutes } from './mutes.js';
import { SaveInsight } from './saveInsight.js';
import { SteadyInsight } from './steadyInsight.js';
import { StepMeter } from './stepMeter.js';
import { SuddenWatch } from './suddenWatch.js';
import { SurgeWatch } from './surgeWatch.js';

/** One measurement of a server, as the sampler tells it; null: not known. busiestThread: percent of a core. */
export type InsightSample = { readonly at: number; readonly busiestThread?: number | null } & Readonly<
  Record<InsightMetric, number | null>
>;

export interface InsightState {
  readonly version: 1;
  readonly baseline: BaselineState;
  readonly cycle: SaveCycleState;
  readonly method: Method;
  readonly muted: Readonly<Record<string, number | null>>;
  readonly allowed: readonly Allowance[];
  readonly leakPerHour: number;
  /** Of the process that began then; null: it was not up. at: of the last measurement. */
  readonly life: { readonly startedAt: number | null; readonly at: number; readonly open: readonly Finding[] };
  readonly past: readonly Finding[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Nobody looked in between. */
const gapMs = 150_000;
/** After a start, and after it is ready for players, nothing is as usual. */
const loadingMs = 15 * minuteMs;
const readyMs = 5 * minuteMs;
const farthest = 1000;
/** Start times that are told twice differ by less. */
const sameLifeMs = 30_000;
const judged = insightMetrics.flatMap((metric, place) => (habits[metric].side === 'none' ? [] : [place]));
/** Players that come all at once are let in, and their places loaded; they are nobody's fault. */
const loadOnly = new Set<InsightMetric>(['cpu', 'memory', 'ioRead', 'ioWrite']);

/**
 * What is normal for one server and what is wrong now: measurements and events in, findings out. Pure: no clock, no files; times
 * are Unix milliseconds. About 190 KB.
 */
export class ServerInsight {
  readonly baseline: Baseline;
  readonly cycle = new SaveCycle();
  private readonly book = new FindingBook();
  private readonly evidence = insightMetrics.map((metric) => new Evidence(habits[metric].needMs));
  private readonly meter = new StepMeter();
  private readonly host = new HostStanding();
  private readonly ends = new EndWatch();
  private readonly memory: MemoryInsight;
  private readonly steady: SteadyInsight;
  private readonly surge: SurgeWatch;
  private readonly saves: SaveInsight;
  private readonly allowances = new Allowances();
  private readonly sudden = new SuddenWatch();
  private readonly values = new Float64Array(metricCount).fill(NaN);
  private readonly skip = new Uint8Array(metricCount).fill(1);
  private readonly pending = new Float64Array(metricCount).fill(NaN);
  private pendingAt = 0;
  private readonly mutes = new Mutes();
  private lastAt = 0;
  private startedAt: number | null = null;
  private before: InsightState['life'] | null = null;
  private quietUntil = 0;
  private isStopping = false;

  /** zoneMinutes: local time is so far ahead of UTC. */
  constructor({ zoneMinutes = 0, method = 'robust' }: { zoneMinutes?: number; method?: Method } = {}) {
    this.baseline = new Baseline(zoneMinutes);
    this.baseline.method = method;
    this.memory = new MemoryInsight(this.baseline, this.book);
    this.steady = new SteadyInsight(this.baseline, this.book);
    this.surge = new SurgeWatch(this.baseline);
    this.saves = new SaveInsight(this.cycle, this.book, this.baseline);
    // Who plays is counted in a save, too.
    this.skip[placeOf.players] = 0;
  }

  /** The next measurement. What begins, changes or ends with it; mostly nothing. */
  sample(sample: InsightSample, host?: HostAt): readonly Turn[] {
    const { at } = sample;
    const ms = at - this.lastAt;
    this.lastAt = at;
    if (!(ms > 0) || ms > gapMs) {
      this.pause(at);
      return this.book.drain();
    }
    const { values } = this;
    for (let place = 0; place < metricCount; place++) values[place] = sample[insightMetrics[place] ?? 'cpu'] ?? NaN;
    const players = values[placeOf.players] ?? NaN;
    this.host.add(ms, host, sample.cpu ?? NaN, sample.busiestThread ?? NaN);
    this.cycle.sample(at, ms, players, sample.ioWrite ?? NaN);
    if (!this.isUp(at)) {
      this.meter.clear();
      return this.book.drain();
    }
    const isSaving = this.cycle.covers(at - ms, at);
    this.cycle.measure(isSaving, values);
    if (this.meter.add(at, ms, values, isSaving ? this.skip : null)) this.step();
    if (this.meter.hasMinute) this.minute();
    return this.book.drain();
  }

  /** An event of the server as the history keeps it. */
  event(at: number, kind: string, data: Readonly<Record<string, unknown>> = {}): readonly Turn[] {
    if (kind === 'started') this.started(at, data.by === 'found' ? at + 2 * minuteMs : at + loadingMs);
    else if (kind === 'ready') this.quietUntil = Math.min(this.quietUntil, at + readyMs);
    else if (kind === 'stopping') this.isStopping = true;
    else if (kind === 'called-off') this.isStopping = false;
    else if (kind === 'stopped' || kind === 'crashed') this.ended(at, kind === 'crashed');
    else if (kind === 'save-begun') this.cycle.begun(at);
    else if (kind === 'save-failed') this.cycle.failed(at);
    else if (kind === 'saved') {
      this.cycle.saved(at, typeof data.tookMs === 'number' ? data.tookMs : null);
      this.book.over('save', at);
    }
    return this.book.drain();
  }

  /** It was up already when the monitoring began. startedAt: since when; null: not known. After a restore, if there is one. */
  resume(at: number, startedAt: number | null): void {
    const quietUntil = Math.max((startedAt ?? 0) + loadingMs, at + 2 * minuteMs);
    this.started(startedAt ?? at - 24 * hourMs, quietUntil);
    this.cycle.started(at);
  }

  /** What lasted when the state was taken goes on where the process is still the same. */
  private goOn(startedAt: number): void {
    const { before } = this;
    this.before = null;
    if (before === null) return;
    const isSame = Math.abs(startedAt - (before.startedAt ?? 0)) < sameLifeMs;
    for (const finding of before.open)
      if (isSame && finding.metric !== 'ends') this.goOnWith(finding);
      else this.book.lost(finding, before.at);
    if (isSame) this.memory.goOn(before.open.find(({ leak }) => leak !== null));
  }

  private goOnWith(finding: Finding): void {
    this.book.goOn(finding);
    for (const metric of [finding.metric, ...finding.also]) {
      if (metric === 'save' || metric === 'ends') continue;
      this.baseline.cover(metric, true);
      if (finding.kind === 'level-change') this.steady.goOn(metric);
      else if (finding.leak === null) this.evidence[placeOf[metric]]?.goOn(finding.begin);
    }
  }

  /** A person says that this was normal. False where nothing was found then. */
  normal(at: number, metric: FindingMetric): boolean {
    const finding = this.book.around(at, metric);
    if (finding === undefined) return false;
    const end = finding.end ?? this.lastAt;
    for (const one of [finding.metric, ...finding.also]) {
      if (one === 'save' || one === 'ends') continue;
      this.baseline.flag(one, finding.begin, end, false);
      this.baseline.cover(one, false);
      this.evidence[placeOf[one]]?.reset();
      this.steady.reset(one);
    }
    const { metric: main, peakAt } = finding;
    if (main === 'save') this.cycle.allow(finding.peak * 1.15);
    else if (finding.leak !== null) this.memory.allow(Math.max(finding.leak.bytesPerHour, finding.leak.high));
    else if (main !== 'ends') {
      const distance = Math.abs(finding.peak - finding.expected.mid);
      this.allowances.add(main, this.baseline.hourOf(peakAt), distance, this.lastAt);
      if (finding.end === null) this.allowances.addLasting(main, distance, this.lastAt);
    }
    this.book.normal(finding, end);
    return true;
  }

  /** Nothing of this metric is told until then; null: for good; a time that is over: it is told again. */
  mute(metric: FindingMetric, until: number | null): void {
    this.mutes.set(metric, until);
    if (this.isMuted(metric)) this.book.over(metric, this.lastAt, 'normal');
  }

  /** Everything is learned anew from then on, as after an update of the game. */
  relearn(from: number): void {
    this.baseline.relearn(from);
    this.allowances.forget();
    this.beginAnew();
  }

  /** robust, or plain mean and three standard deviations. */
  use(method: Method): void {
    this.baseline.method = method;
    this.beginAnew();
  }

  findings(): Finding[] {
    return this.book.list();
  }

  expected(metric: InsightMetric, at: number, players: number | null): Expected | undefined {
    return this.baseline.expected(metric, at, players);
  }

  /** Everything that is known, to be shown. players: as many as play; null: not known. */
  view(now: number, players: number | null): InsightView {
    return viewOf(
      this.baseline,
      { at: now, players },
      { saves: this.cycle.view(), findings: this.findings(), muted: this.mutes.list(now) },
    );
  }

  /** points: also what was measured, 130 KB; else the history's minutes have to be told again. */
  state(points: boolean): InsightState {
    const all = this.book.list();
    return {
      ...{ version: 1, baseline: this.baseline.state(points), cycle: this.cycle.state(), method: this.baseline.method },
      ...{
        muted: this.mutes.list(this.lastAt),
        allowed: this.allowances.state(),
        leakPerHour: this.memory.allowedPerHour,
      },
      ...{ life: { startedAt: this.startedAt, at: this.lastAt, open: all.filter(({ end }) => end === null) } },
      past: all.filter(({ end }) => end !== null),
    };
  }

  /** False, and it begins anew, where that is of another version. */
  restore(state: InsightState): boolean {
    if (state.version !== 1 || !this.baseline.restore(state.baseline)) return false;
    this.cycle.restore(state.cycle);
    this.baseline.method = state.method;
    this.mutes.restore(state.muted);
    this.allowances.restore(state.allowed);
    this.memory.restore(state.leakPerHour);
    this.book.restore(state.past);
    this.before = state.life;
    return true;
  }

  private beginAnew(): void {
    this.reset();
    this.book.endAll(this.lastAt, 'normal', 'crash-loop');
  }

  private isUp(at: number): boolean {
    return this.startedAt !== null && !this.isStopping && at >= this.quietUntil;
  }

  private isMuted(metric: FindingMetric): boolean {
    return this.mutes.has(metric, this.lastAt);
  }

  private started(at: number, quietUntil: number): void {
    this.startedAt = at;
    this.isStopping = false;
    this.quietUntil = quietUntil;
    this.reset();
    this.cycle.started(at);
    this.memory.started(at);
    this.goOn(at);
  }

  private ended(at: number, isCrash: boolean): void {
    this.startedAt = null;
    this.isStopping = false;
    this.reset();
    this.cycle.ended();
    this.book.endAll(at, 'gone', 'crash-loop');
    if (!isCrash) return;
    const turn = this.ends.crashed(at);
    const { begin, count } = this.ends;
    const standing = { at, ms: 1, value: count, excess: count, low: 0, mid: 0, high: 0, players: NaN };
    if (turn === 'begin' && !this.isMuted('ends'))
      this.book.begin({
        ...{ kind: 'crash-loop', metric: 'ends', cause: 'bug', begin, standing },
        ...{ by: this.baseline.method, confidence: 1 },
      });
    else if (turn === 'more') this.book.progress('ends', standing);
  }

  /** A time of which nothing is known. */
  private pause(at: number): void {
    this.meter.clear();
    this.cycle.gap(at);
    for (const one of this.evidence) if (!one.isOpen) one.reset();
  }

  private reset(): void {
    this.meter.clear();
    this.pendingAt = 0;
    for (const one of this.evidence) one.reset();
    for (const metric of insightMetrics) this.baseline.cover(metric, false);
    this.memory.reset();
    this.steady.resetAll();
    this.sudden.reset();
  }

  private step(): void {
    const { at, ms, means } = this.meter;
    const players = means[placeOf.players] ?? NaN;
    this.baseline.players(at, players);
    const isSurge = this.surge.look(at, players);
    for (const place of judged) {
      const value = means[place] ?? NaN;
      if (Number.isNaN(value)) continue;
      const band = this.baseline.look(place, at);
      if (band !== undefined) this.judge(place, { at, ms, value, players, band, isSurge });
    }
  }

  private judge(
    place: number,
    now: { at: number; ms: number; value: number; players: number; band: Readonly<Band>; isSurge: boolean },
  ): void {
    const { at, ms, value, players, band } = now;
    const metric = insightMetrics[place] ?? 'cpu';
    const evidence = this.evidence[place];
    if (evidence === undefined) return;
    const isLow = habits[metric].side === 'low';
    const distance = isLow ? band.mid - value : value - band.mid;
    const limit = isLow ? band.mid - band.limitLow : band.limitHigh - band.mid;
    // Of what has never moved any distance is beyond measure.
    let excess = Math.min(farthest, distance > 0 ? distance / limit : 0);
    if (excess > 1) {
      const allowed = this.allowances.of(metric, this.baseline.hourOf(at), at, distance);
      if (allowed > 0) excess = Math.min(excess, distance / Math.max(limit, allowed));
      // Some games rest while nobody plays; who comes in a crowd is nobody's fault.
      if (isLow && players === 0) excess = 0;
      const isOfSurge = now.isSurge || (metric === 'memory' && this.surge.wasBefore(at));
      if (isOfSurge && loadOnly.has(metric) && !evidence.isOpen) excess = 0;
      if (this.isMuted(metric)) excess = 0;
    }
    const model = this.baseline.model(metric);
    excess = this.sudden.limited(metric, { value, ms, players, model }, excess, evidence.isOpen);
    const turn = evidence.feed(at, ms, excess);
    if (turn === null && !evidence.isOpen) return;
    const standing = { at, ms, value, excess, low: Math.max(0, band.low), mid: band.mid, high: band.high, players };
    if (turn === 'begin') this.begin(metric, evidence.begin, standing, now.isSurge);
    else if (turn === 'end') this.over(metric, at);
    else {
      this.book.progress(metric, standing);
      this.steady.off(metric, ms, value - band.mid);
    }
  }

  private begin(metric: InsightMetric, begin: number, standing: Standing, isSurge: boolean): void {
    this.baseline.flag(metric, begin, standing.at, true);
    this.baseline.cover(metric, true);
    this.steady.begin(metric);
    const { players } = standing;
    const { kind, cause } = kindOf(metric, { players, slow: this.baseline.slowPlayers, isSurge, host: this.host });
    const { value: confidence } = this.baseline.confidence(metric);
    this.book.begin({ kind, metric, cause, begin, standing, by: this.baseline.method, confidence });
  }

  private over(metric: InsightMetric, at: number): void {
    if (metric === 'memory' && this.memory.isOpen) return;
    this.baseline.cover(metric, false);
    this.book.over(metric, at);
  }

  /** What was pending is learned, and the last minute waits for what is told of its saves late. */
  private minute(): void {
    const { minuteAt, minute } = this.meter;
    const { pending } = this;
    if (this.pendingAt > 0 && this.startedAt !== null) {
      if (this.cycle.covers(this.pendingAt - minuteMs, this.pendingAt)) {
        for (let place = 0; place < metricCount; place++) if (this.skip[place] === 1) pending[place] = NaN;
      }
      const uptime = Math.max(0, this.pendingAt - this.startedAt);
      if (this.baseline.minute(this.pendingAt, pending, uptime)) this.sealed();
    }
    pending.set(minute);
    this.pendingAt = minuteAt;
    this.saves.review(minuteAt, this.isMuted('save'));
    if (this.ends.review(minuteAt)) this.book.over('ends', minuteAt);
  }

  private sealed(): void {
    const players = this.baseline.sealed[placeOf.players]?.mean ?? NaN;
    const isSurge = this.surge.look(this.pendingAt, players);
    this.memory.sealed(this.pendingAt, players, {
      freeBytes: this.host.freeBytes,
      isMuted: this.isMuted('memory') || isSurge,
    });
    this.steady.sealed(this.pendingAt, players, (metric) => this.isMuted(metric) || isSurge, this.evidence);
  }
}
