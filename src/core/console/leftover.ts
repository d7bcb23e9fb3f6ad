import type { FileRangePort } from '../ports.js';
import { dropCopy, dropCut, hasHappened, putInPlace, unfinishedCut, type Cut } from './cut.js';
import type { ConsoleLimits } from './limits.js';
import { pauseAfter } from './retry.js';

/**
 * How long a collapse that an earlier core has begun is waited for, and how long after it did not end in that time: this
 * process stands still meanwhile, and must not do so again and again.
 */
const strayWaitMs = 2000;
const shortWaitMs = 20;

export interface LeftoverTools {
  readonly ranges: FileRangePort;
  limits(): ConsoleLimits;
  /** Something of our own is under way with the file: what is found there is no leftover. */
  isBusy(): boolean;
  isClosing(): boolean;
  /** Told before anything is done about it: whether the head is gone from the file; undefined: no cut was left half done. */
  decided(cut: Cut | undefined, isGone: boolean): void;
  /** times: how often in a row by now. */
  failed(error: unknown, times: number): void;
}

/** What an earlier core has left half done with one console file: finished at once or, where that fails, later by itself. */
export class Leftover {
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private found: Cut | undefined;

  constructor(
    private readonly file: string,
    private readonly tools: LeftoverTools,
  ) {}

  /** How many bytes may be gone from the file's start; 0 where even that is not known. */
  get bytes(): number {
    return this.found?.bytes ?? 0;
  }

  /** Throws where it cannot be finished now; it is tried again after a pause. */
  finish(): void {
    try {
      this.settle();
    } catch (error) {
      this.failures++;
      this.tryLater();
      this.tools.failed(error, this.failures);
      throw error;
    }
    this.failures = 0;
    this.dispose();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private settle(): void {
    const cut = unfinishedCut(this.file);
    this.found = cut;
    const isGone = cut !== undefined && this.isGone(cut);
    this.tools.decided(cut, isGone);
    if (cut !== undefined && isGone) putInPlace(this.file, cut, this.tools.limits().keepFiles);
    else if (cut !== undefined) dropCut(this.file);
    dropCopy(this.file);
  }

  private isGone(cut: Cut): boolean {
    const waitMs = this.failures === 0 ? strayWaitMs : shortWaitMs;
    if (!this.tools.ranges.endStray(this.file, waitMs)) throw new Error('its cut does not end');
    return hasHappened(this.file, cut);
  }

  private tryLater(): void {
    if (this.tools.isClosing()) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tryAgain();
    }, pauseAfter(this.failures)).unref();
  }

  private tryAgain(): void {
    if (this.tools.isClosing()) return;
    if (this.tools.isBusy()) {
      this.tryLater();
      return;
    }
    try {
      this.finish();
    } catch {
      // Told, and tried again later.
    }
  }
}
