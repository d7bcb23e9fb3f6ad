import fs from 'node:fs';

/** One buffer for all reads: they are synchronous, and each is parsed before the next begins. */
export const lastRead = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads a file of /proc through a descriptor that stays open into `lastRead`. Answers how many bytes; 0 once its process is gone
 * (ESRCH). For what is read in every round of every process: a view of the bytes costs as much as reading them.
 */
export function readLength(fd: number): number {
  try {
    return fs.readSync(fd, lastRead, 0, lastRead.length, 0);
  } catch {
    return 0;
  }
}

/** The same as a buffer that is valid until the next read; undefined once its process is gone. */
export function readKept(fd: number): Buffer | undefined {
  try {
    return lastRead.subarray(0, fs.readSync(fd, lastRead, 0, lastRead.length, 0));
  } catch {
    return undefined;
  }
}

export function openKept(file: string): number | undefined {
  try {
    return fs.openSync(file, 'r');
  } catch {
    return undefined;
  }
}

export function closeKept(fd: number | undefined): void {
  if (fd === undefined) return;
  try {
    fs.closeSync(fd);
  } catch {
    // A descriptor of /proc has nothing to flush.
  }
}

const zero = 48;
const space = 32;

/** The n-th number (0-based) of blank-separated text from `start`; NaN where there is none. Allocates nothing. */
export function numberAt(bytes: Buffer, start: number, n: number): number {
  let at = start;
  for (let skipped = 0; skipped < n; skipped++) {
    while (at < bytes.length && bytes[at] !== space) at++;
    at++;
  }
  let value = 0;
  const first = at;
  for (; at < bytes.length; at++) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at === first ? NaN : value;
}

/**
 * The blank-separated numbers from `start` to `end`, as many as there is room for in `to`; NaN for what is none. Where `wanted` has
 * a 0 the field is passed over: large numbers of no interest cost garbage until this is compiled.
 */
export function readFields(bytes: Buffer, start: number, end: number, to: Float64Array, wanted: Uint8Array): void {
  let at = start;
  for (let field = 0; field < to.length; field++) {
    if (wanted[field] === 0) {
      while (at < end && bytes[at] !== space) at++;
      at++;
      continue;
    }
    let value = 0;
    const first = at;
    let digits = 0;
    for (; at < end && bytes[at] !== space; at++) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9 || at - first !== digits) continue;
      value = value * 10 + digit;
      digits++;
    }
    to[field] = digits === 0 ? NaN : value;
    at++;
  }
}

const closingParenthesis = 41;
/** A pid and a name of the kernel's own are no longer; what follows the name has no ')'. */
const longestName = 96;

/** Where field 3 (the state letter) of a stat file begins: behind the last ')', since names may hold blanks and ')'. */
export function afterName(stat: Buffer, length = stat.length): number {
  let at = Math.min(length, longestName) - 1;
  while (at >= 0 && stat[at] !== closingParenthesis) at--;
  return at + 2;
}
