import { startTimeByPs } from '../../../node/psStartTime.js';
import type { ProcessRef } from '../../ports.js';
import type { Answer } from './numbers.js';

/** No system gives a pid away again so soon. Longer than the pause between two answers and the wait for one. */
const validMs = 20_000;

/**
 * Tells a process from a later one with the same pid where only `ps` knows when a process began: by the last answer, and
 * by a question of its own where that is too old or from before the process.
 */
export class PsIdentities {
  private readonly asked = new Map<number, { startTime: string; at: number }>();

  constructor(
    private readonly latest: () => Answer | undefined,
    private readonly startTimeNow: (pid: number) => string | null | undefined = startTimeByPs,
  ) {}

  isAlive({ pid, startTime }: ProcessRef): boolean {
    if (!isTaken(pid)) {
      this.asked.delete(pid);
      return false;
    }
    if (startTime === null) return true;
    const now = this.known(pid) ?? this.ask(pid);
    // Where `ps` does not answer, that the pid is taken is all that is known.
    return now === undefined || now === startTime;
  }

  private known(pid: number): string | undefined {
    const oldest = performance.now() - validMs;
    const answer = this.latest();
    const told = answer !== undefined && answer.at >= oldest ? answer.processes.get(pid)?.startTime : undefined;
    if (told != null) return told;
    const asked = this.asked.get(pid);
    return asked !== undefined && asked.at >= oldest ? asked.startTime : undefined;
  }

  private ask(pid: number): string | null | undefined {
    const startTime = this.startTimeNow(pid);
    if (startTime == null) this.asked.delete(pid);
    else this.asked.set(pid, { startTime, at: performance.now() });
    return startTime;
  }
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
