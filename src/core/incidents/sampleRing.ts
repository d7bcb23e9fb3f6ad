import type { Sample } from '../../shared/contract.js';
import type { HostSample } from '../ports.js';

/** A server's sample with the load of the whole machine at that moment, in percent; null where it was not known. */
export interface Point extends Sample {
  readonly hostCpu: number | null;
  readonly hostMemory: number | null;
}

const spanMs = 5 * 60_000;
/** One a second, and some more for rounds that came early. */
const maxPoints = 320;

/** The last five minutes of every running server, as they were measured. Given away at its end; the next start begins anew. */
export class SampleRing {
  private readonly rings = new Map<string, Point[]>();

  add(at: number, host: HostSample, samples: Readonly<Record<string, Sample>>): void {
    const hostMemory = Number.isFinite(host.memoryUsedPercent) ? host.memoryUsedPercent : null;
    for (const [id, sample] of Object.entries(samples)) {
      const points = this.rings.get(id) ?? [];
      if (points.length === 0) this.rings.set(id, points);
      // Of a later time than now: the clock was set back.
      while (points[0] !== undefined && (points[0].at <= at - spanMs || points[0].at > at)) points.shift();
      if (points.length >= maxPoints) points.shift();
      points.push({ ...sample, hostCpu: host.cpuPercent, hostMemory });
    }
    // Of servers that went without an end, as those that were removed.
    for (const [id, points] of this.rings) if ((points.at(-1)?.at ?? 0) <= at - spanMs) this.rings.delete(id);
  }

  /** Oldest first; empty where nothing was measured yet. */
  take(id: string): Point[] {
    const points = this.rings.get(id) ?? [];
    this.rings.delete(id);
    return points;
  }
}
