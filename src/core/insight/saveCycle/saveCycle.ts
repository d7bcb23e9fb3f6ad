import { WriteLog, type WriteRhythm } from './writeRhythm.js';

/** What is known of a server's saves. Milliseconds; null: not known. added: what a save adds to each, by metric. */
export interface SaveCycleView {
  readonly by: 'events' | 'rhythm' | null;
  readonly periodMs: number | null;
  readonly durationMs: number | null;
  readonly confidence: number;
  readonly lastAt: number | null;
  readonly nextAt: number | null;
  readonly added: Readonly<Record<string, number>>;
}

export interface SaveCycleState {
  readonly version: 1;
  readonly gaps: readonly number[];
  readonly tooks: readonly number[];
  readonly emptySaves: number;
  readonly allowedMs: number;
  /** Where nobody knows who plays: the longest time without a save that was followed by one, and how long that was looked at. */
  readonly blindMs: number;
  readonly silenceMs: number;
  readonly inside: readonly (number | null)[];
  readonly outside: readonly (number | null)[];
}

/** missing: none has come in time; long: one has begun and does not end, or took so long. */
export interface SaveTrouble {
  readonly is: 'missing' | 'long';
  /** Since when something is wrong. */
  readonly since: number;
  /** When it was over; null: it is not. */
  readonly until: number | null;
  readonly tookMs: number | null;
  /** A save is not longer than that, or not later. */
  readonly limitMs: number;
  readonly usualMs: number | null;
}

const mostKept = 20;
const fewestGaps = 4;
/** So many saves in a row while nobody plays, and they come then, too. */
const fewestEmpty = 5;
/** Where nobody knows who plays, a night has to have been seen. */
const blindFor = 24 * 60 * 60_000;
/** Worlds of one save, and two ways that tell of it, are this close together. */
const togetherMs = 2000;
const usualTookMs = 10_000;
/** What a save has stirred up settles. */
const tailMs = 5000;
const stuckMs = 5 * 60_000;
const shortestStuckMs = 90_000;
/** Where saves and what is around them make up more of the time, there is nothing beside them: they are what is usual. */
const mostShare = 0.45;
const findEveryMs = 30 * 60_000;
const fastLearning = 1 / 20;
const sureOfRhythm = 0.6;

interface Timing {
  readonly isTold: boolean;
  readonly periodMs: number | null;
  readonly tookMs: number | null;
  readonly longAfterMs: number;
}

/** Whose means inside and outside of saves are compared. */
const measured = ['cpu', 'memory', 'tickRate', 'frameTime', 'players', 'ioRead', 'ioWrite', 'apiTime'] as const;

/**
 * The cycle of one server's saves, from what its game tells or else from the rhythm in which it writes. Times are Unix
 * milliseconds; nothing waits or throws. 8 KB.
 */
export class SaveCycle {
  private readonly fine = new WriteLog(10_000);
  private readonly coarse = new WriteLog(60_000);
  private rhythm: WriteRhythm | null = null;
  private rhythmAt = 0;
  /** The period that was found last. */
  private candidate: number | null = null;
  private burstAt: number | null = null;
  private gaps: number[] = [];
  private tooks: number[] = [];
  private emptySaves = 0;
  private begunAt: number | null = null;
  private lastAt: number | null = null;
  private lastTookMs = usualTookMs;
  /** Since when it is up, somebody plays and nothing has been in the way. */
  private ground: number | null = null;
  private players = NaN;
  private emptySince: number | null = null;
  private blindMs = 0;
  private silenceMs = 0;
  private trouble: SaveTrouble | null = null;
  private toldLong = false;
  /** Somebody has said that so long without a save, or for one, is normal. */
  private allowedMs = 0;
  private timing: Timing = { isTold: false, periodMs: null, tookMs: null, longAfterMs: stuckMs };
  private readonly inside = new Float64Array(measured.length).fill(NaN);
  private readonly outside = new Float64Array(measured.length).fill(NaN);

  /** It is up, or was found so. */
  started(at: number): void {
    this.begunAt = null;
    this.toldLong = false;
    this.lastAt = null;
    this.burstAt = null;
    this.ground = at;
  }

  ended(): void {
    this.started(NaN);
    this.ground = null;
  }

  begun(at: number): void {
    this.begunAt ??= at;
  }

