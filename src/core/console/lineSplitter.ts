import { ConsoleEncoding } from './consoleEncoding.js';

/** A line longer than this is cut: nobody reads it, and a pattern must not crawl over megabytes. */
const maxLineChars = 4000;
/** In no encoding do so many characters take more. */
const maxLineBytes = 4 * maxLineChars + 4;
const nothing = Buffer.alloc(0);
const lf = 10;
const cr = 13;

const onlyUtf8 = new ConsoleEncoding(() => []);

/**
 * Bytes in, whole lines out. Line ends may be LF, CRLF or, as progress displays do, CR alone. A line is decoded when it has
 * ended, so that no character is torn apart; in no encoding is one of those bytes a part of a character.
 */
export class LineSplitter {
  /** The unfinished line. */
  private rest: Buffer = nothing;

  constructor(private readonly encoding: ConsoleEncoding = onlyUtf8) {}

  push(bytes: Buffer): string[] {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    // A CR at the end may be the first half of a line's end.
    const lastCr = all.length < 2 ? -1 : all.lastIndexOf(cr, all.length - 2);
    const end = Math.max(all.lastIndexOf(lf), lastCr) + 1;
    this.rest = unfinished(all.subarray(end));
    if (end === 0) return [];
    const whole = all.subarray(0, end);
    if (!this.encoding.isAllUtf8(whole)) return this.oneByOne(whole);
    const text = whole.toString('utf8');
    const lines = lastCr < 0 ? text.split('\n') : text.split(/\r\n|\n|\r/);
    lines.pop();
    lines.forEach((line, n) => {
      if (line.length > maxLineChars) lines[n] = cut(line);
    });
    return lines;
  }

  /** The unfinished line, when no more will come. */
  flush(): string[] {
    const { rest } = this;
    this.reset();
    const line = rest.at(-1) === cr ? rest.subarray(0, -1) : rest;
    return line.length === 0 ? [] : [this.decode(line)];
  }

  reset(): void {
    this.rest = nothing;
  }

  private oneByOne(whole: Buffer): string[] {
    const lines: string[] = [];
    for (let from = 0; from < whole.length;) {
      let to = from;
      while (whole[to] !== lf && whole[to] !== cr) to++;
      lines.push(this.decode(whole.subarray(from, to)));
      from = to + (whole[to] === cr && whole[to + 1] === lf ? 2 : 1);
    }
    return lines;
  }

  private decode(line: Buffer): string {
    const isCut = line.length >= maxLineBytes;
    return cut(this.encoding.decode(isCut ? withoutHalf(line.subarray(0, maxLineBytes)) : line));
  }
}

function cut(line: string): string {
  return line.length > maxLineChars ? line.slice(0, maxLineChars) : line;
}

/** As much of it as is ever shown. Copied: the bytes belong to whoever has read them. */
function unfinished(line: Buffer): Buffer {
  if (line.length === 0) return nothing;
  if (line.length <= maxLineBytes) return Buffer.from(line);
  const kept = line.subarray(0, maxLineBytes);
  return line.at(-1) === cr ? Buffer.concat([kept, line.subarray(-1)]) : Buffer.from(kept);
}

/** Without a character of UTF-8 of which only the beginning is there: it must not make the rest look like something else. */
function withoutHalf(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes.at(-back) ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, -back);
    if (byte < 0x80) break;
  }
  return bytes;
}
