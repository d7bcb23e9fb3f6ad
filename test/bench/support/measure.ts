import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Seconds of CPU that this process has used so far, all its threads, user and system. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Collects garbage at once. The switch is set here, so that no bench depends on how its Node was started. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

export const residentBytes = (): number => process.memoryUsage.rss();

function readOwn(file: string, field: RegExp): number | undefined {
  try {
    const found = field.exec(readFileSync(`/proc/self/${file}`, 'utf8'));
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined; // not a Linux
  }
}

/** The most memory this process has held since `resetHighWater`, in bytes; undefined where nobody counts it. */
export function highWaterBytes(): number | undefined {
  const kilobytes = readOwn('status', /^VmHWM:\s+(\d+) kB/m);
  return kilobytes === undefined ? undefined : kilobytes * 1024;
}

export function resetHighWater(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not a Linux: highWaterBytes has nothing to say either.
  }
}

/** Bytes that this process has caused to be written, as Linux counts them: whole pages, the journal of ext4 left out. */
export const writtenBytes = (): number | undefined => readOwn('io', /^write_bytes: (\d+)/m);

/** The value in the middle; of an even number of values the upper one of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
