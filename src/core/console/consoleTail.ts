import fs from 'node:fs';
import type { ConsolePort, ConsoleReader, NewLines } from '../ports.js';
import { LineSplitter } from './lineSplitter.js';

/** Read at most this much at a time; when more has come, only the newest part is read and the gap is told. */
const maxReadBytes = 64 * 1024;
const buffer = Buffer.allocUnsafe(maxReadBytes);

const none: NewLines = { lines: [], skippedBytes: 0 };

/** Follows what a server appends to its console file. The server never waits for it. */
class ConsoleTail implements ConsoleReader {
  private fd: number | undefined;
  private readonly splitter = new LineSplitter();
  private isMidLine = false;

  /** offset: where to begin, in bytes from the file's start. */
  constructor(
    private readonly file: string,
    private offset: number,
  ) {}

  /** What has come since the last call. Never throws; a missing file has no news. */
  read(): NewLines {
    try {
      this.fd ??= fs.openSync(this.file, 'r');
      const { size } = fs.fstatSync(this.fd);
      // Shorter than what was read: somebody emptied it, or its head was cut off. What is there now is new.
      if (size < this.offset) {
        this.offset = 0;
        this.splitter.reset();
      }
      if (size === this.offset) return none;
      const from = Math.max(this.offset, size - maxReadBytes);
      const skippedBytes = from - this.offset;
      if (skippedBytes > 0) {
        this.splitter.reset();
        this.isMidLine = true;
      }
      const bytes = fs.readSync(this.fd, buffer, 0, maxReadBytes, from);
      this.offset = from + bytes;
      const lines = this.splitter.push(buffer.subarray(0, bytes));
      // What comes first after a gap is most likely the end of a longer line.
      if (this.isMidLine && lines.length > 0) {
        lines.shift();
        this.isMidLine = false;
      }
      return { lines, skippedBytes };
    } catch {
      return none;
    }
  }

  /** The last words: also a line without an end. */
  finish(): NewLines {
    const { lines, skippedBytes } = this.read();
    return { lines: [...lines, ...this.splitter.flush()], skippedBytes };
  }

  dispose(): void {
    if (this.fd !== undefined) fs.closeSync(this.fd);
    this.fd = undefined;
  }
}

export const consoles: ConsolePort = {
  size: (file) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0,
  open: (file, offset) => new ConsoleTail(file, offset),
  append: (file, line) => {
    try {
      fs.appendFileSync(file, line + '\n', { mode: 0o600 });
    } catch {
      // A full disk; the tree and the log say it too.
    }
  },
};

const maxTailBytes = 1024 * 1024;

/** The last lines of a file, oldest first; empty when it is not there. from: nothing before this byte of it counts. */
export function lastLines(file: string, count: number, from = 0): string[] {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fs.fstatSync(fd);
    // Shorter than that: it was emptied since, and all that is there is newer.
    const begin = from > size ? 0 : from;
    const wanted = Math.min(size - begin, maxTailBytes);
    const bytes = Buffer.alloc(wanted);
    const read = fs.readSync(fd, bytes, 0, wanted, size - wanted);
    const splitter = new LineSplitter();
    const lines = [...splitter.push(bytes.subarray(0, read)), ...splitter.flush()];
    if (wanted < size - begin) lines.shift();
    return lines.slice(-count);
  } catch {
    return [];
  } finally {
    fs.closeSync(fd);
  }
}
