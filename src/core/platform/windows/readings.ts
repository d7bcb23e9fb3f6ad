import { performance } from 'node:perf_hooks';
import type { RawTable } from '../../../node/windows/processTable.js';
import { ProcessTable } from './processTable.js';
import type { Reading, Readings } from './windowsTree.js';

/** All that is asked in one round is told from one reading. A round of many servers does not take longer. */
const recentMs = 50;

/** Reads all processes at once, for everybody who asks. */
export class ProcessReadings implements Readings {
  private latest: Reading | undefined;
  private now = new ProcessTable();
  private before = new ProcessTable();

  /** told: of every new reading, so that nobody misses a newcomer. */
  constructor(
    private readonly fetch: () => RawTable | undefined,
    private readonly told: (reading: Reading) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  recent(): Reading | undefined {
    const { latest } = this;
    return latest !== undefined && this.clock() - latest.at <= recentMs ? latest : this.fresh();
  }

  fresh(): Reading | undefined {
    const at = this.clock();
    const raw = this.fetch();
    // Whatever came of it, the buffer of the one before is gone.
    this.latest = undefined;
    if (raw === undefined || !this.before.load(raw.buffer, raw.length, raw.base)) return undefined;
    [this.now, this.before] = [this.before, this.now];
    this.latest = { table: this.now, newcomers: this.newcomers(), at };
    this.told(this.latest);
    return this.latest;
  }

  private newcomers(): number[] {
    const { now, before } = this;
    const places: number[] = [];
    for (let place = 0; place < now.count; place++) if (!now.isIn(before, place)) places.push(place);
    return places;
  }
}
