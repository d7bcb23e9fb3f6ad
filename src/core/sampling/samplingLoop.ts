import type { Sample } from '../../shared/contract.js';
import type { Disposable, HostSample, ProcessReaderPort } from '../ports.js';
import { defaultIntervals, IntervalPolicy } from './interval.js';

/** A server as far as sampling goes. */
export interface Sampled {
  readonly id: string;
  readonly process: object | null;
  takeSample(now: number): Sample | null;
}

export interface Round {
  readonly at: number;
  readonly host: HostSample;
  /** Of these there are samples. */
  readonly ids: readonly string[];
  /** By id; the next round goes on with the same object. */
  readonly samples: Readonly<Record<string, Sample>>;
}

/** A new server's first numbers come after this long, instead of a whole interval. */
const soonMs = 1000;

/**
 * One round for all servers, then a pause that the host's load decides. The pause begins when the round is over: after a
 * sleep of the machine there is one late round, never a burst.
 */
export class SamplingLoop implements Disposable {
  readonly policy: IntervalPolicy;
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  /** Numbers are being asked for; the round goes on when they are there. */
  private isFetching = false;
  private isDisposed = false;
  /** The last time that numbers were asked for. */
  private askedAt = -Infinity;
  /** The last round, or the start; on the monotonic clock. */
  private lookedAt = 0;
  private latestHost: HostSample | undefined;
  /** Made anew where others are measured: to fill in a hundred names again costs more than it tells. */
  private samples: Record<string, Sample> = {};
  private readonly ids: string[] = [];

  constructor(
    private readonly processes: ProcessReaderPort,
    private readonly servers: () => readonly Sampled[],
    private readonly onRound: (round: Round) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.policy = new IntervalPolicy(defaultIntervals, processes.means.leastIntervalMs);
  }

  start(): void {
    this.latestHost = this.processes.host();
    this.lookedAt = performance.now();
    this.schedule();
  }

  /**
   * The interval may be another one: it counts from the last round. isSoon: somebody wants to see numbers, which come as soon as
   * they are worth reading.
   */
  reschedule(isSoon = false): void {
    // What has not begun does so with the right one, and a round that is under way ends with it.
    if (this.timer === undefined || this.isFetching) return;
    const pauseMs = isSoon ? Math.max(soonMs, this.processes.means.leastIntervalMs) : this.policy.intervalMs;
    this.schedule(Math.max(0, this.lookedAt + pauseMs - performance.now()));
  }

  get host(): HostSample | undefined {
    return this.latestHost;
  }

  /** Takes a round shortly, as after the start of a server; where measuring is dear, as soon as that allows. */
  nudge(): void {
    if (this.isFetching) return;
    const dueMs = this.askedAt + this.processes.means.leastIntervalMs - performance.now();
    this.soon ??= setTimeout(
      () => {
        this.soon = undefined;
        this.round();
      },
      Math.max(soonMs, dueMs),
    );
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.soon);
  }

  private schedule(pauseMs = this.policy.intervalMs): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.round();
    }, pauseMs);
  }

  private round(): void {
    if (this.processes.refresh === undefined || !this.servers().some((server) => server.process !== null)) {
      this.finish();
      return;
    }
    // One round at a time, and none that would find no new numbers.
    clearTimeout(this.timer);
    clearTimeout(this.soon);
    this.soon = undefined;
    this.isFetching = true;
    this.askedAt = performance.now();
    void this.processes
      .refresh()
      .catch(this.onError)
      .finally(() => {
        this.isFetching = false;
        if (!this.isDisposed) this.finish();
      });
  }

  private finish(): void {
    try {
      this.look();
    } catch (error) {
      this.onError(error);
    } finally {
      // Whatever went wrong in this round, there is a next one.
      this.lookedAt = performance.now();
      this.schedule();
    }
  }

  private look(): void {
    const at = Date.now();
    const host = this.processes.host();
    this.latestHost = host;
    this.policy.observe(host.cpuPercent, performance.now());
    this.processes.beginRound();
    const { ids } = this;
    let count = 0;
    let areOthers = false;
    for (const server of this.servers()) {
      if (server.process === null) continue;
      const sample = server.takeSample(at);
      if (sample === null) continue;
      if (ids[count] !== server.id) {
        ids[count] = server.id;
        areOthers = true;
      }
      this.samples[server.id] = sample;
      count++;
    }
    if (areOthers || count < ids.length) this.forgetOthers(count);
    this.onRound({ at, host, ids, samples: this.samples });
  }

  /** Only the first of them are measured now. */
  private forgetOthers(count: number): void {
    const { ids, samples } = this;
    ids.length = count;
    this.samples = {};
    for (const id of ids) {
      const sample = samples[id];
      if (sample !== undefined) this.samples[id] = sample;
    }
  }
}
