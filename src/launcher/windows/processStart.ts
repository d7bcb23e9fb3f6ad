import path from 'node:path';
import { hearCtrlC } from '../../node/windows/consoles.js';
import {
  createSuspended,
  discardProcess,
  priorityClass,
  resumeThread,
  setPriorityClass,
  type CreatedProcess,
  type NewProcess,
} from '../../node/windows/createProcess.js';
import { openForAppending, setInherited } from '../../node/windows/handles.js';
import { isInJob, makeJob, putIntoJob } from '../../node/windows/jobMaking.js';
import { systemMessage } from '../../node/windows/messages.js';
import { makePipe, neverWait } from '../../node/windows/pipes.js';
import { closeHandle, lastError, startTimeOf, type Handle } from '../../node/windows/processes.js';
import { Failure } from '../../shared/failure.js';
import type { SpawnRequest } from '../../shared/launcherProtocol.js';
import { environmentBlock } from './environmentBlock.js';
import type { Program } from './program.js';
import { startFailure } from './startFailures.js';

const accessDenied = 5;
const stdinBytes = 65_536;

/** What is kept of a server that was started; all to be closed. */
export interface RunningProcess {
  readonly pid: number;
  readonly startTime: string | null;
  readonly process: Handle;
  /** Holds the job's name. */
  readonly job: Handle;
  /** The write end of its stdin. The server has it too, by the same number. */
  readonly stdin: Handle;
}

/**
 * Starts a server: in a job and a hidden console of its own, at normal priority or above. It holds the write end of its own
 * stdin, so that it never sees an end of that, and a handle to its job, so that its name lasts, whoever else ends.
 */
export function startProcess(request: SpawnRequest, program: Program): RunningProcess {
  // We were started detached, which is to hear no Ctrl+C, and would hand that down.
  hearCtrlC(true);
  const toClose: Handle[] = [];
  const passing = (handle: Handle): Handle => {
    toClose.push(handle);
    return handle;
  };
  try {
    const output = passing(openLog(request.consoleFile));
    const ends = makePipe(stdinBytes) ?? fail();
    const input = passing(ends.read);
    const stdin = passing(ends.write);
    if (!neverWait(stdin)) fail();
    const job = passing(makeJob(`${request.id}:${request.nonce}`) || fail());
    const inherited = [input, output, stdin, job];
    for (const handle of inherited) if (!setInherited(handle, true)) fail();
    const wanted = {
      ...{ application: program.application, commandLine: program.commandLine, cwd: request.cwd },
      environment: environmentBlock(program.env),
      priority: request.priority === 'above-normal' ? priorityClass.aboveNormal : priorityClass.normal,
      ...{ breaksAway: isInJob(), input, output, alsoInherited: [stdin, job] },
    };
    const created = create(wanted, program);
    release(created, job, wanted.priority);
    // What is started beside servers must not get these.
    for (const handle of [stdin, job]) setInherited(handle, false);
    toClose.splice(0, toClose.length, output, input);
    return { pid: created.pid, startTime: startTimeOf(created.process), process: created.process, job, stdin };
  } finally {
    toClose.forEach(closeHandle);
  }
}

/** Outside the job that we are in ourselves, where that allows it: VS Code's end must not be the servers'. */
function create(wanted: NewProcess, { application }: Program): CreatedProcess {
  let created = createSuspended(wanted);
  if (created === accessDenied && wanted.breaksAway) created = createSuspended({ ...wanted, breaksAway: false });
  if (typeof created === 'number') throw startFailure(created, application);
  return created;
}

/** It runs only once all that it starts is certain to be in its job. */
function release({ process, thread }: CreatedProcess, job: Handle, priority: number): void {
  try {
    if (!putIntoJob(job, process)) {
      const code = lastError();
      discardProcess(process);
      closeHandle(process);
      fail(code);
    }
    // Wine leaves away what was asked for at the start.
    setPriorityClass(process, priority);
    resumeThread(thread);
  } finally {
    closeHandle(thread);
  }
}

function openLog(file: string): Handle {
  const handle = openForAppending(path.toNamespacedPath(file));
  if (handle === 0) throw new Failure('io', { file, detail: systemMessage(lastError()) });
  return handle;
}

function fail(code = lastError()): never {
  const detail = systemMessage(code);
  throw new Failure('start-failed', { detail }, detail);
}
