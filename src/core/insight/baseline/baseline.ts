import { settled } from './ages.js';
import { HourOfWeek, hourOfWeek } from './hourOfWeek.js';
import { habits, insightMetrics, metricCount, placeOf, type InsightMetric } from './insightMetrics.js';
import {
  bandAt,
  modelOf,
  plainBand,
  plainUnitAt,
  unitAt,
  type Band,
  type MetricModel,
  type Moment,
} from './metricModel.js';
import { cellMs, follow, keptAfter, lagsMs, PointRing, pointOf, type Point, type Points } from './pointRing.js';

/** robust: by players and hour, with medians; three-sigma: mean and three standard deviations of everything. */
export type Method = 'robust' | 'three-sigma';

/**
 * What is expected of a metric at a moment, in its own unit. low, high: where a minute usually lies; limitLow, limitHigh: beyond
 * them it is out of the ordinary. players: that it was asked for, null where not known. confidence: 0..1.
 */
export interface Expected extends Readonly<Band> {
  readonly players: number | null;
  readonly confidence: number;
  readonly by: Method;
}

/** learning: of seven days; nothing is judged before half a day is known. */
export interface Confidence {
  readonly days: number;
  readonly of: number;
  readonly level: 'none' | 'learning' | 'good';
  readonly value: number;
}

export interface BaselineState {
  readonly version: number;
  readonly zoneMinutes: number;
  /** Unix milliseconds, by metric: nothing from before is learned from. */
  readonly since: readonly number[];
  readonly levels: string;
  readonly weeks: string;
  /** Left out where the history has the minutes anyway. */
  readonly points: string | null;
}

export const stateVersion = 1;
const perCell = 10;
const minuteMs = 60_000;
export const learnedDays = 7;
/** Less is not judged by. */
const judgedDays = 0.5;
/** Where nobody knows who plays, some evenings have to have been seen. */
const blindDays = 3;
/** Until then models are made anew more often. */
const youngDays = 0.6;
const learningDays = 3;
/** How slowly it follows is sought once a day. */
const searchCells = 144;

/** Leaks show in little, and want to know what is normal as of now. */
const turns = insightMetrics.flatMap((metric, place) =>
  metric === 'tickRate' || metric === 'ioRead' ? [place, placeOf.memory] : [place],
);

const middleLag = lagsMs.indexOf(26 * minuteMs);
const others = new Float64Array(lagsMs.length);

/** What is normal for one server, learned minute by minute; 130 KB. Times are Unix milliseconds. */
export class Baseline {
  private readonly ring = new PointRing();
  private readonly weekly = new HourOfWeek();
  private readonly models: (MetricModel | null)[] = insightMetrics.map(() => null);
  private readonly since = new Float64Array(metricCount);
  private readonly values = new Float64Array(metricCount * perCell);
  private readonly counts = new Uint8Array(metricCount);
  private readonly isFlagged = new Uint8Array(metricCount);
  private readonly isCovered = new Uint8Array(metricCount);
  private cell = -1;
  private uptime = 0;
  private due = 0;
  private searched = 0;
  private readonly slow = new Float64Array(lagsMs.length).fill(NaN);
  private slowAt = 0;
  private kept = keptAfter(minuteMs);
  private keptMs = minuteMs;
  private readonly moment: Moment = {
    at: 0,
    players: this.slow,
    zoneMinutes: 0,
    weekly: NaN,
    weeklyReach: NaN,
    age: settled,
  };
  private isKnown = false;
  private readonly band: Band = { mid: 0, low: 0, high: 0, limitLow: 0, limitHigh: 0 };
  /** The last points that were finished, by metric. */
  readonly sealed: (Point | undefined)[] = insightMetrics.map(() => undefined);
  /** Which ten minutes since 1970 they are of. */
  sealedCell = -1;
  method: Method = 'robust';

  /** zoneMinutes: local time is so far ahead of UTC. */
  constructor(private zone = 0) {}

  get zoneMinutes(): number {
    return this.zone;
  }

  /** Hours are other ones as soon as the local clock has changed. */
  set zoneMinutes(minutes: number) {
    if (minutes === this.zone) return;
    this.zone = minutes;
    this.refreshAll();
  }

  /** How many play; NaN where not known. */
  players(at: number, count: number): void {
    this.isKnown = !Number.isNaN(count);
    if (!this.isKnown) return;
    const ms = Math.max(0, at - this.slowAt);
    if (ms !== this.keptMs) {
      this.keptMs = ms;
      this.kept = keptAfter(ms);
    }
    follow(this.slow, count, this.kept);
    this.slowAt = at;
  }