  saved(at: number, tookMs: number | null): void {
    const took = tookMs ?? (this.begunAt === null ? null : at - this.begunAt);
    this.begunAt = null;
    const wasTold = this.toldLong;
    this.toldLong = false;
    if (!wasTold && took !== null && took > this.timing.longAfterMs)
      this.trouble = {
        ...{ is: 'long', since: at - took, until: at, tookMs: took },
        ...{ limitMs: this.timing.longAfterMs, usualMs: this.timing.tookMs },
      };
    const period = this.timing.periodMs ?? Infinity;
    // Who saves only for players is silent when nobody is there: such a silence may come again.
    if (this.lastAt !== null && Number.isNaN(this.players) && at - this.lastAt > 2 * period)
      this.silenceMs = Math.max(this.silenceMs, at - this.lastAt);
    if (this.lastAt !== null && at - this.lastAt > togetherMs)
      this.gaps = [...this.gaps, at - this.lastAt].slice(-mostKept);
    if (took !== null && took >= 0) this.tooks = [...this.tooks, took].slice(-mostKept);
    this.lastTookMs = took ?? this.timing.tookMs ?? usualTookMs;
    this.savedEmpty(at);
    this.lastAt = at;
    this.retime();
  }

  failed(at: number): void {
    this.begunAt = null;
    this.lastAt = null;
    this.ground = at;
  }

  /** A pause in what is known: the PC slept. */
  gap(at: number): void {
    this.begunAt = null;
    this.lastAt = null;
    this.burstAt = null;
    if (this.ground !== null) this.ground = at;
  }

  /** With every measurement. players, bytesPerSecond: NaN where not known; ms: the time it stands for. */
  sample(at: number, ms: number, players: number, bytesPerSecond: number): void {
    // Who saves only for players need not save now.
    this.emptySince = players === 0 ? (this.emptySince ?? at) : null;
    if (players === 0 && this.emptySaves < fewestEmpty && this.ground !== null) this.ground = at;
    this.players = players;
    if (Number.isNaN(players) && this.lastAt !== null) this.blindMs += ms;
    this.fine.add(at, bytesPerSecond, ms);
    this.coarse.add(at, bytesPerSecond, ms);
    if (this.rhythm !== null && bytesPerSecond > this.rhythm.burst) {
      if (at - (this.burstAt ?? 0) > this.rhythm.periodMs / 2) this.savedEmpty(at);
      this.burstAt = at;
    }
    if (this.isTold() || Math.abs(at - this.rhythmAt) < (this.rhythm === null ? 1 : 4) * findEveryMs) return;
    this.rhythmAt = at;
    const [fine, coarse] = [this.fine.find(), this.coarse.find()];
    const found = (fine?.confidence ?? 0) >= 0.8 * (coarse?.confidence ?? 0) ? fine : coarse;
    const { candidate } = this;
    this.candidate = found?.periodMs ?? null;
    // Found once may be chance.
    const isSame = found !== null && Math.abs(found.periodMs - (candidate ?? 0)) < 0.1 * found.periodMs;
    if (isSame) {
      this.rhythm = found;
      this.burstAt = Math.max(this.burstAt ?? 0, found.lastAt);
      this.retime();
    }
  }

  /** Whether a save was, or was to be, under way between two times. */
  covers(from: number, to: number): boolean {
    const { begunAt, lastAt } = this;
    if (begunAt !== null && to >= begunAt) return to - begunAt <= this.timing.longAfterMs;
    const period = this.timing.periodMs;
    const took = this.timing.tookMs ?? usualTookMs;
    const slack = period === null ? 0 : Math.min(30_000, Math.max(2000, 0.02 * period));
    const isCrowded = period !== null && took + tailMs + 2 * slack + (to - from) > mostShare * period;
    if (isCrowded) return false;
    if (lastAt !== null && to > lastAt - this.lastTookMs - 2000 && from < lastAt + tailMs) return true;
    const last = this.isTold() ? lastAt : this.burstAt;
    if (period === null || last === null) return false;
    if (!this.isTold() && from < last + tailMs && to > last - took) return true;
    // Where the game says when it begins, nothing has to be guessed.
    const next = last + period;
    return to > next - took - slack && from < next + tailMs + slack;
  }

  /** So long without a save, or for one, is normal: somebody says so. */
  allow(ms: number): void {
    this.allowedMs = Math.max(this.allowedMs, ms);
    this.retime();
  }

  /** What each save adds. isInside: of a measurement in a save, or beside it. values: in the order of `measured`, and others; NaN: not known. */
  measure(isInside: boolean, values: ArrayLike<number>): void {
    const means = isInside ? this.inside : this.outside;
    for (let place = 0; place < measured.length; place++) learn(means, place, values[place] ?? NaN);
  }

  /** Once a minute or so. What is wrong now; a save that took too long is told once, when it is over. */
  review(at: number): SaveTrouble | null {
    const told = this.trouble;
    this.trouble = null;
    if (told !== null) return told;
    const limitMs = this.timing.longAfterMs;
    if (this.begunAt !== null && at - this.begunAt > limitMs) {
      const usualMs = this.timing.tookMs;
      this.toldLong = true;
      return { is: 'long', since: this.begunAt, until: null, tookMs: at - this.begunAt, limitMs, usualMs };
    }
    return this.missing(at);
  }

