import type { Baseline } from '../baseline/baseline.js';

/** What a crowd has loaded is given back late. */
const lateMs = 3 * 3_600_000;

/** Players that come all at once are let in, and their places loaded; that is nobody's fault. Times are Unix milliseconds. */
export class SurgeWatch {
  private lastAt = -Infinity;

  constructor(private readonly baseline: Baseline) {}

  /** Many have just come, or more play than ever. players: NaN where not known. */
  look(at: number, players: number): boolean {
    if (!(players > 0)) return false;
    const slow = this.baseline.slowPlayers;
    const most = this.baseline.model('cpu')?.line?.most ?? Infinity;
    const isSurge = players > slow + Math.max(2, 0.25 * slow) || players > most + 1;
    if (isSurge) this.lastAt = at;
    return isSurge;
  }

  /** There was one not long ago. */
  wasBefore(at: number): boolean {
    return at - this.lastAt < lateMs;
  }
}
