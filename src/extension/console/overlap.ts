/**
 * The lines of `next` that do not stand at the end of `shown` already. Both are windows on one stream, `next` the later
 * one; the longest end of the first that begins the second is what they share. undefined: they share nothing.
 */
export function newLines(shown: readonly string[], next: readonly string[]): readonly string[] | undefined {
  for (let size = Math.min(shown.length, next.length); size > 0; size--) {
    const from = shown.length - size;
    let same = true;
    for (let i = 0; i < size && same; i++) same = shown[from + i] === next[i];
    if (same) return next.slice(size);
  }
  return undefined;
}