  /**
   * The means of a minute, in the order of `insightMetrics`; NaN: not known, or not to be learned. at: its end; uptimeMs: since
   * the server's start. True when that has finished a point: they are in `sealed`.
   */
  minute(at: number, means: Float64Array, uptimeMs: number): boolean {
    const cell = Math.floor((at - 1) / cellMs);
    const isNext = cell !== this.cell;
    const hasSealed = isNext && this.cell > 0 && this.seal();
    if (isNext) {
      this.cell = cell;
      this.counts.fill(0);
      this.isCovered.fill(0);
    }
    this.uptime = Math.floor(uptimeMs / cellMs);
    for (let metric = 0; metric < metricCount; metric++) {
      const value = means[metric] ?? NaN;
      if (this.isFlagged[metric] === 1) this.isCovered[metric] = 1;
      const count = this.counts[metric] ?? 0;
      if (Number.isNaN(value) || count >= perCell) continue;
      this.values[metric * perCell + count] = value;
      this.counts[metric] = count + 1;
    }
    return hasSealed;
  }

  /** An anomaly of this metric begins, or is over: meanwhile nothing is learned. */
  cover(metric: InsightMetric, isCovered: boolean): void {
    const place = placeOf[metric];
    this.isFlagged[place] = isCovered ? 1 : 0;
    if (isCovered) this.isCovered[place] = 1;
  }

  /** Of the past: it is not learned from, or is again. */
  flag(metric: InsightMetric, from: number, to: number, isFlagged: boolean): void {
    const place = placeOf[metric];
    this.ring.flag(place, from, to, isFlagged);
    if (to >= this.cell * cellMs) this.isCovered[place] = isFlagged ? 1 : 0;
  }

  /** The level of a metric is another from then on, and that is normal now. */
  shift(metric: InsightMetric, from: number, by: number): void {
    this.ring.shift(placeOf[metric], from, by);
    this.flag(metric, from, (this.ring.newest + 1) * cellMs, false);
    this.refresh(placeOf[metric]);
  }

  /** Nothing from before then is learned from. metric: of this one only. */
  relearn(from: number, metric?: InsightMetric): void {
    for (const one of metric === undefined ? insightMetrics : [metric]) {
      const place = placeOf[one];
      this.since[place] = from;
      this.weekly.clear(place);
      this.refresh(place);
    }
  }

  /** Of the local day, 0 to 24. */
  hourOf(at: number): number {
    return (((at / (60 * minuteMs) + this.zoneMinutes / 60) % 24) + 24) % 24;
  }

  model(metric: InsightMetric): MetricModel | null {
    return this.models[placeOf[metric]] ?? null;
  }

  /** Since when it is learned from; 0: all there is. */
  learnedSince(metric: InsightMetric): number {
    return this.since[placeOf[metric]] ?? 0;
  }

  /** For judging, with the players as they were told last. Undefined where too little is known. The same object each time. */
  look(metric: number, at: number): Readonly<Band> | undefined {
    const model = this.models[metric];
    if (model == null) return undefined;
    const { days, sudden } = habits[insightMetrics[metric] ?? 'cpu'];
    if (model.days < (model.isBlind && sudden !== undefined ? blindDays : days)) return undefined;
    this.moment.age = this.uptime;
    return this.fill(model, metric, at, this.isKnown ? this.slow : others.fill(NaN));
  }

  /** As `look`, where so many have played for long; NaN: not known. */
  lookWith(metric: number, at: number, players: number): Readonly<Band> | undefined {
    const model = this.models[metric];
    if (model == null || model.days < judgedDays) return undefined;
    this.moment.age = this.uptime;
    return this.fill(model, metric, at, others.fill(players));
  }

  /** The players as they count on for 26 minutes; NaN where not known. */
  get slowPlayers(): number {
    return this.isKnown ? (this.slow[middleLag] ?? NaN) : NaN;
  }

  /** Of a server that has long been up. players: null: not known. Undefined where nothing can be said yet. */
  expected(metric: InsightMetric, at: number, players: number | null): Expected | undefined {
    const place = placeOf[metric];
    const model = this.models[place];
    if (model == null) return undefined;
    this.moment.age = settled;
    const { mid, low, high, limitLow, limitHigh } = this.fill(model, place, at, others.fill(players ?? NaN));
    const { value } = this.confidence(metric);
    return { mid, low, high, limitLow: Math.max(0, limitLow), limitHigh, players, confidence: value, by: this.method };
  }

  confidence(metric: InsightMetric): Confidence {
    const days = this.model(metric)?.days ?? 0;
    const level = days < judgedDays ? 'none' : days < 0.9 * learnedDays ? 'learning' : 'good';
    return { days: Math.round(days * 10) / 10, of: learnedDays, level, value: Math.min(1, days / learnedDays) };
  }

  /** One usual deviation at what was looked at last. */
  unitOf(metric: number): number {
    const model = this.models[metric];
    return model == null ? NaN : unitAt(model, habits[insightMetrics[metric] ?? 'cpu'], this.band.mid);
  }

  /** The same for all servers, until the next call. */
  points(metric: InsightMetric): Points {
    const place = placeOf[metric];
    return this.ring.gather(place, Math.ceil((this.since[place] ?? 0) / cellMs));
  }

