import v8 from 'node:v8';
import vm from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Collects garbage now, in some milliseconds. An image of the whole database is as large as everything else together, and
 * V8 sees no hurry to let go of it: it lies outside its heap. Does nothing where that cannot be had.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    v8.setFlagsFromString('--expose-gc');
    const found: unknown = vm.runInNewContext('typeof gc === "function" ? gc : undefined');
    collect = typeof found === 'function' ? (found as () => void) : () => undefined;
  }
  collect();
}

/** To call the collector costs some hundredths of a second: for a smaller image not more often than so. */
const largeImage = 2 * 1024 * 1024;
const collectEveryMs = 5 * 60_000;

/** Of images of the database, which lie outside of what the collector looks after. */
export class ImageCollector {
  private collectedAt = 0;

  /** Nobody holds the image any more. now: milliseconds that never go back. */
  after(imageBytes: number, now: number): void {
    if (imageBytes < largeImage && now - this.collectedAt < collectEveryMs) return;
    this.collectedAt = now;
    setImmediate(collectGarbage);
  }
}
