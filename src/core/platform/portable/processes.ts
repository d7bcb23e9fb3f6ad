import os from 'node:os';
import type {
  Heir,
  HostSample,
  MeasuringMeans,
  ProcessReaderPort,
  ProcessRef,
  SeenProcess,
  TreeReader,
} from '../../ports.js';
import type { Answer, NumbersSource } from './numbers.js';
import { Poller } from './poller.js';
import type { Surroundings } from './surroundings.js';
import { PortableTree } from './tree.js';

/** That a question has failed is worth telling when it is no exception. */
const manyFailures = 3;

export interface PortableParts {
  readonly source: NumbersSource;
  readonly around: Surroundings;
  isAlive(process: ProcessRef): boolean;
  /** Why this system is not measured in its own way; null where it has none. */
  readonly shortfall: string | null;
  /** How often it is asked at most, milliseconds. */
  readonly everyMs: number;
}

/** Reads processes by programs and packages that ask the system, for systems that are not asked directly. */
export class PortableProcesses implements ProcessReaderPort {
  private readonly poller: Poller;
  private readonly trees = new Set<PortableTree>();
  private busy = NaN;
  private total = NaN;

  constructor(private readonly parts: PortableParts) {
    this.poller = new Poller(parts.source, parts.everyMs);
  }

  get means(): MeasuringMeans {
    const { failures, reason } = this.poller;
    const faults = [this.parts.shortfall, failures >= manyFailures ? reason : null].filter((fault) => fault !== null);
    return { leastIntervalMs: this.parts.everyMs, shortfall: faults.length === 0 ? null : faults.join('; ') };
  }

  /** The last one; undefined before any. */
  get answer(): Answer | undefined {
    return this.poller.answer;
  }

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

  tree(root: ProcessRef): TreeReader {
    const tree = new PortableTree(root, {
      isAlive: (process) => this.parts.isAlive(process),
      latest: () => this.poller.answer,
      isRootsOnly: this.parts.source.isRootsOnly,
    });
    this.trees.add(tree);
    return {
      read: () => tree.read(),
      dispose: () => {
        this.trees.delete(tree);
        tree.dispose();
      },
    };
  }

  async refresh(): Promise<void> {
    const before = this.poller.failures;
    await this.poller.refresh([...new Set([...this.trees].map(({ root }) => root.pid))]);
    const { failures, reason } = this.poller;
    if (before < manyFailures && failures >= manyFailures) throw new Error(`no numbers: ${reason ?? ''}`);
  }

  beginRound(): void {
    // What there is to be found was found by the refresh.
  }

  list(): SeenProcess[] {
    return this.parts.around.list();
  }

  heirs(mark: string): Heir[] {
    return this.parts.around.heirs(mark);
  }

  exitCode(): null {
    return null;
  }

  executable(pid: number): string | null {
    return this.poller.answer?.processes.get(pid)?.name ?? null;
  }

  describe(pid: number): { pid: number; rssBytes: number; nice: number } | null {
    try {
      const nice = os.getPriority(pid);
      const rssBytes = this.poller.answer?.processes.get(pid)?.rssBytes ?? this.parts.around.rssOf(pid);
      return rssBytes === null ? null : { pid, rssBytes, nice };
    } catch {
      return null;
    }
  }

  bootId(): string | null {
    return this.parts.around.bootId();
  }
}
