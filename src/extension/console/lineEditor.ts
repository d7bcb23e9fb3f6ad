/* eslint-disable no-control-regex -- terminals speak in control characters */
import { cursorAfter, graphemes } from './width.js';

const prompt = '> ';
const historySize = 200;
// A key that is none of ours does nothing; its sequence must not end up in the text.
const sequence = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[ -~]?)/;

type Key = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'delete' | 'wordLeft' | 'wordRight';

const keys: Readonly<Record<string, Key>> = {
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x1b[3~': 'delete',
  '\x1b[1;5D': 'wordLeft',
  '\x1bb': 'wordLeft',
  '\x1b[1;5C': 'wordRight',
  '\x1bf': 'wordRight',
};

/**
 * The line at the bottom of a console: typed here, sent when complete. Knows what it has drawn, so that it can step aside
 * for what the server prints.
 */
export class LineEditor {
  private text: string[] = [];
  private cursor = 0;
  private readonly history: string[] = [];
  /** history.length: the line that is being typed. */
  private place = 0;
  private draft = '';
  private drawnRows = 0;

  constructor(
    private readonly write: (data: string) => void,
    private readonly submit: (line: string) => void,
    private columns = 80,
  ) {}

  resize(columns: number): void {
    this.columns = Math.max(2, columns);
  }

  /** Takes what was typed or pasted; a paste of several lines is sent line by line. */
  input(data: string): void {
    let rest = data;
    while (rest !== '') {
      const match = sequence.exec(rest);
      if (match !== null) {
        this.key(keys[match[0]]);
        rest = rest.slice(match[0].length);
        continue;
      }
      const end = rest.search(/[\x00-\x1f\x7f]/);
      if (end !== 0) {
        this.insert(end < 0 ? rest : rest.slice(0, end));
        rest = end < 0 ? '' : rest.slice(end);
        continue;
      }
      const size = rest.startsWith('\r\n') ? 2 : 1;
      this.control(rest.charAt(0));
      rest = rest.slice(size);
    }
    this.redraw();
  }

  /** Writes above the line that is being typed. */
  print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.write(this.erase() + lines.map((line) => `${line}\r\n`).join('') + this.draw());
  }

  redraw(): void {
    this.write(this.erase() + this.draw());
  }

  private key(key: Key | undefined): void {
    switch (key) {
      case 'left':
        this.cursor = Math.max(0, this.cursor - 1);
        break;
      case 'right':
        this.cursor = Math.min(this.text.length, this.cursor + 1);
        break;
      case 'home':
        this.cursor = 0;
        break;
      case 'end':
        this.cursor = this.text.length;
        break;
      case 'delete':
        this.text.splice(this.cursor, 1);
        break;
      case 'up':
      case 'down':
        this.browse(key === 'up' ? -1 : 1);
        break;
      case 'wordLeft':
        this.cursor = this.wordLeft();
        break;
      case 'wordRight':
        while (this.cursor < this.text.length && this.text[this.cursor] === ' ') this.cursor++;
        while (this.cursor < this.text.length && this.text[this.cursor] !== ' ') this.cursor++;
        break;
      case undefined:
        break;
    }
  }

  private control(char: string): void {
    switch (char) {
      case '\r':
      case '\n':
        this.enter();
        break;
      case '\x7f':
      case '\b':
        if (this.cursor > 0) this.text.splice(--this.cursor, 1);
        break;
      case '\x01':
        this.cursor = 0;
        break;
      case '\x05':
        this.cursor = this.text.length;
        break;
      case '\x03':
        this.set('');
        this.place = this.history.length;
        break;
      case '\x15':
        this.text.splice(0, this.cursor);
        this.cursor = 0;
        break;
      case '\x0b':
        this.text.splice(this.cursor);
        break;
      case '\x17': {
        const from = this.wordLeft();
        this.text.splice(from, this.cursor - from);
        this.cursor = from;
        break;
      }
      case '\t':
        this.insert(' ');
        break;
      default:
    }
  }

  private enter(): void {
    const line = this.text.join('');
    // It stays to be read, as in any console; an empty one would only push the output up.
    if (line.trim() !== '') {
      this.cursor = this.text.length;
      this.write(`${this.erase()}${this.draw()}\r\n`);
      this.drawnRows = 0;
    }
    this.set('');
    if (line.trim() === '') return;
    if (this.history.at(-1) !== line) this.history.push(line);
    if (this.history.length > historySize) this.history.shift();
    this.place = this.history.length;
    this.submit(line);
  }

  private insert(text: string): void {
    // Once more as a whole: a combining character joins the one before it.
    const before = graphemes(this.text.slice(0, this.cursor).join('') + text.replace(/[\x80-\x9f]/g, ''));
    this.text = [...before, ...this.text.slice(this.cursor)];
    this.cursor = before.length;
  }

  private browse(step: number): void {
    const place = Math.min(this.history.length, Math.max(0, this.place + step));
    if (place === this.place) return;
    if (this.place === this.history.length) this.draft = this.text.join('');
    this.place = place;
    this.set(this.history[place] ?? this.draft);
  }

  private wordLeft(): number {
    let at = this.cursor;
    while (at > 0 && this.text[at - 1] === ' ') at--;
    while (at > 0 && this.text[at - 1] !== ' ') at--;
    return at;
  }

  private set(text: string): void {
    this.text = graphemes(text);
    this.cursor = this.text.length;
  }

  /** Back to the first cell of what was drawn, and everything behind it away. */
  private erase(): string {
    const up = this.drawnRows > 0 ? `\x1b[${String(this.drawnRows)}A` : '';
    return `${up}\r\x1b[J`;
  }

  private draw(): string {
    const shown = [...graphemes(prompt), ...this.text];
    const end = cursorAfter(shown, this.columns);
    const at = cursorAfter(shown.slice(0, prompt.length + this.cursor), this.columns);
    this.drawnRows = at.row;
    const breakLine = end.column === 0 && end.row > 0 ? '\r\n' : '';
    const up = end.row > at.row ? `\x1b[${String(end.row - at.row)}A` : '';
    const right = at.column > 0 ? `\x1b[${String(at.column)}C` : '';
    return `${shown.join('')}${breakLine}${up}\r${right}`;
  }
}
