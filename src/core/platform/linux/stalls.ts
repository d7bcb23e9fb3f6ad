import { numberAt, openKept, readKept } from './procFile.js';

const avg10 = Buffer.from('avg10=');
const point = 46;
/** What is an average of ten seconds need not be read more often. */
const everyMs = 5000;

/**
 * How long some of the tasks wait for what they want (processor, memory, disk), in percent of the last ten seconds: the
 * kernel's own figure, by a descriptor that stays open. null where the kernel does not tell.
 */
export class Stalls {
  private readonly fd: number | undefined;
  private readAt = -Infinity;
  private last: number | null = null;

  constructor(file: string) {
    this.fd = openKept(file);
  }

  /** now: milliseconds of a clock that nobody sets. The kernel makes its average anew every two seconds. */
  read(now = performance.now()): number | null {
    if (this.fd === undefined || now - this.readAt < everyMs) return this.last;
    this.readAt = now;
    const bytes = readKept(this.fd);
    this.last = bytes === undefined ? null : someOf(bytes);
    return this.last;
  }
}

/** Of "some avg10=1.23 avg60=…", the line that comes first. null where it says something else. */
export function someOf(bytes: Buffer): number | null {
  const found = bytes.indexOf(avg10);
  if (found < 0) return null;
  const at = found + avg10.length;
  const whole = numberAt(bytes, at, 0);
  let dot = at;
  while (dot < bytes.length && bytes[dot] !== point) dot++;
  // The kernel always writes two places.
  const percent = whole + numberAt(bytes, dot + 1, 0) / 100;
  return Number.isFinite(percent) ? percent : null;
}
