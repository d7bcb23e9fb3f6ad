/* eslint-disable no-control-regex -- control characters are what this is about */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineEditor } from '../../../src/extension/console/lineEditor.js';
import { newLines } from '../../../src/extension/console/overlap.js';
import { sanitizeLine } from '../../../src/extension/console/sanitize.js';
import { cellsOf, cursorAfter, graphemes } from '../../../src/extension/console/width.js';

describe('sanitizing output', () => {
  test.each<[string, string, string]>([
    ['plain text and tabs stay', 'a\tb 안녕 🎮', 'a\tb 안녕 🎮'],
    ['colours stay and end with the line', '\x1b[31;1mred', '\x1b[31;1mred\x1b[0m'],
    ['true colours in both spellings', '\x1b[38;2;1;2;3mx\x1b[38:5:9my', '\x1b[38;2;1;2;3mx\x1b[38:5:9my\x1b[0m'],
    ['titles go', 'a\x1b]0;evil\x07b', 'ab'],
    ['titles ended the other way', 'a\x1b]0;evil\x1b\\b', 'ab'],
    ['titles without an end', 'a\x1b]0;evil', 'a'],
    ['clipboard writes go', '\x1b]52;c;ZXZpbA==\x07ok', 'ok'],
    ['links go, their text stays', '\x1b]8;;http://evil\x07text\x1b]8;;\x07', 'text'],
    ['cursor movement goes', 'a\x1b[2J\x1b[H\x1b[1;1Hb', 'ab'],
    ['private modes go', '\x1b[?1049hx\x1b[?25l', 'x'],
    ['questions that the terminal would answer go', '\x1b[6n\x1b[c\x1b[>0q\x05x', 'x'],
    ['device control strings go', '\x1bP$q"p\x1b\\x', 'x'],
    ['C1 forms of the same', '\x9b2Jx\x9d0;evil\x9cy\x90q\x9cz', 'xyz'],
    ['C1 colours become plain ones', '\x9b31mx', '\x1b[31mx\x1b[0m'],
    ['bell and backspace go', 'a\x07\x08\x08b', 'ab'],
    ['a line drawn over itself is told one after the other', '10%\r20%\r', '10% 20%'],
    ['the end of a Windows line goes', 'text\r', 'text'],
    ['resets of the terminal go', '\x1bcx', 'x'],
    ['a lone escape goes', 'x\x1b', 'x'],
    ['an unfinished sequence goes', 'x\x1b[31', 'x'],
    ['m with an intermediate is no colour', '\x1b[1$mx', 'x'],
    ['m with a private mark is no colour', '\x1b[>4mx', 'x'],
    ['escapes inside escapes', '\x1b\x1b[2J]0;evil\x07x', '0;evilx'],
    ['line breaks inside a line', 'a\nb', 'ab'],
  ])('%s', (_, line, safe) => {
    expect(sanitizeLine(line)).toBe(safe);
  });

  test('nothing but text, tabs and colours ever passes', () => {
    const parts = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '31',
      ';',
      'm',
      'H',
      '\x9b',
      '\x9d',
      '\x07',
      '\\',
      '\r',
      '?',
      'P',
      'a',
      '가',
      ' ',
    );
    const lines = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts, { maxLength: 40 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(lines, (line) => {
        expect(sanitizeLine(line)).toMatch(/^(?:[^\x00-\x08\x0a-\x1f\x7f-\x9f]|\x1b\[[0-9;:]*m)*$/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('an endless line is cut, and takes no time', () => {
    const began = performance.now();
    expect(sanitizeLine('\x1b[31'.repeat(250_000)).length).toBeLessThan(9000);
    expect(sanitizeLine('\x1b]'.repeat(500_000)).length).toBeLessThan(9000);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('cells', () => {
  test.each([
    ['a', 1],
    ['é', 1],
    ['한', 2],
    ['漢', 2],
    ['Ａ', 2],
    ['🎮', 2],
    ['\u0301', 0],
    ['\u200b', 0],
    ['–', 1],
  ])('%s', (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });

  test('characters as people count them', () => {
    expect(graphemes('e\u0301👨‍👩‍👧한')).toEqual(['e\u0301', '👨‍👩‍👧', '한']);
  });

  test('a wide character does not fit into the last cell', () => {
    expect(cursorAfter(graphemes('abc'), 4)).toEqual({ row: 0, column: 3 });
    expect(cursorAfter(graphemes('abcd'), 4)).toEqual({ row: 1, column: 0 });
    expect(cursorAfter(graphemes('abc한'), 4)).toEqual({ row: 1, column: 2 });
  });
});

describe('lines after a gap', () => {
  test.each<[string[], string[], string[] | undefined]>([
    [['a', 'b', 'c'], ['b', 'c', 'd'], ['d']],
    [['a', 'b'], ['a', 'b'], []],
    [
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ],
    [['x', 'x'], ['x', 'x', 'x'], ['x']],
    [['a'], ['b'], undefined],
    [[], ['a'], undefined],
  ])('%j then %j', (shown, next, expected) => {
    expect(newLines(shown, next)).toEqual(expected);
  });
});

/** As much of a terminal as the editor uses: enough to see what a person would see. */
class Screen {
  private readonly cells: string[][] = [[]];
  row = 0;
  column = 0;

  constructor(private readonly columns: number) {}

  write(data: string): void {
    let rest = data;
    while (rest !== '') {
      const sequence = /^\x1b\[(\d*)([A-Z])/.exec(rest);
      if (sequence !== null) {
        this.move(sequence[2]!, Number(sequence[1] || 1));
        rest = rest.slice(sequence[0].length);
        continue;
      }
      const [first = ''] = graphemes(rest);
      if (first === '\r\n') this.control('\r\n');
      else if (first === '\r' || first === '\n') this.control(first);
      else this.put(first);
      rest = rest.slice(first.length);
    }
  }

  get lines(): string[] {
    return this.cells.map((row) => row.join('').trimEnd());
  }

  private control(characters: string): void {
    for (const character of characters) {
      if (character === '\r') this.column = 0;
      else {
        this.row++;
        this.cells[this.row] ??= [];
      }
    }
  }

  private put(character: string): void {
    if (this.column + cellsOf(character) > this.columns) this.control('\r\n');
    const row = (this.cells[this.row] ??= []);
    while (row.length < this.column) row.push(' ');
    row[this.column] = character;
    if (cellsOf(character) === 2) row[this.column + 1] = '';
    this.column += cellsOf(character);
  }

  private move(how: string, by: number): void {
    if (how === 'A') this.row = Math.max(0, this.row - by);
    else if (how === 'C') this.column += by;
    else if (how === 'J') {
      this.cells[this.row] = (this.cells[this.row] ?? []).slice(0, this.column);
      this.cells.length = this.row + 1;
    }
  }
}

function editor(columns = 40): {
  type: (data: string) => void;
  print: (...lines: string[]) => void;
  sent: string[];
  screen: Screen;
} {
  const screen = new Screen(columns);
  const sent: string[] = [];
  const it = new LineEditor(
    (data) => {
      screen.write(data);
    },
    (line) => sent.push(line),
    columns,
  );
  return {
    type: (data) => {
      it.input(data);
    },
    print: (...lines) => {
      it.print(lines);
    },
    sent,
    screen,
  };
}

const up = '\x1b[A';
const down = '\x1b[B';
const left = '\x1b[D';

describe('typing', () => {
  test('a line is shown, edited in its middle, and sent', () => {
    const { type, sent, screen } = editor();
    type('sy hi');
    type(left.repeat(4) + 'a');
    expect(screen.lines).toEqual(['> say hi']);
    expect(screen.column).toBe(4);
    type('\r');
    expect(sent).toEqual(['say hi']);
    expect(screen.lines).toEqual(['> say hi', '>']);
  });

  test('a backspace takes a whole syllable or emoji', () => {
    const { type, sent } = editor();
    type('안녕👨‍👩‍👧');
    type('\x7f\x7f\r');
    expect(sent).toEqual(['안']);
  });

  test('history goes up and comes back to what was typed', () => {
    const { type, sent, screen } = editor();
    type('one\rtwo\r');
    type('thr');
    type(up + up);
    expect(screen.lines.at(-1)).toBe('> one');
    type(down + down);
    expect(screen.lines.at(-1)).toBe('> thr');
    type(up + '\r');
    expect(sent).toEqual(['one', 'two', 'two']);
  });

  test('several pasted lines are sent one by one, empty ones are not', () => {
    const { type, sent, screen } = editor();
    type('one\r\n\r\ntwo\nthree');
    expect(sent).toEqual(['one', 'two']);
    expect(screen.lines.at(-1)).toBe('> three');
  });

  test('Ctrl+C clears, Ctrl+U and Ctrl+W take parts', () => {
    const { type, screen } = editor();
    type('abc\x03');
    expect(screen.lines).toEqual(['>']);
    type('one two three\x17');
    expect(screen.lines).toEqual(['> one two']);
    type('\x15');
    expect(screen.lines).toEqual(['>']);
  });

  test('keys that mean nothing here, and pasted escapes, leave no trace', () => {
    const { type, sent } = editor();
    type('a\x1b[15~\x1bOP\x1b[200~b\x1b[201~\x9b31m\x00c\x1b');
    type('\r');
    expect(sent).toEqual(['ab31mc']);
  });

  test('what the server prints goes above the line that is being typed', () => {
    const { type, print, screen } = editor(12);
    type('a long line of text');
    print('first', 'second');
    print('third');
    expect(screen.lines).toEqual(['first', 'second', 'third', '> a long lin', 'e of text']);
    type(left.repeat(15));
    print('fourth');
    expect(screen.lines).toEqual(['first', 'second', 'third', 'fourth', '> a long lin', 'e of text']);
    expect({ row: screen.row, column: screen.column }).toEqual({ row: 4, column: 6 });
  });

  test('whatever is typed, the screen shows the text, and the output above is whole', () => {
    const keys = fc.constantFrom('a', '한', '🎮', left, '\x1b[C', '\x1b[H', '\x1b[F', '\x7f', 'xyz ', '\x1b[3~');
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 40 }), fc.integer({ min: 4, max: 14 }), (typed, columns) => {
        const { type, print, sent, screen } = editor(columns);
        for (const key of typed) type(key);
        print('out');
        expect(screen.lines[0]).toBe('out');
        const shown = screen.lines.slice(1).join('');
        type('\r');
        expect(shown.replaceAll(' ', '')).toBe(`>${(sent[0] ?? '').replaceAll(' ', '')}`);
      }),
    );
  });
});
