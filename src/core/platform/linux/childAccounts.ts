/** What is added up over a tree: CPU time, bytes read, bytes written. */
export type Amounts = readonly [cpuMs: number, readBytes: number, writeBytes: number];

export const nothing: Amounts = [0, 0, 0];

export function plus(a: Amounts, b: Amounts): Amounts {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** What one living process has grown by since its last reading. */
export interface Growth {
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
  private late = new Map<number, Amounts>();

  /**
   * grown: by living process. ended: for each, the totals, as last read, of children that have
   * ended since. Answers what was really spent.
   */
  settle(grown: ReadonlyMap<number, Growth>, ended: ReadonlyMap<number, Amounts>): Amounts {
    const later = new Map<number, Amounts>();
    let spent = nothing;
    for (const [pid, { amounts, creditMs }] of grown) {
      const fresh = ended.get(pid) ?? nothing;
      const late = this.late.get(pid) ?? nothing;
      const due = credited(creditMs, fresh, late);
      spent = plus(spent, [amounts[0] - due.amounts[0], amounts[1] - due.amounts[1], amounts[2] - due.amounts[2]]);
      if (!due.isFresh) later.set(pid, fresh);
    }
    this.late = later;
    return spent;
  }
}

/** What of the amounts due the credit is for: all of it, one of the two, or nothing. Its CPU time tells. */
function credited(creditMs: number, fresh: Amounts, late: Amounts): { amounts: Amounts; isFresh: boolean } {
  const both = plus(fresh, late);
  if (creditMs >= both[0]) return { amounts: both, isFresh: true };
  if (creditMs >= fresh[0]) return { amounts: fresh, isFresh: true };
  if (creditMs >= late[0]) return { amounts: late, isFresh: false };
  return { amounts: nothing, isFresh: false };
}
