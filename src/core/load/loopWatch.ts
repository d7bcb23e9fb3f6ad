/** From here on a thread has no time left over. Percent of a core. */
const fullPercent = 90;
/** What was at its limit is so until it has clearly more air. */
const airPercent = 80;
const readingsInARow = 3;

/** Whether the busiest thread of a server has a whole core to do, over minutes. */
export class LoopWatch {
  /** Percent of a core, mean since the reading before; null: not known. */
  busiest: number | null = null;
  isBound = false;
  private full = 0;

  /** The next reading, a minute or more after the last one. null: not known, or not looked at. */
  take(busiest: number | null): void {
    this.busiest = busiest;
    if (busiest !== null && busiest >= fullPercent) this.full++;
    else if (busiest === null || busiest < airPercent || !this.isBound) this.full = 0;
    this.isBound = this.full >= readingsInARow;
  }
}
