/** Ranges of characters that take two cells in a terminal: East Asian wide and full width, and emoji. Pairs, inclusive. */
const wide = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe,
  0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be,
  0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa,
  0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755,
  0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55,
  0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xa000, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3,
  0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e,
  0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f64f, 0x1f680, 0x1f6ff, 0x1f7e0, 0x1f7eb, 0x1f900, 0x1f9ff, 0x1fa70,
  0x1faff, 0x20000, 0x3fffd,
] as const;

const zero = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;

/** Cells that one character, as people count them, takes. */
export function cellsOf(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (code < 0x300) return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : 1;
  if (zero.test(grapheme)) return 0;
  for (let i = 0; i < wide.length; i += 2) {
    if (code < (wide[i] ?? 0)) return 1;
    if (code <= (wide[i + 1] ?? 0)) return 2;
  }
  return 1;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The characters of a text as people count them, so that a backspace takes away a whole syllable or emoji. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

export interface Cursor {
  readonly row: number;
  readonly column: number;
}

/** Where the cursor is after writing this from the start of a row, in a terminal of so many columns. */
export function cursorAfter(characters: readonly string[], columns: number): Cursor {
  let row = 0;
  let column = 0;
  for (const character of characters) {
    const cells = cellsOf(character);
    // A wide character does not fit into the last cell: it goes to the next row whole.
    if (column + cells > columns) {
      row++;
      column = 0;
    }
    column += cells;
  }
  // Behind the last cell a terminal waits with the line break; whoever writes is told to make it.
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}
