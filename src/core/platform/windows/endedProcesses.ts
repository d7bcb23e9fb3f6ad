import {
  access,
  closeHandle,
  exitCodeOf,
  openProcess,
  startTimeOf,
  type Handle,
} from '../../../node/windows/processes.js';
import type { ProcessRef } from '../../ports.js';

/** So many that nobody follows any more can still be asked for. */
const keptMany = 64;

/** What is done with a process that may end. Handle 0 is none. */
export interface Handles {
  open(pid: number): Handle;
  startTime(handle: Handle): string | null;
  /** Null while it runs. */
  exitCode(handle: Handle): number | null;
  close(handle: Handle): void;
}

const ofWindows: Handles = {
  open: (pid) => openProcess(pid, access.queryLimited | access.synchronize),
  startTime: startTimeOf,
  exitCode: exitCodeOf,
  close: closeHandle,
};

interface Held {
  readonly pid: number;
  readonly startTime: string | null;
  readonly handle: Handle;
  followers: number;
}

/** How processes have ended: whoever held a handle before can ask, not only the parent. */
export class EndedProcesses {
  /** The oldest first. */
  private readonly held: Held[] = [];

  constructor(private readonly handles: Handles = ofWindows) {}

  /** Holds this process until it is let go and 64 others were after it. Answers what lets it go. */
  hold(process: ProcessRef): () => void {
    const held = this.find(process) ?? this.open(process);
    if (held === undefined) return () => undefined;
    held.followers++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      held.followers--;
      // The last to be let go is the last to be forgotten.
      this.held.push(...this.held.splice(this.held.indexOf(held), 1));
      this.forget();
    };
  }

  /** 0..2^32-1; null where it was not held, or has not ended. */
  exitCode(process: ProcessRef): number | null {
    const held = this.find(process);
    return held === undefined ? null : this.handles.exitCode(held.handle);
  }

  private find({ pid, startTime }: ProcessRef): Held | undefined {
    return this.held.findLast((held) => held.pid === pid && (startTime === null || held.startTime === startTime));
  }

  private open({ pid, startTime }: ProcessRef): Held | undefined {
    const handle = this.handles.open(pid);
    if (handle === 0) return undefined;
    const held = { pid, startTime: this.handles.startTime(handle), handle, followers: 0 };
    if (startTime !== null && held.startTime !== startTime) {
      // Another process has the pid by now.
      this.handles.close(handle);
      return undefined;
    }
    this.held.push(held);
    return held;
  }

  private forget(): void {
    const idle = this.held.filter(({ followers }) => followers === 0);
    for (const old of idle.slice(0, Math.max(0, idle.length - keptMany))) {
      this.handles.close(old.handle);
      this.held.splice(this.held.indexOf(old), 1);
    }
  }
}
