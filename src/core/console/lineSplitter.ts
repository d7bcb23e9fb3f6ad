import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut: nobody reads it, and a pattern must not crawl over megabytes. */
const maxLineChars = 4000;

/** Bytes in, whole lines out. Line ends may be LF, CRLF or, as progress displays do, CR alone. */
export class LineSplitter {
  private decoder = new StringDecoder('utf8');
  private rest = '';

  push(bytes: Buffer): string[] {
    const text = this.rest + this.decoder.write(bytes);
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    const last = lines.pop() ?? '';
    // A CR at the end may be the first half of a line's end, and stays, however much is cut.
    const end = last.endsWith('\r') ? '\r' : '';
    this.rest = last.length > maxLineChars ? last.slice(0, maxLineChars) + end : last;
    return lines.map((line) => (line.length > maxLineChars ? line.slice(0, maxLineChars) : line));
  }

  /** The unfinished line, when no more will come. */
  flush(): string[] {
    const rest = (this.rest + this.decoder.end()).replace(/\r$/, '');
    this.reset();
    return rest === '' ? [] : [rest];
  }

  reset(): void {
    this.decoder = new StringDecoder('utf8');
    this.rest = '';
  }
}
