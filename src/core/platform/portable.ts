import os from 'node:os';
import { messageOf } from '../../shared/failure.js';
import type { CollapseOutcome, FileRangePort, OomPort, PriorityPort, Standing } from '../ports.js';

/* What Node alone can do, for systems without a way of their own. Processes and signals are in the folder of this name. */

/** No counters: a kill is a kill, whoever did it. */
export class PortableOom implements OomPort {
  watch(): void {
    // Nothing to remember.
  }

  look(): void {
    // Nothing to look at.
  }

  ended(): boolean {
    return false;
  }
}

export class PortableFileRanges implements FileRangePort {
  readonly canCollapse = false;

  prepare(): void {
    // Nothing will be tried.
  }

  async collapseHead(): Promise<CollapseOutcome> {
    return 'unsupported';
  }

  endStray(): boolean {
    return true;
  }
}

export class PortablePriority implements PriorityPort {
  private shortfalls: string[] = [];

  lower(): Standing {
    try {
      os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
    } catch (error) {
      this.shortfalls = [`nice: ${messageOf(error)}`];
    }
    return this.current();
  }

  current(): Standing {
    return { nice: os.getPriority(), ioClass: 'none', oomScoreAdj: null, shortfalls: this.shortfalls };
  }
}
