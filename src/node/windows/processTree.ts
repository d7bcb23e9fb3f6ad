import { once } from './once.js';
import { windowsFunction } from './native.js';
import { access, closeHandle, hasEnded, openProcess, startTimeOf, type Handle } from './processes.js';
import { listProcesses } from './snapshot.js';

/** As TerminateProcess by Task Manager and by Node. */
const killedCode = 1;
/** A process that starts another while it is being looked for is found in the next pass. */
const mostPasses = 5;

const kernel = once(() => ({
  terminate: windowsFunction<(process: Handle, code: number) => number>(
    'kernel32.dll',
    'int TerminateProcess(intptr_t, uint32_t)',
  ),
}));

interface Member {
  readonly handle: Handle;
  readonly startTime: string;
}

/** The living processes that this one has started, and those that they have; without itself. */
export function descendants(pid: number, startTime: string): number[] {
  const tree = new Tree(0);
  try {
    if (!tree.add(pid, startTime)) return [];
    while (tree.grow());
    return tree.pids.filter((one) => one !== pid);
  } finally {
    tree.close();
  }
}

/** Ends a process and all that it has started, at once and without asking. False where that very process is gone. */
export function terminateTree(pid: number, startTime: string): boolean {
  const tree = new Tree(access.terminate);
  try {
    if (!tree.add(pid, startTime)) return false;
    // The parents first: what is dead starts nothing more.
    tree.terminate();
    for (let pass = 0; pass < mostPasses && tree.grow(); pass++) tree.terminate();
    return true;
  } finally {
    tree.close();
  }
}

/** As long as its handles are held nobody else gets one of its pids, also when the process has ended. */
class Tree {
  private readonly members = new Map<number, Member>();

  constructor(private readonly rights: number) {}

  get pids(): number[] {
    return [...this.members.keys()];
  }

  /** False where it is gone, may not be opened, or is another process by now. */
  add(pid: number, startTime: string): boolean {
    return this.open(pid, (found) => found === startTime);
  }

  /** Takes in the children of those that are in it; false when there were none. */
  grow(): boolean {
    let hasGrown = false;
    for (const { pid, parent } of listProcesses()) {
      const by = this.members.get(parent);
      if (by === undefined || this.members.has(pid)) continue;
      // One that is older was started by an earlier process with the parent's pid. Digits of equal number: as numbers.
      if (this.open(pid, (found) => found >= by.startTime)) hasGrown = true;
    }
    return hasGrown;
  }

  terminate(): void {
    for (const { handle } of this.members.values()) if (!hasEnded(handle)) kernel().terminate(handle, killedCode);
  }

  close(): void {
    for (const { handle } of this.members.values()) closeHandle(handle);
    this.members.clear();
  }

  private open(pid: number, isRight: (startTime: string) => boolean): boolean {
    const handle = openProcess(pid, this.rights | access.queryLimited | access.synchronize);
    if (handle === 0) return false;
    const startTime = startTimeOf(handle);
    if (startTime === null || hasEnded(handle) || !isRight(startTime)) {
      closeHandle(handle);
      return false;
    }
    this.members.set(pid, { handle, startTime });
    return true;
  }
}
