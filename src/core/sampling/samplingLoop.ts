import type { Sample } from '../../shared/contract.js';
import type { Disposable, HostSample, ProcessReaderPort } from '../ports.js';
import { IntervalPolicy } from './interval.js';

/** A server as far as sampling goes. */
export interface Sampled {
  readonly id: string;
  readonly process: object | null;
  takeSample(now: number): Sample | null;
}

export interface Round {
  at: number;
  host: HostSample;
  samples: Record<string, Sample>;
}

/** A new server's first numbers come after this long, instead of a whole interval. */
const soonMs = 1000;

/**
 * One round for all servers, then a pause that the host's load decides. The pause begins when the round is over: after a
 * sleep of the machine there is one late round, never a burst.
 */
export class SamplingLoop implements Disposable {
  readonly policy = new IntervalPolicy();
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private latestHost: HostSample | undefined;

  constructor(
    private readonly processes: ProcessReaderPort,
    private readonly servers: () => readonly Sampled[],
    private readonly onRound: (round: Round) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.latestHost = this.processes.host();
    this.schedule();
  }

  get host(): HostSample | undefined {
    return this.latestHost;
  }

  /** Takes a round shortly, as after the start of a server. */
  nudge(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.round();
    }, soonMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.soon);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.round();
    }, this.policy.intervalMs);
  }

  private round(): void {
    try {
      this.look();
    } catch (error) {
      this.onError(error);
    } finally {
      // Whatever went wrong in this round, there is a next one.
      this.schedule();
    }
  }

  private look(): void {
    const at = Date.now();
    const host = this.processes.host();
    this.latestHost = host;
    this.policy.observe(host.cpuPercent);
    this.processes.beginRound();
    const samples: Record<string, Sample> = {};
    for (const server of this.servers()) {
      if (server.process === null) continue;
      const sample = server.takeSample(at);
      if (sample !== null) samples[server.id] = sample;
    }
    this.onRound({ at, host, samples });
  }
}
