import type { Disposable } from '../../ports.js';
import type { Times } from './times.js';

export interface PollerOptions {
  readonly times: Pick<Times, 'first' | 'hint' | 'hints'>;
  /** Milliseconds between polls, as it is now. */
  intervalMs(this: void): number;
  /** Never rejects. */
  poll(this: void, id: string): Promise<void>;
}

interface Entry {
  /** Its share of the interval, 0 to 1: each server has its own moment. */
  readonly phase: number;
  timer: NodeJS.Timeout | undefined;
  dueAt: number;
  lastHintAt: number;
  isPolling: boolean;
  isWanted: boolean;
}

/** Parts of the golden ratio lie far from each other, however many there are. */
const golden = 0.618_033_988_75;

/** When each server is polled: each at its own moment of the interval, never twice at a time. Times are monotonic. */
export class Poller implements Disposable {
  private readonly entries = new Map<string, Entry>();
  private added = 0;

  constructor(private readonly options: PollerOptions) {}

  /** Polls from now on; nothing where it does so already. */
  add(id: string): void {
    if (this.entries.has(id)) return;
    const phase = (this.added * golden) % 1;
    this.added += 1;
    const plain = { timer: undefined, dueAt: Infinity, lastHintAt: -Infinity, isPolling: false, isWanted: false };
    const entry = { phase, ...plain };
    this.entries.set(id, entry);
    this.schedule(id, entry, performance.now() + this.options.times.first * (1 + phase));
  }

  remove(id: string): void {
    clearTimeout(this.entries.get(id)?.timer);
    this.entries.delete(id);
  }

  /** Something has happened to its players: polls soon, but not all the time. */
  hint(id: string): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    if (entry.isPolling) {
      entry.isWanted = true;
      return;
    }
    const { hint, hints } = this.options.times;
    const at = Math.max(performance.now() + hint, entry.lastHintAt + hints);
    // A poll that comes sooner anyway will tell.
    if (entry.dueAt <= at) return;
    entry.lastHintAt = at;
    this.schedule(id, entry, at);
  }

  /** The interval is another one. */
  reschedule(): void {
    for (const [id, entry] of this.entries) {
      if (!entry.isPolling) this.schedule(id, entry, Math.min(entry.dueAt, this.nextAt(entry)));
    }
  }

  dispose(): void {
    for (const id of [...this.entries.keys()]) this.remove(id);
  }

  private schedule(id: string, entry: Entry, at: number): void {
    clearTimeout(entry.timer);
    entry.dueAt = at;
    entry.timer = setTimeout(() => void this.poll(id, entry), at - performance.now());
  }

  private async poll(id: string, entry: Entry): Promise<void> {
    const begunAt = performance.now();
    entry.isPolling = true;
    entry.isWanted = false;
    entry.dueAt = Infinity;
    await this.options.poll(id);
    entry.isPolling = false;
    if (this.entries.get(id) !== entry) return;
    this.schedule(id, entry, this.nextAt(entry, begunAt));
    if (entry.isWanted) this.hint(id);
  }

  /** The next of its moments that is not too near to the last poll. */
  private nextAt({ phase }: Entry, polledAt = -Infinity): number {
    const interval = this.options.intervalMs();
    const soonest = Math.max(performance.now(), polledAt + interval / 2);
    return (Math.ceil(soonest / interval - phase) + phase) * interval;
  }
}
