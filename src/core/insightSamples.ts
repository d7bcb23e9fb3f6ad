import type { Sample } from '../shared/contract.js';
import { metricCount, placeOf } from './insight/baseline/insightMetrics.js';
import type { HostAt } from './insight/findings/hostStanding.js';
import type { InsightSample } from './insight/findings/serverInsight.js';
import type { HostSample } from './ports.js';

type Draft<T> = { -readonly [field in keyof T]: T[field] };

/** More often it costs, and tells nothing. A little less than 5 s, as rounds are never quite on time. */
const everyMs = 4500;
/** What was before a gap has nothing to do with what is after it; and nothing waits for longer. */
const longestMs = 60_000;

/** Measurements of one server that come more often than they are needed, as their means. */
export class SampleMeans {
  private readonly sums = new Float64Array(metricCount);
  private readonly counts = new Uint8Array(metricCount);
  private at = -Infinity;
  private toldAt = -Infinity;

  add(sample: Sample): void {
    const { at } = sample;
    const ms = at - this.at;
    // A clock that was set back is a gap, too.
    if (ms > longestMs || ms < 0) this.clear();
    this.at = at;
    // Each by its name: this is done for every server in every round.
    this.put(placeOf.cpu, sample.cpu);
    this.put(placeOf.memory, sample.memory);
    this.put(placeOf.tickRate, sample.tickRate);
    this.put(placeOf.frameTime, sample.frameTime);
    this.put(placeOf.players, sample.players);
    this.put(placeOf.ioRead, sample.ioRead);
    this.put(placeOf.ioWrite, sample.ioWrite);
    this.put(placeOf.apiTime, sample.apiTime);
  }

  /** soon: they can be told, or wait for a better moment; now: they have waited for long. */
  get due(): 'no' | 'soon' | 'now' {
    const ms = this.at - this.toldAt;
    if (ms >= 0 && ms < everyMs) return 'no';
    return ms > longestMs ? 'now' : 'soon';
  }

  /** The means since the last time; null: not known. */
  take(into: Draft<InsightSample>): void {
    into.at = this.at;
    into.cpu = this.mean(placeOf.cpu);
    into.memory = this.mean(placeOf.memory);
    into.tickRate = this.mean(placeOf.tickRate);
    into.frameTime = this.mean(placeOf.frameTime);
    into.players = this.mean(placeOf.players);
    into.ioRead = this.mean(placeOf.ioRead);
    into.ioWrite = this.mean(placeOf.ioWrite);
    into.apiTime = this.mean(placeOf.apiTime);
    this.clear();
    this.toldAt = this.at;
  }

  /** What was measured so far is of another life. */
  clear(): void {
    this.sums.fill(0);
    this.counts.fill(0);
  }

  private put(place: number, value: number | null): void {
    if (value === null) return;
    this.sums[place] = (this.sums[place] ?? 0) + value;
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  private mean(place: number): number | null {
    const count = this.counts[place] ?? 0;
    return count === 0 ? null : (this.sums[place] ?? 0) / count;
  }
}

export function blankSample(): Draft<InsightSample> {
  return {
    ...{ at: 0, busiestThread: null, cpu: null, memory: null, tickRate: null, frameTime: null, players: null },
    ...{ ioRead: null, ioWrite: null, apiTime: null },
  };
}

export function blankHost(cores: number): Draft<HostAt> {
  return { cpu: null, memoryUsed: null, memoryTotalBytes: null, pressureCpu: null, pressureIo: null, cores };
}

export function takeHost(host: HostSample, into: Draft<HostAt>): void {
  into.cpu = host.cpuPercent;
  into.memoryUsed = host.memoryUsedPercent;
  into.memoryTotalBytes = host.memoryTotalBytes;
  into.pressureCpu = host.pressureCpu ?? null;
  into.pressureIo = host.pressureIo ?? null;
}
