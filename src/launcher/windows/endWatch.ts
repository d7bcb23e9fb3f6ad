import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type Handle } from '../../node/windows/processes.js';
import { makeEvent, mostAwaited, setEvent, waitForAny } from '../../node/windows/waits.js';

/** A wait holds up our own end: should the word to wake up be lost, then no longer than this. */
const longestWaitMs = 10_000;
/** Where nothing can be waited for. */
const pollMs = 250;

/** Tells when processes end: one wait of the system's for each 63 of them, and nothing in between. */
export class EndWatch {
  private readonly groups: Group[] = [];

  /** `onEnd` is called once, in a later turn; the handle stays open, and its owner's. */
  watch(process: Handle, onEnd: () => void): void {
    let group = this.groups.find(({ hasRoom }) => hasRoom);
    if (group === undefined) {
      group = new Group();
      this.groups.push(group);
    }
    group.add(process, onEnd);
  }

  /** Before this process ends: a wait that goes on would hold that up. */
  stop(): void {
    for (const group of this.groups) group.stop();
  }
}

class Group {
  private readonly awaited = new Map<Handle, () => void>();
  private readonly wakeUp = makeEvent();
  private isWaiting = false;
  private isStopped = false;

  get hasRoom(): boolean {
    return this.awaited.size < mostAwaited - 1;
  }

  add(process: Handle, onEnd: () => void): void {
    this.awaited.set(process, onEnd);
    if (this.isWaiting) setEvent(this.wakeUp);
    else void this.wait();
  }

  stop(): void {
    this.isStopped = true;
    setEvent(this.wakeUp);
  }

  private async wait(): Promise<void> {
    this.isWaiting = true;
    while (this.awaited.size > 0 && !this.isStopped) {
      if (!(await waitForAny([this.wakeUp, ...this.awaited.keys()], longestWaitMs))) await sleep(pollMs);
      for (const [process, onEnd] of [...this.awaited]) {
        if (!hasEnded(process)) continue;
        this.awaited.delete(process);
        onEnd();
      }
    }
    this.isWaiting = false;
  }
}
