import type { ProcessRef, TreeReader, TreeSample } from '../../ports.js';
import type { Answer, ToldProcess } from './numbers.js';
import { descendantsOf } from './ps.js';

/** Two answers may tell the same start this far apart. */
const startSlackMs = 2000;

const unknown: TreeSample = {
  ...{ cpuMs: null, rssBytes: null, threads: null, readBytes: null, writeBytes: null },
  isSuspended: false,
};

interface Parts {
  isAlive(root: ProcessRef): boolean;
  latest(): Answer | undefined;
  /** Nothing is told of what the root has started. */
  readonly isRootsOnly: boolean;
}

/**
 * One server's process tree, by answers that come now and then. Each answer is told once: a reading without a new one knows
 * nothing. Of what a process has used that began and ended between two answers, nothing is known either.
 */
export class PortableTree implements TreeReader {
  private isGone = false;
  private last: Answer | undefined;
  private members: ReadonlyMap<number, ToldProcess> = new Map();
  private startedAt: number | undefined;

  constructor(
    readonly root: ProcessRef,
    private readonly parts: Parts,
  ) {}

  read(): TreeSample | undefined {
    if (!this.isGone && !this.parts.isAlive(this.root)) this.isGone = true;
    if (this.isGone) return undefined;
    const answer = this.parts.latest();
    const top = answer?.processes.get(this.root.pid);
    if (answer === undefined || answer === this.last || top === undefined) return this.unknown();
    if (this.isAnother(top)) {
      this.isGone = true;
      return undefined;
    }
    this.startedAt ??= top.startedAt;
    return this.take(answer, top);
  }

  dispose(): void {
    this.isGone = true;
  }

  private take(answer: Answer, top: ToldProcess): TreeSample {
    const { last, members: before } = this;
    const { isRootsOnly } = this.parts;
    const pids = [this.root.pid, ...(isRootsOnly ? [] : descendantsOf(this.root.pid, answer.processes))];
    const members = new Map<number, ToldProcess>();
    let rssBytes = 0;
    let cpuMs = 0;
    for (const pid of pids) {
      const member = answer.processes.get(pid);
      if (member === undefined) continue;
      members.set(pid, member);
      rssBytes += member.rssBytes;
      cpuMs += spentSince(before.get(pid), member, last);
    }
    this.members = members;
    this.last = answer;
    return {
      ...{ ...this.unknown(), rssBytes, isSuspended: top.isSuspended },
      ...(last === undefined ? {} : { cpuMs, overMs: answer.at - last.at }),
    };
  }

  private unknown(): TreeSample {
    return { ...unknown, isRootOnly: this.parts.isRootsOnly };
  }

  /** Its pid is another process's by now. */
  private isAnother({ startTime, startedAt }: ToldProcess): boolean {
    if (startTime !== null && this.root.startTime !== null) return startTime !== this.root.startTime;
    return this.startedAt !== undefined && Math.abs(startedAt - this.startedAt) > startSlackMs;
  }
}

/** Of one born since the last answer all counts; the past of one that was taken in later would look like a spike. */
function spentSince(before: ToldProcess | undefined, now: ToldProcess, last: Answer | undefined): number {
  const isSame = before !== undefined && Math.abs(before.startedAt - now.startedAt) <= startSlackMs;
  if (isSame) return Math.max(0, now.cpuMs - before.cpuMs);
  const isNewborn = last !== undefined && now.startedAt >= last.wallAt - startSlackMs;
  return isNewborn ? now.cpuMs : 0;
}
