import type { Sample } from '../../shared/contract.js';
import type { HostSample } from '../ports.js';

/** A server's sample with the load of the whole machine at that moment, in percent; null where it was not known. */
export interface Point extends Sample {
  readonly hostCpu: number | null;
  readonly hostMemory: number | null;
}

interface Moment extends Pick<Point, 'hostCpu' | 'hostMemory'> {
  readonly sample: Sample;
}

const spanMs = 5 * 60_000;
/** One a second, and some more for rounds that came early. */
const maxPoints = 320;

/** The last five minutes of every running server, as they were measured. Given away at its end; the next start begins anew. */
export class SampleRing {
  private readonly rings = new Map<string, Moment[]>();

  add(at: number, host: HostSample, samples: Readonly<Record<string, Sample>>): void {
    const hostMemory = Number.isFinite(host.memoryUsedPercent) ? host.memoryUsedPercent : null;
    const hostCpu = host.cpuPercent;
    for (const id of Object.keys(samples)) {
      const sample = samples[id];
      if (sample === undefined) continue;
      const points = this.rings.get(id) ?? [];
      if (points.length === 0) this.rings.set(id, points);
      while (points[0] !== undefined && isOld(points[0].sample.at, at)) points.shift();
      if (points.length >= maxPoints) points.shift();
      // The sample itself, not a copy: nobody changes it, and this is done for every server in every round.
      points.push({ sample, hostCpu, hostMemory });
    }
    // Of servers that went without an end, as those that were removed.
    for (const [id, points] of this.rings) if ((points.at(-1)?.sample.at ?? 0) <= at - spanMs) this.rings.delete(id);
  }

  /** Oldest first; empty where nothing was measured yet. */
  take(id: string): Point[] {
    const points = this.rings.get(id) ?? [];
    this.rings.delete(id);
    return points.map(({ sample, hostCpu, hostMemory }) => ({ ...sample, hostCpu, hostMemory }));
  }
}

/** Of a later time than now: the clock was set back. */
function isOld(at: number, now: number): boolean {
  return at <= now - spanMs || at > now;
}
