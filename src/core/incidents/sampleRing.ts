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

const width = 12;

/**
 * Of one server: a row of numbers for each measurement, NaN where nothing was known. Kept as objects, thousands of them
 * would live for minutes, and each pass of the collector of garbage would have to look at them.
 */
class Ring {
  /** Unix milliseconds of the newest; whatever the clock did since. */
  latestAt = -Infinity;
  private rows = new Float64Array(firstPoints * width);
  private first = 0;
  private count = 0;

  /** What is older than five minutes, or of a later time than now: the clock was set back. */
  dropOld(now: number): void {
    while (this.count > 0) {
      const at = this.rows[this.first * width] ?? now;
      if (at > now - spanMs && at <= now) return;
      this.drop();
    }
  }

  add(sample: Sample, hostCpu: number | null, hostMemory: number | null): void {
    if (this.count === maxPoints) this.drop();
    else if (this.count * width === this.rows.length) this.grow();
    const { rows } = this;
    const row = ((this.first + this.count) * width) % rows.length;
    // Each by its name: this is done for every server in every round.
    rows[row] = sample.at;
    rows[row + 1] = sample.cpu ?? NaN;
    rows[row + 2] = sample.memory ?? NaN;
    rows[row + 3] = sample.ioRead ?? NaN;
    rows[row + 4] = sample.ioWrite ?? NaN;
    rows[row + 5] = sample.threads ?? NaN;
    rows[row + 6] = sample.players ?? NaN;
    rows[row + 7] = sample.tickRate ?? NaN;
    rows[row + 8] = sample.frameTime ?? NaN;
    rows[row + 9] = sample.apiTime ?? NaN;
    rows[row + 10] = hostCpu ?? NaN;
    rows[row + 11] = hostMemory ?? NaN;
    this.latestAt = sample.at;
    this.count++;
  }

  points(): Point[] {
    return Array.from({ length: this.count }, (_, index) => {
      const row = ((this.first + index) * width) % this.rows.length;
      const known = (column: number): number | null => {
        const value = this.rows[row + column] ?? NaN;
        return Number.isNaN(value) ? null : value;
      };
      return {
        ...{ at: this.rows[row] ?? 0, cpu: known(1), memory: known(2), ioRead: known(3), ioWrite: known(4) },
        ...{ threads: known(5), players: known(6), tickRate: known(7), frameTime: known(8), apiTime: known(9) },
        ...{ hostCpu: known(10), hostMemory: known(11) },
      };
    });
  }

  private drop(): void {
    this.first = (this.first + 1) % (this.rows.length / width);
    this.count--;
  }

  private grow(): void {
    const before = this.rows;
    const begin = this.first * width;
    this.rows = new Float64Array(Math.min(maxPoints * width, before.length * 2));
    this.rows.set(before.subarray(begin));
    this.rows.set(before.subarray(0, begin), before.length - begin);
    this.first = 0;
  }
}
