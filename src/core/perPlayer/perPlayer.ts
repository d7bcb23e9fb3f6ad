import type { PerPlayer, Sample, ServerView } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import type { Log } from '../ports.js';
import { marginalOf, type Marginal } from './regression.js';

const metrics = ['cpu', 'memory', 'players'] as const;
const dayMs = 86_400_000;
const spanMs = 7 * dayMs;
/** From the history's minutes: fine enough to tell a save from a player, few enough to be read at once. */
const bucketMs = 5 * 60_000;
const everyMs = 60 * 60_000;
/** A core that has just started has better things to do. */
const restMs = 10 * 60_000;
/** Where there was nothing to ask, a round need not look again. */
const lookEveryMs = 10_000;
/** A history that is being mended may not answer for long. */
const longestMs = 60_000;

/** As the history's: bucket starts, and means that are NaN where nothing is known. Metrics that nobody has are absent. */
export interface LoadRange {
  readonly at: Float64Array;
  readonly metrics: Readonly<Record<string, { readonly mean: Float64Array } | undefined>>;
}

export interface PerPlayerParts {
  range(query: {
    readonly id: string;
    readonly metrics: readonly string[];
    readonly from: number;
    readonly to: number;
    readonly buckets: number;
  }): Promise<LoadRange>;
  /** When the server's processes of that time began. */
  starts(id: string, from: number, to: number): Promise<readonly number[]>;
  /** What one more player of it costs is known anew. Never throws. */
  changed(id: string): void;
  readonly log: Log;
  now?(this: void): number;
}

interface Known {
  /** When it was last asked for. */
  readonly at: number;
  readonly cpu: Marginal | null;
  readonly memory: Marginal | null;
}

/** What players cost: now, by their number, and one more of them, by the history of a week. */
export class PerPlayerCosts {
  private readonly now: () => number;
  private readonly startedAt: number;
  private readonly known = new Map<string, Known>();
  private isAsking = false;
  /** When there was nothing to ask. */
  private idleAt = -Infinity;

  constructor(private readonly parts: PerPlayerParts) {
    this.now = parts.now ?? Date.now;
    this.startedAt = this.now();
  }

  /**
   * To be called often with the servers that run: asks the history for the one whose figures are the oldest, if they are
   * old. Each at most once an hour, never two at once. Resolves when that is done; never rejects.
   */
  async review(ids: readonly string[]): Promise<void> {
    const now = this.now();
    // A clock that was set back must not make anybody wait for it.
    const isRested = Math.abs(now - this.startedAt) >= restMs;
    if (this.isAsking || !isRested || Math.abs(now - this.idleAt) < lookEveryMs) return;
    const due = ids
      .map((id) => ({ id, age: Math.abs(now - (this.known.get(id)?.at ?? -Infinity)) }))
      .filter(({ age }) => age >= everyMs)
      .sort((a, b) => b.age - a.age)[0];
    if (due === undefined) {
      this.idleAt = now;
      return;
    }
    this.isAsking = true;
    try {
      await this.refresh(due.id, now);
    } catch (error) {
      this.parts.log.write('info', 'per-player', 'not known anew', { id: due.id, error: messageOf(error) });
    } finally {
      this.isAsking = false;
    }
  }

  /** As it is shown. sample: the latest one, null where it does not run. */
  of(id: string, sample: Pick<Sample, 'cpu' | 'memory' | 'players'> | null): ServerView['perPlayer'] {
    const { cpuPerPlayer, memoryPerPlayer } = perPlayerValues(sample);
    const known = this.known.get(id);
    return {
      cpu: shown(cpuPerPlayer, known?.cpu ?? null),
      memory: shown(memoryPerPlayer, known?.memory ?? null),
    };
  }

  /** The server is gone. */
  forget(id: string): void {
    this.known.delete(id);
  }

  private async refresh(id: string, now: number): Promise<void> {
    const before = this.known.get(id);
    // Also where it fails: what could not be read is not asked for at once again.
    this.known.set(id, { cpu: before?.cpu ?? null, memory: before?.memory ?? null, at: now });
    // Whole buckets, so that what is looked at twice is the same twice.
    const to = Math.floor(now / bucketMs) * bucketMs;
    const from = to - spanMs;
    const { range, starts } = await inTime(
      Promise.all([
        this.parts.range({ id, metrics, from, to, buckets: spanMs / bucketMs }),
        this.parts.starts(id, from, to),
      ]).then(([answer, times]) => ({ range: answer, starts: times })),
    );
    // It was removed meanwhile.
    if (!this.known.has(id)) return;
    const players = range.metrics.players?.mean;
    const load = (metric: 'cpu' | 'memory'): Marginal | null => {
      const value = range.metrics[metric]?.mean;
      return players === undefined || value === undefined ? null : marginalOf({ at: range.at, players, value, starts });
    };
    this.known.set(id, { at: now, cpu: load('cpu'), memory: load('memory') });
    this.parts.changed(id);
  }
}

const noQuotient = { cpuPerPlayer: null, memoryPerPlayer: null };

/** For the history: what a player costs at this moment, on average. null where nobody plays or it is not known. */
export function perPlayerValues(sample: Pick<Sample, 'cpu' | 'memory' | 'players'> | null): {
  cpuPerPlayer: number | null;
  memoryPerPlayer: number | null;
} {
  const { cpu = null, memory = null, players = null } = sample ?? {};
  // For every server in every round: nobody plays on most of them.
  if (players === null || !(players > 0)) return noQuotient;
  const share = (value: number | null): number | null => (value === null ? null : value / players);
  return { cpuPerPlayer: share(cpu), memoryPerPlayer: share(memory) };
}

function shown(quotient: number | null, marginal: Marginal | null): PerPlayer | null {
  return quotient === null && marginal === null ? null : { quotient, marginal };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the history did not answer'));
    }, longestMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
