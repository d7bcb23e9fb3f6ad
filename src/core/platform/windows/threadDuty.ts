import { BusiestThread, type ProcessTime, type ThreadTime } from '../busiestThread.js';
import { threadBytes, type ProcessTable } from './processTable.js';
import type { Readings, WindowsTree } from './windowsTree.js';

/** SYSTEM_THREAD_INFORMATION of 64-bit Windows: places in bytes. Times in 100 ns. */
const layout = { kernel: 0, user: 8, created: 16, thread: 48 } as const;
const msPerUnit = 1 / 10_000;
const twoTo32 = 0x1_0000_0000;

/** The busiest thread of each followed tree, as the reading of all processes tells it anyway: nothing more is asked. */
export class WindowsThreadDuty {
  private readonly trees = new WeakMap<WindowsTree, BusiestThread>();

  constructor(private readonly readings: Readings) {}

  busiest(tree: WindowsTree): number | null {
    const busiest = this.trees.get(tree) ?? new BusiestThread((one) => threadTimes(this.readings.recent()?.table, one));
    this.trees.set(tree, busiest);
    return busiest.look(tree.processTimes());
  }
}

/** Undefined where the process is not in the reading. */
export function threadTimes(
  table: ProcessTable | undefined,
  { pid, startTime }: Pick<ProcessTime, 'pid' | 'startTime'>,
): ThreadTime[] | undefined {
  const place = table?.find(pid) ?? -1;
  if (table === undefined || place < 0 || table.startTimeAt(place) !== startTime) return undefined;
  const all = table.threadsAt(place);
  if (all === undefined) return undefined;
  const threads: ThreadTime[] = [];
  for (let at = 0; at < all.length; at += threadBytes) {
    const cpuMs = (long(all, at + layout.kernel) + long(all, at + layout.user)) * msPerUnit;
    const startTime = String(long(all, at + layout.created));
    threads.push({ id: all.readUInt32LE(at + layout.thread), startTime, cpuMs });
  }
  return threads;
}

function long(from: Buffer, at: number): number {
  return from.readUInt32LE(at) + from.readUInt32LE(at + 4) * twoTo32;
}
