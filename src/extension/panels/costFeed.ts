import type { CoreStatus } from '../../shared/contract.js';

/** What a feed asks. Every member is asked anew each time. */
export interface CostSource {
  isConnected(): boolean;
  /** Undefined where there is no answer. Never rejects. */
  status(): Promise<CoreStatus | undefined>;
}

/** Rare enough that asking costs nothing that could be measured. */
const everyMs = 30_000;

/**
 * What the monitoring tells of its own cost, for all panels of the window: asked while one of them is shown, and of no
 * connection nothing is known.
 */
export class CostFeed {
  private readonly shown = new Set<object>();
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private told: CoreStatus | undefined;

  constructor(
    private readonly source: CostSource,
    private readonly changed: () => void,
  ) {}

  get status(): CoreStatus | undefined {
    return this.source.isConnected() ? this.told : undefined;
  }

  /** `who` is a panel whose view is shown from now on, or not any more. */
  show(who: object, isShown: boolean): void {
    if (isShown) this.shown.add(who);
    else this.shown.delete(who);
    this.update();
  }

  /** The connection may have changed, too. */
  update(): void {
    const isConnected = this.source.isConnected();
    // Another one may be of another monitoring.
    if (!isConnected) this.told = undefined;
    if (!isConnected || this.shown.size === 0) this.pause();
    else if (this.timer === undefined) this.ask();
  }

  dispose(): void {
    this.shown.clear();
    this.pause();
  }

  private pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asked++;
  }

  private ask(): void {
    const question = ++this.asked;
    this.timer = setTimeout(() => this.ask(), everyMs);
    void this.source.status().then((status) => {
      // Nobody waits for it any more, or there is a newer one.
      if (question !== this.asked) return;
      this.told = status;
      this.changed();
    });
  }
}
