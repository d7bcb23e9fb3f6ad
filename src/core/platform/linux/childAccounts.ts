/** What is added up over a tree: CPU time, bytes read, bytes written. */
export type Amounts = readonly [cpuMs: number, readBytes: number, writeBytes: number];

export const nothing: Amounts = [0, 0, 0];

export function plus(a: Amounts, b: Amounts): Amounts {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
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
   * grown: what each living process's totals grew by. ended: for each, the totals, as last read, of children that have
   * ended since. Answers what was really spent.
   */
  settle(grown: ReadonlyMap<number, Amounts>, ended: ReadonlyMap<number, Amounts>): Amounts {
    const later = new Map<number, Amounts>();
    let spent = nothing;
    for (const [pid, growth] of grown) {
      const fresh = ended.get(pid) ?? nothing;
      const late = this.late.get(pid) ?? nothing;
      const due = largestCovered(growth, fresh, late);
      spent = plus(spent, [growth[0] - due[0], growth[1] - due[1], growth[2] - due[2]]);
      if (due !== fresh && due[0] !== fresh[0] + late[0]) later.set(pid, fresh);
    }
    this.late = later;
    return spent;
  }
}

/** What of the amounts due is covered by the growth: all of it, one of the two, or nothing. CPU time decides. */
function largestCovered(growth: Amounts, fresh: Amounts, late: Amounts): Amounts {
  const both = plus(fresh, late);
  for (const due of [both, fresh, late]) {
    if (growth[0] >= due[0] && growth[1] >= due[1] && growth[2] >= due[2]) return due;
  }
  return nothing;
}
