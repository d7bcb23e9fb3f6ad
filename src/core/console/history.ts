import fs from 'node:fs';
import type { ConsoleEncoding } from './consoleEncoding.js';
import { olderFiles } from './consoleFiles.js';
import { LineSplitter } from './lineSplitter.js';

const megabyte = 1024 * 1024;
/** At least, and at most, so much is read; in between it follows from how many lines are wanted. */
const leastBytes = megabyte;
const mostBytes = 8 * megabyte;
const bytesPerLine = 820;
/** What the lines may take as JSON: no message of ours may pass 8 MB. */
const mostJsonBytes = 6 * megabyte;

/**
 * The last lines of a console, oldest first; empty when there is none. Where its file does not hold enough, its older parts
 * are read on into: together they are one stream, and a line may begin in one and end in the next. from: where the oldest
 * line that counts begins, in bytes from the file's start; negative: so many before it, in older files.
 */
export function lastLines(file: string, count: number, from = -Infinity, encoding?: ConsoleEncoding): string[] {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  // Shorter than that: it was emptied since, and all that is there is newer.
  let allowed = from > size ? size : size - from;
  let budget = Math.min(mostBytes, Math.max(leastBytes, count * bytesPerLine));
  // One more than wanted: the oldest may be the end of a longer one.
  let missing = count + 1;
  let isWhole = true;
  const blocks: Buffer[] = [];
  for (const name of [file, ...olderFiles(file).map((older) => older.file)]) {
    const end = endOf(name, Math.min(budget, allowed));
    if (end === undefined) continue;
    blocks.unshift(end.bytes);
    isWhole = end.isWhole || end.bytes.length === allowed;
    budget -= end.bytes.length;
    allowed -= end.bytes.length;
    missing -= breaksIn(end.bytes);
    if (missing <= 0 || budget <= 0 || allowed <= 0) break;
  }
  const splitter = new LineSplitter(encoding);
  const lines = [...blocks.flatMap((block) => splitter.push(block)), ...splitter.flush()];
  if (!isWhole) lines.shift();
  return newestThatFit(lines.slice(-count));
}

/** The last bytes of a file; undefined when it cannot be read. */
function endOf(file: string, most: number): { bytes: Buffer; isWhole: boolean } | undefined {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const { size } = fs.fstatSync(fd);
    const wanted = Math.min(size, most);
    const bytes = Buffer.alloc(wanted);
    const read = fs.readSync(fd, bytes, 0, wanted, size - wanted);
    return { bytes: bytes.subarray(0, read), isWhole: wanted === size };
  } catch {
    return undefined;
  } finally {
    fs.closeSync(fd);
  }
}

function breaksIn(bytes: Buffer): number {
  let breaks = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) breaks++;
  return breaks;
}

function newestThatFit(lines: readonly string[]): string[] {
  let room = mostJsonBytes;
  let from = lines.length;
  while (from > 0) {
    room -= Buffer.byteLength(JSON.stringify(lines[from - 1])) + 1;
    if (room < 0) break;
    from--;
  }
  return lines.slice(from);
}
