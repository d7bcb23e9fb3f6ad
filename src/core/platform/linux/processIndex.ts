import fs from 'node:fs';
import { afterName, numberAt } from './procFile.js';

/**
 * Who is whose child, kept up by looking only at pids not seen before, and at those whose parent has ended, as they have another
 * one now: a full pass over /proc costs 2 to 3 ms and more, a listing with a handful of new entries a tenth of that.
 */
export class ProcessIndex {
  private readonly parents = new Map<number, number>();
  /** By parent; made when it is first asked for after a change, as each tree asks. */
  private children: Map<number, number[]> | undefined;

  /** Reads the folder, and the stat of every pid that is new or has lost its parent; forgets those that are gone. */
  refresh(): void {
    const seen = new Set<number>();
    for (const name of fs.readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      seen.add(pid);
      if (!this.parents.has(pid)) this.readParent(pid);
    }
    for (const pid of this.parents.keys()) if (!seen.has(pid)) this.parents.delete(pid);
    // The kernel's own have none: 0.
    for (const [pid, parent] of this.parents) if (parent !== 0 && !seen.has(parent)) this.readParent(pid);
    this.children = undefined;
  }

  /** Reads again who the parents of all known processes are: a pid may have been used again between two looks. */
  reread(): void {
    this.parents.clear();
    this.refresh();
  }

  /** The descendants of a process, itself not included. */
  descendants(root: number): number[] {
    const children = (this.children ??= this.byParent());
    const found: number[] = [];
    const seen = new Set([root]);
    for (let parent: number | undefined = root, next = 0; parent !== undefined; parent = found[next++]) {
      for (const pid of children.get(parent) ?? []) {
        // What was read at different moments need not be a tree.
        if (seen.has(pid)) continue;
        seen.add(pid);
        found.push(pid);
      }
    }
    return found;
  }

  private byParent(): Map<number, number[]> {
    const children = new Map<number, number[]>();
    for (const [pid, parent] of this.parents) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [pid]);
      else siblings.push(pid);
    }
    return children;
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
