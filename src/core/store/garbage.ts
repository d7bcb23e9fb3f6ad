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
