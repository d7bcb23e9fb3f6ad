import type { EventKind } from '../../shared/events.js';
import type { Disposable, EventSink, HistoryEvent } from '../ports.js';

/** What a full server may tell at once, as when it falls with everybody on and they all come back. */
const burst = 200;
/** And what it may tell in the long run: one a second. */
const refillMs = 1000;
const minuteMs = 60_000;

/** What a server may print or a window may ask for in a loop. The steps of a server's life are never dropped. */
const boundedKinds = new Set<EventKind>([
  ...(['save-begun', 'saved', 'save-failed', 'player-joined', 'player-left'] as const),
  ...(['not-responding', 'responding', 'alert', 'incident', 'added', 'changed', 'removed', 'settings'] as const),
]);

/** How much one kind of one server may still tell. */
interface Allowance {
  readonly id: string;
  readonly kind: EventKind;
  left: number;
  /** When it was last counted. */
  at: number;
  dropped: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps a flood of events from filling the history: per server and kind 200 at once, and 60 a minute in the long run. The
 * rest is counted, and the count is told once a minute.
 */
export class EventLimit implements EventSink, Disposable {
  private readonly allowances = new Map<string, Allowance>();

  constructor(
    private readonly next: EventSink,
    private readonly now: (this: void) => number = Date.now,
  ) {}

  add(event: HistoryEvent): void {
    if (!boundedKinds.has(event.kind)) {
      this.next.add(event);
      return;
    }
    const allowance = this.allowanceOf(event);
    if (allowance.left >= 1) {
      allowance.left--;
      this.next.add(event);
      return;
    }
    allowance.dropped++;
    allowance.timer ??= setTimeout(() => {
      this.tell(allowance);
    }, minuteMs);
  }

  /** Tells what was not told yet. */
  dispose(): void {
    for (const allowance of this.allowances.values()) if (allowance.timer !== undefined) this.tell(allowance);
  }

  private allowanceOf({ id, kind }: HistoryEvent): Allowance {
    const now = this.now();
    const key = `${id} ${kind}`;
    let allowance = this.allowances.get(key);
    if (allowance === undefined) {
      allowance = { id, kind, left: burst, at: now, dropped: 0, timer: undefined };
      this.allowances.set(key, allowance);
    }
    // A clock that was set back gives nothing, and takes nothing.
    allowance.left = Math.min(burst, allowance.left + Math.max(0, now - allowance.at) / refillMs);
    allowance.at = now;
    return allowance;
  }

  private tell(allowance: Allowance): void {
    const { id, kind, dropped } = allowance;
    clearTimeout(allowance.timer);
    allowance.timer = undefined;
    allowance.dropped = 0;
    this.next.add({ at: this.now(), id, kind: 'history', data: { trouble: 'too-many-events', kind, dropped } });
  }
}
