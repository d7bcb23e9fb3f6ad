/** A block of Valve's text format: by keys in lower case; of several the last counts. */
export interface Vdf {
  readonly [key: string]: string | Vdf | undefined;
}

const deepest = 16;

/** Reads libraryfolders.vdf and appmanifest_*.acf. Tolerant: of a broken text, what could be understood. Never throws. */
export function parseVdf(text: string): Vdf {
  const tokens = text.matchAll(/\/\/[^\r\n]*|"((?:\\[^]|[^"\\])*)"?|([{}])|([^\s"{}]+)/g);
  const open: Record<string, string | Vdf | undefined>[] = [emptyBlock()];
  let key: string | undefined;
  let skipped = 0;
  for (const [whole, quoted, bracket, bare] of tokens) {
    const block = open.at(-1);
    if (block === undefined) break;
    if (bracket === '{') {
      // Deeper than any real one: passed over, so that nothing can be nested without end.
      if (open.length >= deepest) skipped++;
      else open.push((block[key ?? ''] = emptyBlock()));
      key = undefined;
    } else if (bracket === '}') {
      if (skipped > 0) skipped--;
      else if (open.length > 1) open.pop();
      key = undefined;
    } else if (!whole.startsWith('//') && skipped === 0) {
      const value = bare ?? (quoted ?? '').replace(/\\([^])/g, (_, char: string) => (char === 'n' ? '\n' : char));
      if (key === undefined) key = value.toLowerCase();
      else {
        block[key] = value;
        key = undefined;
      }
    }
  }
  return open[0] ?? {};
}

/** Without a prototype: a key may have any name. */
function emptyBlock(): Record<string, string | Vdf | undefined> {
  return Object.create(null) as Record<string, string | Vdf | undefined>;
}
