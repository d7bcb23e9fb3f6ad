import fs from 'node:fs';
import { afterName, numberAt } from './procFile.js';

/**
 * Who is whose child, kept up by looking only at pids not seen before: a full pass over /proc costs 2 to 3 ms, a listing
 * with a handful of new entries a tenth of that. Parents change when one ends; then `reparent` reads those again.
 */
export class ProcessIndex {
  private readonly parents = new Map<number, number>();

  /** Reads the folder and the stat of every pid that is new; forgets those that are gone. */
  refresh(): void {
    const seen = new Set<number>();
    for (const name of fs.readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      seen.add(pid);
      if (!this.parents.has(pid)) this.readParent(pid);
    }
    for (const pid of this.parents.keys()) if (!seen.has(pid)) this.parents.delete(pid);
  }

  /** Reads again who the parents of all known processes are: pids get reused, and orphans get a new parent. */
  reread(): void {
    this.parents.clear();
    this.refresh();
  }

  /** The descendants of a process, itself not included. */
  descendants(root: number): number[] {
    const found = new Set([root]);
    // Pids are mostly in order of age, so that one or two rounds find all.
    for (let grown = true; grown;) {
      grown = false;
      for (const [pid, parent] of this.parents) {
        if (found.has(pid) || !found.has(parent)) continue;
        found.add(pid);
        grown = true;
      }
    }
    found.delete(root);
    return [...found];
  }

  private readParent(pid: number): void {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`);
      this.parents.set(pid, numberAt(stat, afterName(stat), 1));
    } catch {
      // Ended between the listing and this.
    }
  }
}
