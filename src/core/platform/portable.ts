import os from 'node:os';
import { isAlive } from '../../node/processIdentity.js';
import { messageOf } from '../../shared/failure.js';
import type {
  CollapseOutcome,
  FileRangePort,
  Heir,
  HostSample,
  MeasuringMeans,
  OomPort,
  PriorityPort,
  ProcessReaderPort,
  ProcessRef,
  SeenProcess,
  SignalPort,
  Standing,
  StopSignal,
  TreeReader,
} from '../ports.js';

/*
 * What Node alone can do, for systems without a way of their own yet: the host's load, signals and niceness, but no
 * numbers of other processes.
 */

export class PortableProcesses implements ProcessReaderPort {
  readonly means: MeasuringMeans = { leastIntervalMs: 0, shortfall: null };
  private busy = NaN;
  private total = NaN;

  host(): HostSample {
    let busy = 0;
    let total = 0;
    for (const { times } of os.cpus()) {
      const used = times.user + times.nice + times.sys + times.irq;
      busy += used;
      total += used + times.idle;
    }
    const percent = (100 * (busy - this.busy)) / (total - this.total);
    this.busy = busy;
    this.total = total;
    return {
      cpuPercent: Number.isFinite(percent) ? percent : null,
      memoryUsedPercent: 100 * (1 - os.freemem() / os.totalmem()),
      memoryTotalBytes: os.totalmem(),
    };
  }

  tree(): TreeReader {
    return { read: () => undefined, dispose: () => undefined };
  }

  beginRound(): void {
    // Nothing to look for.
  }

  list(): SeenProcess[] {
    return [];
  }

  heirs(): Heir[] {
    return [];
  }

  exitCode(): null {
    return null;
  }

  executable(): null {
    return null;
  }

  describe(pid: number): { pid: number; rssBytes: number; nice: number } | null {
    try {
      return { pid, rssBytes: 0, nice: os.getPriority(pid) };
    } catch {
      return null;
    }
  }

  bootId(): string | null {
    return null;
  }
}

export class PortableSignals implements SignalPort {
  isAlive(process: ProcessRef): boolean {
    return isAlive(process.pid, process.startTime);
  }

  stop(target: ProcessRef, signal: StopSignal): boolean {
    return send(-target.pid, signal) || send(target.pid, signal);
  }

  killTree(target: ProcessRef): boolean {
    return send(-target.pid, 'SIGKILL') || send(target.pid, 'SIGKILL');
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** No counters: a kill is a kill, whoever did it. */
export class PortableOom implements OomPort {
  watch(): void {
    // Nothing to remember.
  }

  look(): void {
    // Nothing to look at.
  }

  ended(): boolean {
    return false;
  }
}

export class PortableFileRanges implements FileRangePort {
  readonly canCollapse = false;

  prepare(): void {
    // Nothing will be tried.
  }

  async collapseHead(): Promise<CollapseOutcome> {
    return 'unsupported';
  }

  endStray(): boolean {
    return true;
  }
}

export class PortablePriority implements PriorityPort {
  private shortfalls: string[] = [];

  lower(): Standing {
    try {
      os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
    } catch (error) {
      this.shortfalls = [`nice: ${messageOf(error)}`];
    }
    return this.current();
  }

  current(): Standing {
    return { nice: os.getPriority(), ioClass: 'none', shortfalls: this.shortfalls };
  }
}
