import { isAlive } from '../../../node/processIdentity.js';
import { jobPids, terminateJob } from '../../../node/windows/jobs.js';
import { descendants, terminateTree } from '../../../node/windows/processTree.js';
import { closeWindows, interruptConsole } from '../../../node/windows/stopHelper.js';
import { startAtNormal } from './windowsPriority.js';
import type { ProcessRef, SignalPort, StopSignal } from '../../ports.js';

/** Those of a start that are asked for their console when the first has none. Each costs a program's start. */
const mostAsked = 6;

/** What Windows is asked for. Nothing of it throws or rejects. */
export interface WindowsMeans {
  isAlive(this: void, process: ProcessRef): boolean;
  /** The living processes of that start. */
  jobPids(this: void, mark: string): number[];
  descendants(this: void, pid: number, startTime: string): number[];
  /** Ctrl+C to everybody on the console of that process; false where it has none. */
  interrupt(this: void, pid: number): Promise<boolean>;
  /** False where none of them has a window. */
  closeWindows(this: void, pids: readonly number[]): Promise<boolean>;
  terminateJob(this: void, mark: string): boolean;
  terminateTree(this: void, pid: number, startTime: string): boolean;
}

/**
 * Windows has no signals: a process is asked to end by Ctrl+C in its console, or by closing its windows. SIGTERM, which
 * comes last, stands for the windows; the others for Ctrl+C. Nobody is ended without being asked but by `killTree`.
 */
export class WindowsSignals implements SignalPort {
  /** By pid: the start time of a process that has heard Ctrl+C. A second one makes many a game quit without saving. */
  private readonly interrupted = new Map<number, string | null>();

  /** stopHelper: its bundle. */
  constructor(
    stopHelper: string,
    private readonly means: WindowsMeans = realMeans(stopHelper),
  ) {}

  isAlive(process: ProcessRef): boolean {
    return this.means.isAlive(process);
  }

  /** False also where it has neither a console nor a window, which is known when it has been tried. Never rejects. */
  async stop(target: ProcessRef, signal: StopSignal, mark: string): Promise<boolean> {
    if (!this.means.isAlive(target) || signal === 'SIGUSR1' || signal === 'SIGUSR2') return false;
    if (signal !== 'SIGTERM') return await this.interrupt(target, mark);
    if (await this.means.closeWindows([target.pid, ...this.others(target, mark)])) return true;
    return this.hasHeardCtrlC(target) ? false : await this.interrupt(target, mark);
  }

  killTree(target: ProcessRef, mark: string): boolean {
    if (!this.means.isAlive(target)) return false;
    // Also whoever had left the tree is in the job. One that was not started by us has none.
    if (mark !== '' && this.means.terminateJob(mark)) return true;
    return target.startTime !== null && this.means.terminateTree(target.pid, target.startTime);
  }

  private async interrupt(target: ProcessRef, mark: string): Promise<boolean> {
    // Noted before it, as it may be heard though the answer is lost.
    this.interrupted.set(target.pid, target.startTime);
    // They share one console; a program with windows may have started one that has it.
    for (const pid of [target.pid, ...this.others(target, mark)].slice(0, mostAsked)) {
      if (!this.means.isAlive(target)) return false;
      if (await this.means.interrupt(pid)) return true;
    }
    this.interrupted.delete(target.pid);
    return false;
  }

  /** It has been sent Ctrl+C. */
  hasHeardCtrlC({ pid, startTime }: ProcessRef): boolean {
    return this.interrupted.has(pid) && this.interrupted.get(pid) === startTime;
  }

  private others({ pid, startTime }: ProcessRef, mark: string): number[] {
    const { jobPids: inJob, descendants: below } = this.means;
    const found = mark === '' ? [] : inJob(mark);
    return (found.length === 0 && startTime !== null ? below(pid, startTime) : found).filter((one) => one !== pid);
  }
}

function realMeans(script: string): WindowsMeans {
  return {
    isAlive: ({ pid, startTime }) => isAlive(pid, startTime),
    jobPids,
    descendants,
    // On a PC that is busy they would come too late otherwise.
    interrupt: (pid) => startAtNormal(() => interruptConsole(script, pid)),
    closeWindows: (pids) => startAtNormal(() => closeWindows(script, pids)),
    terminateJob,
    terminateTree,
  };
}
