import { once } from './once.js';
import { jobName } from './jobs.js';
import { windowsFunction } from './native.js';
import type { Handle } from './processes.js';

const queryRight = 0x0004;
const ourselves = -1;

const kernel = once(() => ({
  create: windowsFunction<(security: null, name: string) => Handle>(
    'kernel32.dll',
    'intptr_t CreateJobObjectW(void*, str16)',
  ),
  open: windowsFunction<(rights: number, inherits: number, name: string) => Handle>(
    'kernel32.dll',
    'intptr_t OpenJobObjectW(uint32_t, int, str16)',
  ),
  assign: windowsFunction<(job: Handle, process: Handle) => number>(
    'kernel32.dll',
    'int AssignProcessToJobObject(intptr_t, intptr_t)',
  ),
  isIn: windowsFunction<(process: Handle, job: Handle, answer: Buffer) => number>(
    'kernel32.dll',
    'int IsProcessInJob(intptr_t, intptr_t, void*)',
  ),
}));

/**
 * A job for one start (`<id>:<nonce>`), which ends nobody when it is closed. Its name lasts as long as somebody has a
 * handle to it. 0 where refused.
 */
export function makeJob(mark: string): Handle {
  return kernel().create(null, jobName(mark));
}

/** Keeps the name of a job; 0 where there is none. To be closed. */
export function holdJob(mark: string): Handle {
  return kernel().open(queryRight, 0, jobName(mark));
}

/** Puts a process, and all that it starts from then on, into a job. */
export function putIntoJob(job: Handle, process: Handle): boolean {
  return kernel().assign(job, process) !== 0;
}

/** Whether this process is in a job of somebody else's. */
export function isInJob(): boolean {
  const answer = Buffer.alloc(4);
  return kernel().isIn(ourselves, 0, answer) !== 0 && answer.readInt32LE(0) !== 0;
}