  weeksKnown(metric: InsightMetric): number {
    return this.weekly.weeksKnown(placeOf[metric]);
  }

  refreshAll(): void {
    for (let metric = 0; metric < metricCount; metric++) this.refresh(metric);
  }

  state(withPoints: boolean): BaselineState {
    const points = withPoints ? Buffer.from(this.ring.bytes()).toString('base64') : null;
    const { zoneMinutes } = this;
    return { version: stateVersion, zoneMinutes, since: [...this.since], ...this.weekly.bytes(), points };
  }

  /** False where it is of another version, or no state at all: then it begins anew. */
  restore(state: BaselineState): boolean {
    if (state.version !== stateVersion || state.since.length !== metricCount) return false;
    const points = state.points === null ? undefined : Buffer.from(state.points, 'base64');
    if (points !== undefined && !this.ring.restore(points)) return false;
    if (!this.weekly.restore(state)) return false;
    this.since.set(state.since);
    this.refreshAll();
    this.followAgain();
    return true;
  }

  /** Players count on from what was measured last. */
  private followAgain(): void {
    const { count, cell, players } = this.ring.gather(placeOf.players, 0);
    if (count === 0) return;
    for (const [lag, values] of players.entries()) this.slow[lag] = values[count - 1] ?? NaN;
    this.slowAt = ((cell[count - 1] ?? 0) + 1) * cellMs;
  }

  private fill(model: MetricModel, metric: number, at: number, players: Float64Array): Band {
    return this.method === 'three-sigma' ? plainBand(model, this.band) : this.fillRobust(model, metric, at, players);
  }

  private fillRobust(model: MetricModel, metric: number, at: number, players: Float64Array): Band {
    const { moment } = this;
    moment.at = at;
    moment.players = players;
    moment.zoneMinutes = this.zoneMinutes;
    const hour = hourOfWeek(at, this.zoneMinutes);
    moment.weekly = this.weekly.at(metric, hour);
    moment.weeklyReach = this.weekly.reachAt(metric, hour);
    const habit = habits[insightMetrics[metric] ?? 'cpu'];
    return bandAt(model, habit, moment, this.band);
  }

  private seal(): boolean {
    if (!this.ring.begin(this.cell, this.uptime)) return false;
    this.sealedCell = this.cell;
    for (let metric = 0; metric < metricCount; metric++) {
      const first = metric * perCell;
      const values = this.values.subarray(first, first + (this.counts[metric] ?? 0));
      const point = pointOf(values, metric === placeOf.memory);
      this.sealed[metric] = point;
      if (point === undefined) continue;
      const isCovered = this.isCovered[metric] === 1;
      this.ring.put(this.cell, metric, point, isCovered);
      // Also what anomalies cover: what comes every week is normal.
      this.addToWeek(metric, point);
    }
    // One after the other: each every ten hours, memory three times as often; sooner at first.
    const days = this.models[0]?.days ?? 0;
    if (this.cell % (days < youngDays ? 1 : days < learningDays ? 3 : 6) === 0) {
      this.refresh(turns[this.due] ?? 0);
      this.due = (this.due + 1) % turns.length;
    }
    return true;
  }

  private addToWeek(metric: number, { mid, low, high }: Point): void {
    const model = this.models[metric];
    if (model == null || model.days < judgedDays) return;
    const at = this.cell * cellMs + 5 * minuteMs;
    const hour = hourOfWeek(at, this.zoneMinutes);
    this.moment.age = this.uptime;
    const band = this.fillRobust(model, metric, at, others.fill(this.sealed[placeOf.players]?.mean ?? NaN));
    const unit = plainUnitAt(model, band.mid);
    const level = this.weekly.at(metric, hour);
    const shift = Number.isNaN(level) ? (model.hours.level[Math.floor(hour % 24)] ?? 0) : level;
    const deviations = (value: number): number => (value - band.mid) / unit + shift;
    const worst = habits[insightMetrics[metric] ?? 'cpu'].side === 'low' ? low : high;
    this.weekly.add(metric, hour, deviations(mid), deviations(worst));
  }

  private refresh(metric: number): void {
    const name = insightMetrics[metric] ?? 'cpu';
    const points = this.ring.gather(metric, Math.ceil((this.since[metric] ?? 0) / cellMs));
    // How slowly memory follows is dear to find out, and seldom changes.
    const isToSearch = this.ring.newest - this.searched >= Math.min(searchCells, points.count / 4);
    if (name === 'memory' && isToSearch) this.searched = this.ring.newest;
    const slow = isToSearch ? 'slow' : (this.models[metric]?.line ?? { lag: 0, mix: 0 });
    const players = name === 'players' ? 'no' : name === 'memory' ? slow : 'now';
    this.models[metric] = modelOf(points, habits[name], players, this.zoneMinutes);
  }
}
