import type { Baseline } from '../baseline/baseline.js';
import type { SaveCycle } from '../saveCycle/saveCycle.js';
import type { FindingBook } from './findingBook.js';

const minuteMs = 60_000;

/** Saves that do not come or do not end, as findings. */
export class SaveInsight {
  constructor(
    private readonly cycle: SaveCycle,
    private readonly book: FindingBook,
    private readonly baseline: Baseline,
  ) {}

  /** Once a minute. isMuted: nothing new is to be told now. */
  review(at: number, isMuted: boolean): void {
    const trouble = this.cycle.review(at);
    if (trouble === null) {
      if (this.book.of('save') !== undefined) this.book.over('save', at);
      return;
    }
    if (isMuted) return;
    const { is, since, until, limitMs, usualMs } = trouble;
    const value = trouble.tookMs ?? at - since;
    const standing = {
      ...{ at, ms: minuteMs, value, excess: value / limitMs },
      ...{ low: 0, mid: usualMs ?? limitMs, high: limitMs, players: NaN },
    };
    if (this.book.of('save') === undefined)
      this.book.begin({
        ...{
          kind: is === 'long' ? 'save-long' : 'save-missing',
          metric: 'save',
          cause: 'save',
          begin: since,
          standing,
        },
        ...{ by: this.baseline.method, confidence: this.cycle.view().confidence },
      });
    else this.book.progress('save', standing);
    if (until !== null) this.book.over('save', until);
  }
}
