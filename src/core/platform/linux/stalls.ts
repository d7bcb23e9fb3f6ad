import { numberAt, openKept, readKept } from './procFile.js';

const avg10 = Buffer.from('avg10=');
const point = 46;

/**
 * How long some of the tasks wait for what they want (processor, memory, disk), in percent of the last ten seconds: the
 * kernel's own figure, by a descriptor that stays open. null where the kernel does not tell.
 */
export class Stalls {
  private readonly fd: number | undefined;

  constructor(file: string) {
    this.fd = openKept(file);
  }

  read(): number | null {
    const bytes = this.fd === undefined ? undefined : readKept(this.fd);
    return bytes === undefined ? null : someOf(bytes);
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
