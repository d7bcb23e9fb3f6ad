import type { Thresholds } from './policy.js';

/** What a detector tells: once when it begins, once when it is over. */
export type Turn = 'began' | 'over';

/** bad and good are clear; between says neither and breaks both; unknown is no sample at all. */
type Reading = 'bad' | 'good' | 'between' | 'unknown';

const minuteMs = 60_000;
/** Nobody looked in between (a PC that slept): what was before proves nothing. */
const gapMs = 2 * minuteMs;

/** Tells only what has lasted: so it never turns more often than its times allow. `at` in all of these is Unix ms. */
class Dwell {
  /** Since when every reading has spoken for the other state. */
  private since: number | undefined;
  private lastAt = -Infinity;

  constructor(private isBad: boolean) {}

  get isOn(): boolean {
    return this.isBad;
  }

  feed(at: number, reading: Reading, times: { readonly beginsMs: number; readonly endsMs: number }): Turn | null {
    if (reading === 'unknown') return null;
    // A clock that was set makes a time of nothing.
    if (at - this.lastAt > gapMs || at < this.lastAt) this.since = undefined;
    this.lastAt = at;
    if (reading !== (this.isBad ? 'good' : 'bad')) {
      this.since = undefined;
      return null;
    }
    this.since ??= at;
    if (at - this.since < (this.isBad ? times.endsMs : times.beginsMs)) return null;
    this.isBad = !this.isBad;
    this.since = undefined;
    return this.isBad ? 'began' : 'over';
  }
}

/** What is told when it has lasted for less than that is over as soon. */
function lasting(minutes: number, endsMs: number): { beginsMs: number; endsMs: number } {
  const beginsMs = minutes * minuteMs;
  return { beginsMs, endsMs: Math.min(beginsMs, endsMs) };
}

/** So far from its limit it has to be until it counts as over. */
const marginPercent = 10;
/** A moment's pause of a CPU that is full all the time is no pause. */
const smoothMs = 30_000;

/** The CPUs of the PC, together, are full for minutes. Over after two minutes clearly below. isOn: has been told before. */
export class CpuSaturated {
  private readonly dwell: Dwell;
  private mean = 0;
  private lastAt = -Infinity;

  constructor(
    private readonly limits: () => Thresholds['host-cpu-saturated'],
    isOn = false,
  ) {
    this.dwell = new Dwell(isOn);
  }

  get isOn(): boolean {
    return this.dwell.isOn;
  }

  /** Of the last half minute. */
  get percent(): number {
    return this.mean;
  }

  /** percent of all CPUs; NaN where it is not known. */
  feed(at: number, percent: number): Turn | null {
    if (Number.isNaN(percent)) return null;
    const passed = at - this.lastAt;
    const share = passed > gapMs || passed < 0 ? 1 : 1 - Math.exp(-passed / smoothMs);
    this.mean += (percent - this.mean) * share;
    this.lastAt = at;
    const limits = this.limits();
    const over = Math.max(limits.percent - marginPercent, limits.percent / 2);
    const reading = this.mean >= limits.percent ? 'bad' : this.mean < over ? 'good' : 'between';
    return this.dwell.feed(at, reading, lasting(limits.minutes, 2 * minuteMs));
  }
}

/** A file that is written and removed again is no news; one volume, so one of these, for each server. */
const diskTimes = { beginsMs: minuteMs, endsMs: 5 * minuteMs };
/** So many times its limit has to be free until it counts as over. */
const diskMargin = 1.2;

/** The volume of a server has little left: by percent and by bytes. isOn: has been told before. */
export class DiskNearlyFull {
  private readonly dwell: Dwell;

  constructor(
    private readonly limits: () => Thresholds['disk-nearly-full'],
    isOn = false,
  ) {
    this.dwell = new Dwell(isOn);
  }

  get isOn(): boolean {
    return this.dwell.isOn;
  }

  /** null where it cannot be read. To be fed about once a minute, or more often. */
  feed(at: number, volume: { readonly freeBytes: number; readonly totalBytes: number } | null): Turn | null {
    if (volume === null || volume.totalBytes <= 0) return null;
    const { freePercent, freeBytes } = this.limits();
    const isBelow = (times: number): boolean =>
      volume.freeBytes < freeBytes * times && volume.freeBytes < (volume.totalBytes * freePercent * times) / 100;
    return this.dwell.feed(at, isBelow(1) ? 'bad' : isBelow(diskMargin) ? 'between' : 'good', diskTimes);
  }
}

export interface TickSample {
  /** A second; null where the game does not say it now. */
  readonly rate: number | null;
  /** What the game runs at when all is well. */
  readonly usual: number;
  /** null where nobody knows. */
  readonly players: number | null;
}

/**
 * The game runs slower than usual while somebody plays: who is not there misses nothing, and some games then rest. isOn: has
 * been told before.
 */
export class TickRateLow {
  private readonly dwell: Dwell;

  constructor(
    private readonly limits: () => Thresholds['tick-rate-low'],
    isOn = false,
  ) {
    this.dwell = new Dwell(isOn);
  }

  feed(at: number, sample: TickSample): Turn | null {
    const { percent, minutes } = this.limits();
    return this.dwell.feed(at, tickReading(sample, percent), lasting(minutes, minuteMs));
  }
}

function tickReading({ rate, usual, players }: TickSample, percent: number): Reading {
  if (players === 0) return 'good';
  if (rate === null || usual <= 0 || Number.isNaN(rate)) return 'unknown';
  const now = (rate / usual) * 100;
  // With a limit near to all of it, all of it has to be good.
  if (now >= Math.min(percent + marginPercent, 100)) return 'good';
  return now < percent && players !== null ? 'bad' : 'between';
}

/**
 * The game's interface has not answered for minutes, though the server runs. Over after a minute of answers. isOn: has been
 * told before.
 */
export class ApiDegraded {
  private readonly dwell: Dwell;

  constructor(
    private readonly limits: () => Thresholds['api-degraded'],
    isOn = false,
  ) {
    this.dwell = new Dwell(isOn);
  }

  /** null where it was not asked. */
  feed(at: number, answers: boolean | null): Turn | null {
    const reading = answers === null ? 'unknown' : answers ? 'good' : 'bad';
    return this.dwell.feed(at, reading, lasting(this.limits().minutes, minuteMs));
  }
}
