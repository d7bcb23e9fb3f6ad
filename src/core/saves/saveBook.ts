import type { ServerView } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { Happening, HistoryEvent } from '../ports.js';
import { medianOf, mostGaps, rhythmOf, type Rhythm } from './saveRhythm.js';

type Saved = Extract<Happening, { is: 'saved' }>;
type SaveFailed = Extract<Happening, { is: 'saveFailed' }>;

/** As a server stands at a review. */
interface Standing {
  /** Unix milliseconds, as every time here. */
  readonly now: number;
  /** Since when it is up; null where it is not, or is on its way down. */
  readonly runningSince: number | null;
  /** How many play; null where that is not known. */
  readonly players: number | null;
  /** Its process stands still because somebody wants that. */
  readonly isPaused: boolean;
}

/** late: no save came in time; stuck: one has begun and does not end. */
export interface Overdue {
  readonly why: 'late' | 'stuck';
  readonly lastAt: number | null;
  readonly intervalMs: number | null;
}

interface Interval {
  readonly ms: number;
  readonly by: 'definition' | 'learned' | 'row';
  /** Sooner than this no save is missing. */
  readonly limitMs: number;
}

/** Several worlds of one save, and two ways that tell of it, are this close together. */
const togetherMs = 2000;
/** Files are still written, or looked at, this long around a save that was told; at most, and where no interval is known. */
const longestAroundMs = 60_000;
const usualAroundMs = 10_000;
/** So long a save that was asked for is waited for. */
const askedMs = 5 * 60_000;
const stuckMs = 5 * 60_000;
/** The clock between two reviews: the PC slept, or somebody has set it. */
const sleptMs = 60_000;

/**
 * What is known of one server's saves: the last one, how often they come, and whether one is missing. It is told by the log, by
 * the game's API and by the files that saves leave; time is an argument, nothing here waits or throws.
 */
export class SaveBook {
  private definedMs: number | null = null;
  private rowMs: number | null = null;
  private endsAreTold = true;

  private startedAt: number | null = null;
  private lastAt: number | null = null;
  /** How the last one became known: a beginning that no end follows is the save itself. */
  private lastBy: 'end' | 'begin' | 'files' = 'end';
  /** What is told so close behind this belongs to the last one. Not behind each word of it: some games save every second. */
  private togetherFrom: number | null = null;
  private lastTookMs: number | null = null;
  private bytes: number | null = null;
  private begunAt: number | null = null;
  private askedAt: number | null = null;
  private filesAt: number | null = null;

  /** The last save that came by itself, as long as nothing lies between it and the next that makes the pause longer. */
  private chainAt: number | null = null;
  private gaps: number[] = [];
  private toldGaps: number[] = [];
  private tookTimes: number[] = [];
  private rhythm: Rhythm | null = null;

  private reviewedAt: number | null = null;
  /** Nothing that was missing before then counts. */
  private ground = -Infinity;
  private playedSince: number | null = null;
  private isEmpty = false;

  constructor(effective: Effective) {
    this.configure(effective);
  }

  /** The definition is another. */
  configure({ definition, game, patterns }: Effective): void {
    this.definedMs = msOf(definition.save?.intervalSeconds);
    this.rowMs = msOf(game.saveSeconds);
    this.endsAreTold = (patterns.saveEnd ?? '') !== '';
  }

  /** It has a process. The same start told again, as to a later core, changes nothing. */
  started(at: number): void {
    if (this.startedAt === at) return;
    this.ended();
    this.startedAt = at;
  }

  /** Its process is gone. */
  ended(): void {
    this.startedAt = null;
    this.begunAt = null;
    this.askedAt = null;
    this.chainAt = null;
    this.filesAt = null;
    this.playedSince = null;
    this.isEmpty = false;
    this.reviewedAt = null;
  }

  /** We have told it to save: what comes now says nothing about how often it does so by itself. */
  asked(at: number): void {
    this.askedAt = at;
  }

  /** Where ends are not told, this is all that is told of a save: as `saved`. Null where it is not over, or known already. */
  begun(at: number): Saved | null {
    if (!this.endsAreTold) return this.note(at, null, 'begin');
    // A game with several worlds may say it of each; one that never ended is no longer waited for.
    if (this.begunAt === null || at - this.begunAt > this.stuckAfterMs()) this.begunAt = at;
    return null;
  }

  /** What happened, to be passed on; null where it was told already, by another way or as another world of the same save. */
  saved(at: number, tookMs: number | null): Saved | null {
    const begunAt = this.begunAt;
    this.begunAt = null;
    return this.note(at, tookMs ?? (begunAt === null || begunAt >= at ? null : at - begunAt), 'end');
  }

