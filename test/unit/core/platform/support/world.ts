import type { IoReading, StatReading } from '../../../../../src/core/platform/linux/processEntry.js';

interface Being {
  parent: number;
  ownCpuMs: number;
  childrenCpuMs: number;
  writeBytes: number;
  isZombie: boolean;
}

/**
 * Processes as the kernel counts them, for readings at exactly chosen moments. Like there, whoever waits for a child is
 * credited with its CPU time and its I/O, and with those of the child's own ended children.
 */
export class World {
  readonly beings = new Map<number, Being>();
  /** Called just before the stat of this process is read. */
  readonly beforeStat = new Map<number, () => void>();
  open = 0;

  born(pid: number, parent: number): void {
    this.beings.set(pid, { parent, ownCpuMs: 0, childrenCpuMs: 0, writeBytes: 0, isZombie: false });
  }

  burns(pid: number, ms: number): void {
    this.of(pid).ownCpuMs += ms;
  }

  writes(pid: number, bytes: number): void {
    this.of(pid).writeBytes += bytes;
  }

  /** It ends, and its parent does not wait for it yet. */
  turnsZombie(pid: number): void {
    this.of(pid).isZombie = true;
  }

  /** It has ended, and its parent has waited for it. Its own children have another parent now. */
  ends(pid: number): void {
    const { parent, ownCpuMs, childrenCpuMs, writeBytes } = this.of(pid);
    const heir = this.beings.get(parent);
    if (heir !== undefined) {
      heir.childrenCpuMs += ownCpuMs + childrenCpuMs;
      heir.writeBytes += writeBytes;
    }
    this.beings.delete(pid);
    for (const being of this.beings.values()) if (being.parent === pid) being.parent = 1;
  }

  /** It has ended, and nobody waits for it: its parent does not want to know of its children. */
  vanishes(pid: number): void {
    this.beings.delete(pid);
  }

  stat(pid: number): StatReading | undefined {
    const hook = this.beforeStat.get(pid);
    this.beforeStat.delete(pid);
    hook?.();
    const being = this.beings.get(pid);
    if (being === undefined) return undefined;
    const { parent, ownCpuMs, childrenCpuMs, isZombie } = being;
    const threads = isZombie ? 1 : 2;
    return { parent, startTime: pid, ownCpuMs, childrenCpuMs, threads, rssPages: 10, isZombie, isSuspended: false };
  }

  io(pid: number): IoReading | undefined {
    const being = this.beings.get(pid);
    return being === undefined
      ? undefined
      : { writtenBytes: being.writeBytes, readBytes: 0, writeBytes: being.writeBytes };
  }

  private of(pid: number): Being {
    const being = this.beings.get(pid);
    if (being === undefined) throw new Error(`no process ${pid}`);
    return being;
  }
}

/** The world that is read from. */
export const current = { world: new World() };

/** Stands in for ProcessEntry: one tracked process, whose two files count as one that is open. */
export class WorldEntry {
  private isOpen = true;

  constructor(readonly pid: number) {
    current.world.open++;
  }

  stat(): StatReading | undefined {
    return current.world.stat(this.pid);
  }

  io(): IoReading | undefined {
    return current.world.io(this.pid);
  }

  close(): void {
    if (this.isOpen) current.world.open--;
    this.isOpen = false;
  }
}
