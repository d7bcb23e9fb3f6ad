import fs from 'node:fs';
import type { ConsoleReader, NewLines } from '../ports.js';
import type { ConsoleEncoding } from './consoleEncoding.js';
import { LineSplitter } from './lineSplitter.js';

/** What is read at once; also all that is read of a flood. */
const pieceBytes = 64 * 1024;
/** A server may print this much on average, in bytes per second, and every line of it is read. */
const readRate = 1024 * 1024;
/** What a quiet time saves up for a burst, and what may be read unseen after a start. */
const mostCredit = 8 * 1024 * 1024;
const firstCredit = 1024 * 1024;
/** A flood is over when nothing was passed over for this long. */
const calmMs = 60_000;
/** So soon it is noticed that somebody has emptied the file, or that it has to be cut for other reasons than its growth. */
const sizeEveryMs = 5000;
const buffer = Buffer.allocUnsafe(pieceBytes);

const none: NewLines = { lines: [], skippedBytes: 0, hasMore: false };

export interface TailEvents {
  /** The file's size, as of this look. */
  seen(size: number): void;
  /** The server has begun to print faster than it can be read. */
  flooded(skippedBytes: number): void;
}

/** Follows what a server appends to its console file. The server never waits for it. */
export class ConsoleTail implements ConsoleReader {
  private fd: number | undefined;
  private readonly splitter: LineSplitter;
  private isMidLine = false;
  /** As far as the look under way goes. */
  private goal = 0;
  private credit = firstCredit;
  private creditAt: number;
  private skippedAt = -Infinity;
  /** When its size was last asked for. */
  private sizedAt = -Infinity;
  /** So many bytes are being cut off the file's start: from one moment to the next every offset is another. */
  private cutting: number | undefined;

  /** offset: where to begin, in bytes from the file's start. now: milliseconds that never go back. */
  constructor(
    private readonly file: string,
    private offset: number,
    private readonly events: TailEvents,
    private readonly now: () => number,
    encoding?: ConsoleEncoding,
  ) {
    this.splitter = new LineSplitter(encoding);
    this.creditAt = now();
  }

  /** What has come since the last call. Never throws; a missing file has no news. */
  read(): NewLines {
    if (this.cutting !== undefined) return none;
    try {
      this.fd ??= fs.openSync(this.file, 'r');
      const isNewLook = this.offset >= this.goal;
      let bytes = this.piece(this.fd, isNewLook ? pieceBytes : this.goal - this.offset);
      let skippedBytes = 0;
      if (isNewLook && !this.isAll(bytes)) {
        // Nearly always there is nothing new, and that has to cost nothing.
        if (bytes === 0 && this.now() - this.sizedAt < sizeEveryMs) return none;
        skippedBytes = this.look(this.fd);
        if (this.offset >= this.goal) return none;
        bytes = this.piece(this.fd, this.goal - this.offset);
      }
      this.offset += bytes;
      // It has become shorter this very moment: the next look sees to it.
      if (bytes === 0) this.goal = this.offset;
      const fresh = buffer.subarray(0, bytes);
      const lines = this.splitter.push(this.isMidLine ? fromWhole(fresh) : fresh);
      // What comes first after a gap is most likely the end of a longer line.
      if (this.isMidLine && lines.length > 0) {
        lines.shift();
        this.isMidLine = false;
      }
      return { lines, skippedBytes, hasMore: this.offset < this.goal };
    } catch {
      return none;
    }
  }

  /** The last words: also a line without an end. To be called when a read had no more to tell. */
  finish(): NewLines {
    this.guessCut();
    const lines: string[] = [];
    let skippedBytes = 0;
    for (let news = this.read(); news !== none; news = this.read()) {
      lines.push(...news.lines);
      skippedBytes += news.skippedBytes;
      if (!news.hasMore) break;
    }
    return { lines: [...lines, ...this.splitter.flush()], skippedBytes, hasMore: false };
  }

  /** From here on nothing is read until it is known whether these bytes are gone from the file's start. */
  hold(bytes: number): void {
    this.cutting = bytes;
    this.goal = 0;
  }

  get isHeld(): boolean {
    return this.cutting !== undefined;
  }

  /** bytes: how many are gone; 0 when nothing has happened. */
  release(bytes: number): void {
    this.cutting = undefined;
    this.offset = Math.max(0, this.offset - bytes);
  }

  dispose(): void {
    if (this.fd !== undefined) fs.closeSync(this.fd);
    this.fd = undefined;
  }

  private piece(fd: number, wanted: number): number {
    return fs.readSync(fd, buffer, 0, Math.min(pieceBytes, wanted), this.offset);
  }

  /** True where a new look has read something, and there was no more. */
  private isAll(bytes: number): boolean {
    if (bytes === 0 || bytes === pieceBytes) return false;
    this.goal = this.offset + bytes;
    this.events.seen(this.goal);
    this.earn(this.now());
    this.credit = Math.max(0, this.credit - bytes);
    return true;
  }

  private earn(now: number): void {
    this.credit = Math.min(mostCredit, this.credit + ((now - this.creditAt) / 1000) * readRate);
    this.creditAt = now;
  }

  /** Begins a look: how far it goes, and what is passed over for it. Answers the latter, in bytes. */
  private look(fd: number): number {
    const now = this.now();
    const { size } = fs.fstatSync(fd);
    this.sizedAt = now;
    this.events.seen(size);
    // Shorter than what was read: somebody emptied it. What is there now is new.
    if (size < this.offset) {
      this.offset = 0;
      this.splitter.reset();
    }
    this.goal = size;
    this.earn(now);
    const fresh = size - this.offset;
    if (fresh <= Math.max(this.credit, pieceBytes)) {
      this.credit = Math.max(0, this.credit - fresh);
      return 0;
    }
    return this.passOver(fresh - pieceBytes, now);
  }

  private passOver(skipped: number, now: number): number {
    this.offset += skipped;
    this.splitter.reset();
    this.isMidLine = true;
    this.credit = 0;
    if (now - this.skippedAt > calmMs) this.events.flooded(skipped);
    this.skippedAt = now;
    return skipped;
  }

  /**
   * The server has ended while its file was being cut, and nobody waits for last words. The file only grows otherwise, so
   * a shorter one has been cut; one that grew by as much in that moment is a flood, of which only the end is read anyway.
   */
  private guessCut(): void {
    if (this.cutting === undefined || this.fd === undefined) return;
    const isShorter = fs.fstatSync(this.fd).size < this.offset;
    this.release(isShorter ? this.cutting : 0);
  }
}

/** Without the end of a character of UTF-8 that begins before: its line must not look like one of another encoding. */
function fromWhole(bytes: Buffer): Buffer {
  let from = 0;
  while (from < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  return bytes.subarray(from);
}