  view(): SaveCycleView {
    const isTold = this.isTold();
    const period = this.timing.periodMs;
    const last = isTold ? this.lastAt : this.burstAt;
    const added: Record<string, number> = {};
    for (const [place, name] of measured.entries()) {
      const difference = (this.inside[place] ?? NaN) - (this.outside[place] ?? NaN);
      if (!Number.isNaN(difference)) added[name] = difference;
    }
    return {
      by: period === null ? null : isTold ? 'events' : 'rhythm',
      periodMs: period,
      durationMs: this.timing.tookMs,
      confidence: period === null ? 0 : isTold ? Math.min(1, this.gaps.length / 8) : (this.rhythm?.confidence ?? 0),
      lastAt: last,
      nextAt: period === null || last === null || this.ground === null ? null : last + period,
      added,
    };
  }

  state(): SaveCycleState {
    const { gaps, tooks, emptySaves, allowedMs, blindMs, silenceMs, inside, outside } = this;
    const plain = (means: Float64Array): (number | null)[] =>
      Array.from(means, (mean) => (Number.isNaN(mean) ? null : mean));
    return {
      ...{ version: 1, gaps, tooks, emptySaves, allowedMs, blindMs, silenceMs },
      ...{ inside: plain(inside), outside: plain(outside) },
    };
  }

  restore(state: SaveCycleState): void {
    this.gaps = [...state.gaps];
    this.tooks = [...state.tooks];
    this.emptySaves = state.emptySaves;
    this.allowedMs = state.allowedMs;
    this.blindMs = state.blindMs;
    this.silenceMs = state.silenceMs;
    this.retime();
    for (const [place] of measured.entries()) {
      this.inside[place] = state.inside[place] ?? NaN;
      this.outside[place] = state.outside[place] ?? NaN;
    }
  }

  /** A last save when everybody has left does not say that an empty world is saved again and again. */
  private savedEmpty(at: number): void {
    const period = this.timing.periodMs;
    const last = (this.isTold() ? this.lastAt : this.burstAt) ?? -Infinity;
    if (this.emptySince === null || period === null || at - this.emptySince < period) return;
    this.emptySaves = at - last > 2.5 * period ? 0 : Math.min(this.emptySaves + 1, fewestEmpty);
  }

  private missing(at: number): SaveTrouble | null {
    const period = this.timing.periodMs;
    if (period === null || this.ground === null || this.begunAt !== null) return null;
    const isTold = this.isTold();
    const isSure = isTold || ((this.rhythm?.confidence ?? 0) >= sureOfRhythm && !Number.isNaN(this.players));
    const isBlind = Number.isNaN(this.players);
    if (!isSure || (isBlind && (this.blindMs < blindFor || this.silenceMs > 3 * period))) return null;
    const last = Math.max((isTold ? this.lastAt : this.burstAt) ?? this.ground, this.ground);
    const longest = isTold ? (sorted(this.gaps)[Math.floor(0.9 * (this.gaps.length - 1))] ?? period) : period;
    const limitMs = Math.max((isTold ? 2.5 : 3.5) * period, period + 60_000, 1.5 * longest, this.allowedMs);
    if (at - last <= limitMs) return null;
    return { is: 'missing', since: last + period, until: null, tookMs: null, limitMs, usualMs: period };
  }

  /** The game tells of its saves, be it seldom. */
  private isTold(): boolean {
    return this.timing.isTold || this.lastAt !== null;
  }

  /** After every change of what it comes from; it is asked for with every measurement. */
  private retime(): void {
    const { gaps, tooks, rhythm } = this;
    const isTold = gaps.length > 0;
    const hasTooks = tooks.length >= fewestGaps;
    this.timing = {
      isTold,
      periodMs: isTold ? regularOf(gaps) : (rhythm?.periodMs ?? null),
      tookMs: tooks.length > 0 ? middleOf(tooks) : isTold ? null : (rhythm?.durationMs ?? null),
      longAfterMs: Math.max(
        this.allowedMs,
        hasTooks ? Math.max(shortestStuckMs, 4 * middleOf(tooks), 1.5 * (sorted(tooks).at(-2) ?? 0)) : stuckMs,
      ),
    };
  }
}

function regularOf(gaps: readonly number[]): number | null {
  if (gaps.length < fewestGaps) return null;
  const usual = middleOf(gaps);
  const near = gaps.filter((gap) => Math.abs(gap - usual) <= 0.25 * usual);
  return near.length < fewestGaps || near.length < 0.6 * gaps.length ? null : middleOf(near);
}

function learn(means: Float64Array, place: number, value: number): void {
  if (Number.isNaN(value)) return;
  const old = means[place] ?? NaN;
  means[place] = Number.isNaN(old) ? value : old + (value - old) * fastLearning;
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function middleOf(values: readonly number[]): number {
  const ascending = sorted(values);
  const middle = ascending.length >> 1;
  const high = ascending[middle] ?? NaN;
  return ascending.length % 2 === 1 ? high : ((ascending[middle - 1] ?? NaN) + high) / 2;
}
