/** What is added up over a tree: CPU time, bytes read, bytes written. */
export type Amounts = readonly [cpuMs: number, readBytes: number, writeBytes: number];

export const nothing: Amounts = [0, 0, 0];

export function plus(a: Amounts, b: Amounts): Amounts {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** What one living process has grown by since its last reading. */
export interface Growth {
  readonly pid: number;
  /** Of its totals, what ended children left included. */
  readonly amounts: Amounts;
  /** CPU time that ended children left to it. */
  readonly creditMs: number;
}

/**
 * When a child is waited for, the kernel adds its totals to its parent's. What earlier readings counted while the child
 * lived is taken off that again, so that nothing counts twice and nothing is missed.
 *
 * A parent that was read a moment before it waited for the child is credited only in the next reading: what was not found
 * this time is looked for once more. After that it never comes: nobody waited for the child, or somebody outside did.
 */
export class ChildAccounts {
  /** Undefined where nothing is late, which is nearly always so. */
  private late: Map<number, Amounts> | undefined;

  /** Nothing is looked for once more. */
  get isSettled(): boolean {
    return this.late === undefined;
  }

  /**
   * grown: the living processes. ended: for each, the totals, as last read, of children that have
   * ended since. Answers what was really spent.
   */
  settle(grown: readonly Growth[], ended: ReadonlyMap<number, Amounts>): Amounts {
    const { late } = this;
    this.late = undefined;
    let [cpuMs, readBytes, writeBytes] = nothing;
    for (const { pid, amounts, creditMs } of grown) {
      cpuMs += amounts[0];
      readBytes += amounts[1];
      writeBytes += amounts[2];
      const fresh = ended.get(pid);
      const due = fresh === undefined && late === undefined ? undefined : credited(creditMs, fresh, late?.get(pid));
      if (due === undefined) continue;
      cpuMs -= due.amounts[0];
      readBytes -= due.amounts[1];
      writeBytes -= due.amounts[2];
      if (fresh !== undefined && !due.isFresh) (this.late ??= new Map()).set(pid, fresh);
    }
    return [cpuMs, readBytes, writeBytes];
  }
}

/** What of the amounts due the credit is for: all of it, one of the two, or nothing. Its CPU time tells. */
function credited(creditMs: number, fresh = nothing, late = nothing): { amounts: Amounts; isFresh: boolean } {
  const both = plus(fresh, late);
  if (creditMs >= both[0]) return { amounts: both, isFresh: true };
  if (creditMs >= fresh[0]) return { amounts: fresh, isFresh: true };
  if (creditMs >= late[0]) return { amounts: late, isFresh: false };
  return { amounts: nothing, isFresh: false };
}
