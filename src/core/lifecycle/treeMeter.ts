import { performance } from 'node:perf_hooks';
import type { Sample } from '../../shared/contract.js';
import type { TreeReader } from '../ports.js';

export interface Measured {
  readonly numbers: Pick<Sample, 'cpu' | 'memory' | 'ioRead' | 'ioWrite' | 'threads'>;
  readonly isSuspended: boolean;
  readonly isRootOnly: boolean;
  readonly wroteNothing: boolean;
}

/** Turns a process tree's totals into rates: percent of one core, bytes per second, exact means since the last reading. */
export class TreeMeter {
  private lastAt: number;

  constructor(private readonly reader: TreeReader) {
    // The first reading is the ground that the next one is measured from.
    this.reader.read();
    this.lastAt = performance.now();
  }

  /** Undefined once the root process is gone. */
  read(): Measured | undefined {
    const now = performance.now();
    const tree = this.reader.read();
    if (tree === undefined) return undefined;
    const elapsedMs = now - this.lastAt;
    this.lastAt = now;
    return {
      numbers: {
        cpu: tree.cpuMs === null ? null : hundredths((100 * tree.cpuMs) / (tree.overMs ?? elapsedMs)),
        memory: tree.rssBytes,
        ioRead: perSecond(tree.readBytes, elapsedMs),
        ioWrite: perSecond(tree.writeBytes, elapsedMs),
        threads: tree.threads,
      },
      isSuspended: tree.isSuspended,
      isRootOnly: tree.isRootOnly ?? false,
      wroteNothing: tree.wroteNothing ?? false,
    };
  }

  dispose(): void {
    this.reader.dispose();
  }
}

function perSecond(amount: number | null, elapsedMs: number): number | null {
  return amount === null ? null : Math.round((amount * 1000) / elapsedMs);
}

/** More digits are no news, and each sample is written out for everybody who looks. */
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
