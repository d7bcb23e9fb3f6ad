import type { Sample } from '../../shared/contract.js';
import type { HostSample } from '../ports.js';

/** A server's sample with the load of the whole machine at that moment, in percent; null where it was not known. */
export interface Point extends Sample {
  readonly hostCpu: number | null;
  readonly hostMemory: number | null;
}

/** What one round has measured. ids: of these there are samples. */
interface Measured {
  readonly at: number;
  readonly host: HostSample;
  readonly ids: readonly string[];
  readonly samples: Readonly<Record<string, Sample>>;
}

const spanMs = 5 * 60_000;
/** One a second, and some more for rounds that came early. */
const maxPoints = 320;
const firstPoints = 40;

/** The last five minutes of every running server, as they were measured. Given away at its end; the next start begins anew. */
export class SampleRing {
  private readonly rings = new Map<string, Ring>();

  add({ at, host, ids, samples }: Measured): void {
    const hostMemory = Number.isFinite(host.memoryUsedPercent) ? host.memoryUsedPercent : null;
    const hostCpu = host.cpuPercent;
    for (const id of ids) {
      const sample = samples[id];
      if (sample === undefined) continue;
      let ring = this.rings.get(id);
      if (ring === undefined) this.rings.set(id, (ring = new Ring()));
      ring.dropOld(at);
      ring.add(sample, hostCpu, hostMemory);
    }
    // Of servers that went without an end, as those that were removed.
    for (const [id, ring] of this.rings) if (ring.latestAt <= at - spanMs) this.rings.delete(id);
  }

  /** Oldest first; empty where nothing was measured yet. */
  take(id: string): Point[] {
    const points = this.rings.get(id)?.points() ?? [];
    this.rings.delete(id);
    return points;
  }
}

/** Of a row, without its time. */
const width = 11;
/** As many as a row keeps. */
const digits = 7;

/**
 * Of one server: a row of numbers for each measurement, NaN where nothing was known. Kept as objects, thousands of them
 * would live for minutes, and each pass of the collector of garbage would have to look at them.
 */
class Ring {
  /** Unix milliseconds of the newest; whatever the clock did since. */
  latestAt = -Infinity;
  private times = new Float64Array(firstPoints);
  private rows = new Float32Array(firstPoints * width);
  private first = 0;
  private count = 0;

  /** What is older than five minutes, or of a later time than now: the clock was set back. */
  dropOld(now: number): void {
    while (this.count > 0) {
      const at = this.times[this.first] ?? now;
      if (at > now - spanMs && at <= now) return;
      this.drop();
    }
  }

  add(sample: Sample, hostCpu: number | null, hostMemory: number | null): void {
    if (this.count === maxPoints) this.drop();
    else if (this.count === this.times.length) this.grow();
    const { rows, times } = this;
    const place = (this.first + this.count) % times.length;
    const row = place * width;
    // Each by its name: this is done for every server in every round.
    times[place] = sample.at;
    rows[row] = sample.cpu ?? NaN;
    rows[row + 1] = sample.memory ?? NaN;
    rows[row + 2] = sample.ioRead ?? NaN;
    rows[row + 3] = sample.ioWrite ?? NaN;
    rows[row + 4] = sample.threads ?? NaN;
    rows[row + 5] = sample.players ?? NaN;
    rows[row + 6] = sample.tickRate ?? NaN;
    rows[row + 7] = sample.frameTime ?? NaN;
    rows[row + 8] = sample.apiTime ?? NaN;
    rows[row + 9] = hostCpu ?? NaN;
    rows[row + 10] = hostMemory ?? NaN;
    this.latestAt = sample.at;
    this.count++;
  }

  points(): Point[] {
    return Array.from({ length: this.count }, (_, index) => {
      const place = (this.first + index) % this.times.length;
      const known = (column: number): number | null => {
        const value = this.rows[place * width + column] ?? NaN;
        return Number.isNaN(value) ? null : Number(value.toPrecision(digits));
      };
      return {
        ...{ at: this.times[place] ?? 0, cpu: known(0), memory: known(1), ioRead: known(2), ioWrite: known(3) },
        ...{ threads: known(4), players: known(5), tickRate: known(6), frameTime: known(7), apiTime: known(8) },
        ...{ hostCpu: known(9), hostMemory: known(10) },
      };
    });
  }

  private drop(): void {
    this.first = (this.first + 1) % this.times.length;
    this.count--;
  }

  private grow(): void {
    const { times, rows, first } = this;
    const room = Math.min(maxPoints, times.length * 2);
    this.times = new Float64Array(room);
    this.times.set(times.subarray(first));
    this.times.set(times.subarray(0, first), times.length - first);
    this.rows = new Float32Array(room * width);
    this.rows.set(rows.subarray(first * width));
    this.rows.set(rows.subarray(0, first * width), (times.length - first) * width);
    this.first = 0;
  }
}
