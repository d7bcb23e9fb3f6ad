import type { Incident } from './record.js';

const maxChars = 64 * 1024;
/** Longer lines are not matched: patterns come from people, and some are slow. */
const maxMatchedChars = 1000;

/** The newest of a server's last lines that fit, and what they tell. */
export function evidenceOf(
  lines: readonly string[],
  crashPattern: string | undefined,
): Pick<Incident, 'lines' | 'said' | 'outOfMemory'> {
  const kept = newest(lines);
  const crash = crashPattern === undefined || crashPattern === '' ? undefined : new RegExp(crashPattern, 'u');
  return {
    lines: kept,
    said: kept.find((line) => line.length <= maxMatchedChars && crash?.test(line)) ?? null,
    outOfMemory: kept.find((line) => line.includes('java.lang.OutOfMemoryError')) ?? null,
  };
}

function newest(lines: readonly string[]): string[] {
  let chars = 0;
  let first = lines.length;
  while (first > 0) {
    chars += (lines[first - 1]?.length ?? 0) + 1;
    if (chars > maxChars) break;
    first--;
  }
  return lines.slice(first);
}
