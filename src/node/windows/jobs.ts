import { once } from './once.js';
import { windowsFunction } from './native.js';
import { closeHandle, type Handle } from './processes.js';

const queryRight = 0x0004;
const terminateRight = 0x0008;
/** JobObjectBasicProcessIdList: two counts, then the pids, each as long as a pointer. */
const pidListClass = 3;
const pidListHead = 8;
const pidBytes = 8;
/** What a process has ended with that was killed: as TerminateProcess by Task Manager and by Node. */
const killedCode = 1;

const kernel = once(() => ({
  open: windowsFunction<(rights: number, inherits: number, name: string) => Handle>(
    'kernel32.dll',
    'intptr_t OpenJobObjectW(uint32_t, int, str16)',
  ),
  query: windowsFunction<(job: Handle, what: number, into: Buffer, bytes: number, used: null, _6: number) => number>(
    'kernel32.dll',
    'int QueryInformationJobObject(intptr_t, int, void*, uint32_t, void*, int64_t)',
  ),
  terminate: windowsFunction<(job: Handle, code: number) => number>(
    'kernel32.dll',
    'int TerminateJobObject(intptr_t, uint32_t)',
  ),
}));

let list = Buffer.alloc(pidListHead + 64 * pidBytes);

/** The job that holds every process of one start (`<id>:<nonce>`), whatever they start and whoever is gone of them. */
export function jobName(mark: string): string {
  return `Local\\gsp-${mark.replace(':', '-')}`;
}

/** Its living processes; empty where there is no such job, or none is left. Only once per end or search: opens by name. */
export function jobPids(mark: string): number[] {
  if (mark === '') return [];
  const job = kernel().open(queryRight, 0, jobName(mark));
  if (job === 0) return [];
  try {
    return pidsOf(job);
  } finally {
    closeHandle(job);
  }
}

function pidsOf(job: Handle): number[] {
  for (;;) {
    // It fails where the list is too short for all, and says then how many there are.
    const isWhole = kernel().query(job, pidListClass, list, list.length, null, 0) !== 0;
    const assigned = list.readUInt32LE(0);
    const listed = list.readUInt32LE(4);
    if (isWhole || listed >= assigned || pidListHead + assigned * pidBytes <= list.length) {
      return Array.from({ length: listed }, (_, index) => list.readUInt32LE(pidListHead + index * pidBytes));
    }
    list = Buffer.alloc(pidListHead + 2 * assigned * pidBytes);
  }
}

/** Ends all of them at once and without asking. False where there is no such job. */
export function terminateJob(mark: string): boolean {
  if (mark === '') return false;
  const job = kernel().open(terminateRight, 0, jobName(mark));
  if (job === 0) return false;
  const isDone = kernel().terminate(job, killedCode) !== 0;
  closeHandle(job);
  return isDone;
}