  /** reason: what the game said, or an ErrorCode. */
  failed(at: number, reason: string): SaveFailed {
    this.begunAt = null;
    this.askedAt = null;
    // The next one comes after twice the time.
    this.chainAt = null;
    return { is: 'saveFailed', at, reason };
  }

  /**
   * The newest of its save files, and the bytes of that save (null: not all could be looked at). A save, where nobody has told
   * of one around that time; null where it is an old one or was told.
   */
  filesSeen({ newestAt, bytes }: { newestAt: number; bytes: number | null }): Saved | null {
    const before = this.filesAt;
    this.filesAt = newestAt;
    const isTold = this.lastAt !== null && newestAt <= this.lastAt + this.aroundMs();
    if (isTold || this.begunAt !== null) {
      // Older than the last save: what that one has written is not there yet, or somewhere else.
      if (this.begunAt !== null || newestAt >= (this.lastAt ?? 0) - this.aroundMs()) this.bytes = bytes;
      if (this.lastBy === 'files' && this.lastAt !== null) this.lastAt = Math.max(this.lastAt, newestAt);
      return null;
    }
    this.bytes = bytes;
    // What was there at the first look was written while nobody looked.
    if (before === null) {
      this.lastAt = newestAt;
      this.togetherFrom = newestAt;
      this.lastBy = 'files';
      this.lastTookMs = null;
      return null;
    }
    // A log that tells of each save tells of this one too, if it is one.
    return newestAt <= before || rhythmOf(this.toldGaps) !== null ? null : this.note(newestAt, null, 'files');
  }

  /**
   * What the history knows of the last days, oldest first: `saved`, and of other kinds whatever makes the pause between two
   * saves say nothing (`started`, `stopping`, an end). What was told since then stays.
   */
  restore(events: readonly Pick<HistoryEvent, 'at' | 'kind' | 'data'>[]): void {
    const gaps: number[] = [];
    const tookTimes: number[] = [];
    let chainAt: number | null = null;
    let lastAt: number | null = null;
    let lastTookMs: number | null = null;
    for (const { at, kind, data } of events) {
      if (kind !== 'saved') {
        chainAt = null;
        continue;
      }
      if (chainAt !== null && at - chainAt > togetherMs) gaps.push(at - chainAt);
      lastTookMs = typeof data.tookMs === 'number' && data.tookMs >= 0 ? data.tookMs : null;
      if (lastTookMs !== null) tookTimes.push(lastTookMs);
      chainAt = at;
      lastAt = at;
    }
    this.gaps = [...gaps, ...this.gaps].slice(-mostGaps);
    this.tookTimes = [...tookTimes, ...this.tookTimes].slice(-mostGaps);
    this.rhythm = rhythmOf(this.gaps);
    if (lastAt === null || lastAt <= (this.lastAt ?? -Infinity)) return;
    this.lastAt = lastAt;
    this.togetherFrom = lastAt;
    this.lastBy = 'end';
    this.lastTookMs = lastTookMs;
    this.chainAt ??= chainAt;
  }

  /** As it is shown. isUp: its process runs. */
  view(isUp: boolean): ServerView['save'] {
    const { lastAt } = this;
    const interval = this.interval();
    const isOfThisLife = lastAt !== null && lastAt >= (this.startedAt ?? Infinity);
    // An empty world may be saved or not: nobody knows when.
    const isRegular = interval?.by === 'definition' || !this.isEmpty;
    return {
      lastAt,
      nextAt: isUp && isOfThisLife && interval !== null && isRegular ? lastAt + interval.ms : null,
      running: isUp && this.begunAt !== null,
      tookMs: this.lastTookMs,
      intervalMs: interval?.ms ?? null,
      isLearned: interval?.by === 'learned',
      bytes: this.bytes,
    };
  }

  /**
   * To be called every few seconds for every server. What is missing; null where all is well or nobody can know: it has just
   * started or is stopping, the PC slept, it saves only while somebody plays. The same again as long as it lasts.
   */
  review(standing: Standing): Overdue | null {
    const { now, runningSince, players, isPaused } = standing;
    const elapsed = now - (this.reviewedAt ?? -Infinity);
    if (elapsed < 0 || elapsed > sleptMs || isPaused) {
      this.ground = now;
      this.playedSince = null;
      if (this.reviewedAt !== null) this.chainAt = null;
    }
    this.reviewedAt = now;
    this.isEmpty = players === 0;
    this.playedSince = players !== null && players > 0 ? (this.playedSince ?? now) : null;
    if (runningSince === null || isPaused) return null;
    const { lastAt } = this;
    const interval = this.interval();
    const overdue = { lastAt, intervalMs: interval?.ms ?? null };
    if (this.isStuck(now)) return { why: 'stuck', ...overdue };
    const base = this.baseOf(interval, runningSince);
    if (interval === null || base === null || this.begunAt !== null) return null;
    const since = Math.max(base, this.ground, lastAt ?? -Infinity);
    return now - since > interval.limitMs ? { why: 'late', ...overdue } : null;
  }

