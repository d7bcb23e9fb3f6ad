import os from 'node:os';
import { physicalMemory, processorTimes } from '../../../node/windows/hostFigures.js';
import { jobPids } from '../../../node/windows/jobs.js';
import { processParameters } from '../../../node/windows/processParameters.js';
import { ProcessTableReader } from '../../../node/windows/processTable.js';
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
import { argvOf, folderOf } from './commandLine.js';
import { EndedProcesses } from './endedProcesses.js';
import { ProcessReadings } from './readings.js';
import { WindowsThreadDuty } from './threadDuty.js';
import { WindowsHost } from './windowsHost.js';
import { WindowsTree } from './windowsTree.js';

/** The kernel itself, as Windows numbers it in every start. */
const systemPid = 4;

/** Reads all processes by one call for each round; no other program is started for it. */
export class WindowsProcesses implements ProcessReaderPort {
  readonly means: MeasuringMeans = { leastIntervalMs: 0, shortfall: null };
  private readonly hostReader = new WindowsHost(processorTimes, physicalMemory);
  private readonly trees = new Set<WindowsTree>();
  private readonly ends = new EndedProcesses();
  private readonly tableReader = new ProcessTableReader();
  private readonly readings = new ProcessReadings(
    () => this.tableReader.read(),
    (reading) => {
      for (const tree of this.trees) tree.update(reading);
    },
  );
  private readonly duty = new WindowsThreadDuty(this.readings);
  private boot: string | null | undefined;

  host(): HostSample {
    return this.hostReader.read();
  }

  tree(root: ProcessRef, mark = ''): TreeReader {
    // From now on its pid is nobody else's.
    const letGo = this.ends.hold(root);
    const tree = new WindowsTree(root, this.readings, () => jobPids(mark));
    this.trees.add(tree);
    return {
      read: () => tree.read(),
      dispose: () => {
        this.trees.delete(tree);
        tree.dispose();
        letGo();
      },
    };
  }

  beginRound(): void {
    if (this.trees.size > 0) this.readings.fresh();
  }

  busiestThread({ pid }: ProcessRef): number | null {
    for (const tree of this.trees) if (tree.root.pid === pid) return this.duty.busiest(tree);
    return null;
  }

  openCounts({ pid }: ProcessRef): OpenCounts {
    for (const tree of this.trees) if (tree.root.pid === pid) return { files: null, handles: tree.handles() };
    return { files: null, handles: null };
  }

  list(): SeenProcess[] {
    const table = this.readings.fresh()?.table;
    const seen: SeenProcess[] = [];
    for (let place = 0; place < (table?.count ?? 0); place++) {
      if (table === undefined || table.pidAt(place) === 0) continue;
      const pid = table.pidAt(place);
      const startTime = table.startTimeAt(place);
      const parameters = processParameters(pid, startTime);
      const parent = table.parentPidAt(place);
      seen.push({ pid, startTime, parent, argv: argvOf(parameters), cwd: folderOf(parameters.cwd) });
    }
    return seen;
  }

  heirs(mark: string): Heir[] {
    const pids = jobPids(mark);
    const table = pids.length === 0 ? undefined : this.readings.fresh()?.table;
    if (table === undefined) return [];
    return pids.flatMap((pid) => {
      const place = table.find(pid);
      if (place < 0) return [];
      const rssBytes = table.figuresAt(place).workingSetBytes;
      const [startTime, name] = [table.startTimeAt(place), table.nameAt(place)];
      return [{ pid, startTime, parent: table.parentPidAt(place), name, rssBytes }];
    });
  }

  exitCode(process: ProcessRef): number | null {
    return this.ends.exitCode(process);
  }

  executable(pid: number): string | null {
    const isKnown = (this.readings.recent()?.table.find(pid) ?? -1) >= 0;
    const table = (isKnown ? this.readings.recent() : this.readings.fresh())?.table;
    const place = table?.find(pid) ?? -1;
    return place < 0 ? null : table?.nameAt(place) || null;
  }

  describe(pid: number): { pid: number; rssBytes: number; nice: number } | null {
    const table = this.readings.fresh()?.table;
    const place = table?.find(pid) ?? -1;
    if (table === undefined || place < 0) return null;
    try {
      return { pid, rssBytes: table.figuresAt(place).workingSetBytes, nice: os.getPriority(pid) };
    } catch {
      return null;
    }
  }

  /**
   * When the kernel began. Windows' fast startup keeps it over a shutdown, as if the machine had slept, and only ends the
   * session: what a log-off does, too. What tells the two apart is not to be had: a session's own processes (winlogon,
   * csrss, explorer) are new after both, and differ between the desktop and a remote session, from where the same servers
   * may be asked for; times of sleep change while servers live on. To take such a start for another one would be worse than
   * not to see it: servers that live would be started a second time. So it counts as a log-off: what ended with the session
   * was noted as that, and the wait after a log-off is over by the time that the machine is on again.
   */
  bootId(): string | null {
    this.boot ??= this.kernelStart();
    return this.boot;
  }

  private kernelStart(): string | null {
    const table = this.readings.recent()?.table;
    const place = table?.find(systemPid) ?? -1;
    return place < 0 ? null : (table?.startTimeAt(place) ?? null);
  }
}
