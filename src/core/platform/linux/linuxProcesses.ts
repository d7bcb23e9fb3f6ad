import fs from 'node:fs';
import os from 'node:os';
import type {
  Heir,
  HostSample,
  MeasuringMeans,
  OpenCounts,
  ProcessReaderPort,
  ProcessRef,
  SeenProcess,
  TreeReader,
} from '../../ports.js';
import { LinuxHost } from './linuxHost.js';
import { executableName, markedProcesses } from './marked.js';
import { LinuxTree, pageBytes, ticksNow } from './linuxTree.js';
import { ProcessIndex } from './processIndex.js';
import { parseStat } from './processEntry.js';
import { LinuxThreadDuty } from './threadDuty.js';

/** Looking for new children is the dearest part of a round: at most this often, and only after something was started. */
const searchEveryMs = 5000;
/** Reads of every process of the PC who its parent is. */
const rereadEveryMs = 10 * 60_000;

export class LinuxProcesses implements ProcessReaderPort {
  readonly means: MeasuringMeans = { leastIntervalMs: 0, shortfall: null };
  private readonly hostReader = new LinuxHost();
  private readonly index = new ProcessIndex();
  private readonly trees = new Set<LinuxTree>();
  private readonly duty = new LinuxThreadDuty();
  private searchedAt = 0;
  private rereadAt = 0;
  private startedAtSearch = NaN;

  host(): HostSample {
    return this.hostReader.read();
  }

  tree(root: ProcessRef): TreeReader {
    const tree = new LinuxTree(root, this.index);
    this.trees.add(tree);
    this.startedAtSearch = NaN;
    return {
      read: () => tree.read(),
      dispose: () => {
        this.trees.delete(tree);
        tree.dispose();
      },
    };
  }

  beginRound(): void {
    if (this.trees.size === 0) return;
    const now = Date.now();
    const nothingStarted = this.hostReader.started === this.startedAtSearch;
    // A clock that was set back must not keep us from looking until it is there again.
    const isTooSoon = now >= this.searchedAt && now - this.searchedAt < searchEveryMs;
    if (nothingStarted || isTooSoon) return;
    this.startedAtSearch = this.hostReader.started;
    this.searchedAt = now;
    // Before the index is read: whatever begins while it is read is new also for the next search.
    const ticks = ticksNow();
    if (now < this.rereadAt || now - this.rereadAt >= rereadEveryMs) {
      this.rereadAt = now;
      this.index.reread();
    } else {
      this.index.refresh();
    }
    for (const tree of this.trees) tree.update(ticks);
  }

  busiestThread({ pid }: ProcessRef): number | null {
    for (const tree of this.trees) if (tree.rootRef.pid === pid) return this.duty.busiest(tree);
    return null;
  }

  openCounts({ pid }: ProcessRef): OpenCounts {
    for (const tree of this.trees) if (tree.rootRef.pid === pid) return { files: tree.openFiles(), handles: null };
    return { files: null, handles: null };
  }

  list(): SeenProcess[] {
    const seen: SeenProcess[] = [];
    for (const name of fs.readdirSync('/proc')) {
      if (!/^[0-9]+$/.test(name)) continue;
      try {
        const stat = parseStat(fs.readFileSync(`/proc/${name}/stat`));
        if (stat.isZombie) continue;
        const argv = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
        const startTime = String(stat.startTime);
        seen.push({ pid: Number(name), startTime, parent: stat.parent, argv, cwd: linkTarget(`/proc/${name}/cwd`) });
      } catch {
        // Ended meanwhile.
      }
    }
    return seen;
  }

  heirs(mark: string): Heir[] {
    return markedProcesses(mark);
  }

  exitCode(): null {
    return null;
  }

  executable(pid: number): string | null {
    return executableName(pid);
  }

  describe(pid: number): { pid: number; rssBytes: number; nice: number } | null {
    try {
      const { rssPages } = parseStat(fs.readFileSync(`/proc/${pid}/stat`));
      return { pid, rssBytes: rssPages * pageBytes, nice: os.getPriority(pid) };
    } catch {
      return null;
    }
  }

  bootId(): string | null {
    try {
      return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    } catch {
      return null;
    }
  }
}

function linkTarget(link: string): string | null {
  try {
    return fs.readlinkSync(link);
  } catch {
    return null;
  }
}