  /** Since when a save could have come; null where none need come. */
  private baseOf(interval: Interval | null, runningSince: number): number | null {
    if (interval?.by === 'definition') return runningSince;
    if (this.playedSince === null) return null;
    // A game's usual interval may have been set otherwise, or saving may be switched off.
    const hasSaved = this.lastAt !== null && this.lastAt >= runningSince;
    if (interval?.by === 'row' && !hasSaved) return null;
    return Math.max(runningSince, this.playedSince);
  }

  private isStuck(now: number): boolean {
    if (this.begunAt === null) return false;
    return now - Math.max(this.begunAt, this.ground) > this.stuckAfterMs();
  }

  private stuckAfterMs(): number {
    return this.tookTimes.length === 0 ? stuckMs : Math.max(stuckMs, 5 * medianOf(this.tookTimes));
  }

  private interval(): Interval | null {
    const rhythm = this.rhythm;
    const usual = (ms: number): number => Math.max(2.5 * ms, ms + 60_000);
    if (this.definedMs !== null) return { ms: this.definedMs, by: 'definition', limitMs: usual(this.definedMs) };
    if (rhythm !== null) {
      const { intervalMs: ms, longMs } = rhythm;
      return { ms, by: 'learned', limitMs: Math.max(usual(ms), 1.5 * longMs) };
    }
    return this.rowMs === null ? null : { ms: this.rowMs, by: 'row', limitMs: usual(this.rowMs) };
  }

  private aroundMs(): number {
    const interval = this.interval();
    if (interval === null) return usualAroundMs;
    return Math.min(longestAroundMs, Math.max(togetherMs, 0.4 * interval.ms));
  }

  private note(at: number, tookMs: number | null, by: 'end' | 'begin' | 'files'): Saved | null {
    const wasAsked = this.askedAt !== null && at - this.askedAt <= askedMs;
    const isSame = this.isSame(at, tookMs, by);
    // Its beginning may be told in one way, and its end in another.
    const took =
      tookMs ?? (isSame && this.lastBy === 'begin' && at > (this.lastAt ?? at) ? at - (this.lastAt ?? at) : null);
    if (by !== 'begin') this.askedAt = null;
    if (!this.isTogether(at)) this.togetherFrom = at;
    this.lastBy = by;
    if (isSame) {
      this.lastAt = Math.max(at, this.lastAt ?? at);
      if (this.lastTookMs === null) this.took(took);
      return null;
    }
    if (!wasAsked) {
      if (this.chainAt !== null && at > this.chainAt) this.learn(at - this.chainAt, by);
      this.chainAt = at;
    }
    this.lastAt = at;
    this.took(took);
    return { is: 'saved', at, tookMs: took };
  }

  private isSame(at: number, tookMs: number | null, by: 'end' | 'begin' | 'files'): boolean {
    const { lastAt, lastBy, askedAt } = this;
    if (lastAt === null) return false;
    // It had begun before the last one was over.
    if (lastAt > at - (tookMs ?? 0) || this.isTogether(at)) return true;
    if (by === 'end' && lastBy === 'begin') return askedAt !== null && askedAt <= lastAt;
    const isAfterAll = askedAt === null || askedAt <= lastAt;
    return by !== 'files' && lastBy === 'files' && isAfterAll && at - lastAt <= this.aroundMs();
  }

  private isTogether(at: number): boolean {
    return this.togetherFrom !== null && this.togetherFrom > at - togetherMs;
  }

  private learn(gap: number, by: 'end' | 'begin' | 'files'): void {
    this.gaps = [...this.gaps, gap].slice(-mostGaps);
    if (by !== 'files') this.toldGaps = [...this.toldGaps, gap].slice(-mostGaps);
    this.rhythm = rhythmOf(this.gaps);
  }

  private took(ms: number | null): void {
    this.lastTookMs = ms;
    if (ms !== null) this.tookTimes = [...this.tookTimes, ms].slice(-mostGaps);
  }
}

function msOf(seconds: number | undefined): number | null {
  return seconds === undefined || !(seconds > 0) ? null : seconds * 1000;
}
