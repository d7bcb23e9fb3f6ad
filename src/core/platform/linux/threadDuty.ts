import fs from 'node:fs';
import { BusiestThread, type ThreadTime } from '../busiestThread.js';
import type { LinuxTree } from './linuxTree.js';
import { afterName, closeKept, numberAt, openKept, readKept } from './procFile.js';

const msPerTick = 10;
/** Each costs about 12 us to read: beyond that it is not worth it. */
const mostThreads = 1000;

/** The busiest thread of each followed tree, by the stat files of the threads of its heaviest process. */
export class LinuxThreadDuty {
  private readonly trees = new WeakMap<LinuxTree, BusiestThread>();

  busiest(tree: LinuxTree): number | null {
    const busiest = this.trees.get(tree) ?? new BusiestThread(({ pid }) => threadTimes(pid));
    this.trees.set(tree, busiest);
    return busiest.look(tree.processTimes());
  }
}

/** Undefined where it is gone, may not be looked into, or has more threads than are worth reading. */
export function threadTimes(pid: number): ThreadTime[] | undefined {
  let names: string[];
  try {
    names = fs.readdirSync(`/proc/${pid}/task`);
  } catch {
    return undefined;
  }
  if (names.length > mostThreads) return undefined;
  const threads: ThreadTime[] = [];
  for (const name of names) {
    const fd = openKept(`/proc/${pid}/task/${name}/stat`);
    const stat = fd === undefined ? undefined : readKept(fd);
    if (stat !== undefined && stat.length > 0) threads.push(parseThread(Number(name), stat));
    closeKept(fd);
  }
  return threads.length === 0 ? undefined : threads;
}

/** Fields as in a process's own stat (processEntry.ts): utime 11, stime 12, start 19. */
export function parseThread(id: number, stat: Buffer): ThreadTime {
  const start = afterName(stat);
  const cpuMs = (numberAt(stat, start, 11) + numberAt(stat, start, 12)) * msPerTick;
  return { id, startTime: String(numberAt(stat, start, 19)), cpuMs };
}
