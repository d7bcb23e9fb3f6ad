import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSplitter } from '../../../../src/core/console/lineSplitter.js';

/** All lines of these pieces, the unfinished one at the end too. */
function linesOf(pieces: readonly Buffer[]): string[] {
  const splitter = new LineSplitter();
  const lines = pieces.flatMap((piece) => splitter.push(piece));
  return [...lines, ...splitter.flush()];
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, n) => bytes.subarray(from, sorted[n] ?? bytes.length));
}

const places = fc.array(fc.nat(), { maxLength: 10 });

describe('lines', () => {
  test.each([
    ['', []],
    ['one\ntwo\n', ['one', 'two']],
    ['one\r\ntwo\r\n', ['one', 'two']],
    ['10 %\r20 %\r30 %\ndone', ['10 %', '20 %', '30 %', 'done']],
    ['\n\n', ['', '']],
    ['a\r\n\r\nb', ['a', '', 'b']],
    ['no end', ['no end']],
    ['서버\n🎮\n', ['서버', '🎮']],
  ])('of %j are %j', (text, lines) => {
    expect(linesOf([Buffer.from(text)])).toEqual(lines);
  });

  test('are the same however the bytes are split', () => {
    const part = fc.constantFrom('a', 'bc', 'é', '서버', '🎮', '\n', '\r\n', '\r', ' ', '\ufeff', '\u2028', '\0');
    const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, places, (whole, at) => {
        const bytes = Buffer.from(whole);
        expect(linesOf(cut(bytes, at))).toEqual(linesOf([bytes]));
      }),
    );
  });

  test('come as soon as they have ended; a CR waits for what is behind it', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(Buffer.from('on'))).toEqual([]);
    expect(splitter.push(Buffer.from('e\ntw'))).toEqual(['one']);
    expect(splitter.push(Buffer.from('o\r'))).toEqual([]);
    expect(splitter.push(Buffer.from('\nthree\r'))).toEqual(['two']);
    expect(splitter.push(Buffer.from('four\n'))).toEqual(['three', 'four']);
    expect(splitter.flush()).toEqual([]);
  });

  test('bytes that are no UTF-8 do no harm to their neighbours', () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from([0xff, 0xc3, 0x0a]), Buffer.from('b\n')]);
    const lines = linesOf([bytes]);
    expect(lines).toHaveLength(3);
    expect([lines[0], lines[2]]).toEqual(['a', 'b']);
  });

  test('after a reset nothing is left of what was before', () => {
    const splitter = new LineSplitter();
    splitter.push(Buffer.from('half a line').subarray(0, 6));
    splitter.push(Buffer.from('서').subarray(0, 2));
    splitter.reset();
    expect(splitter.push(Buffer.from('new\n'))).toEqual(['new']);
  });

  test('a line that ends with CR has no CR, also when it is the last', () => {
    expect(linesOf([Buffer.from('100 %\r')])).toEqual(['100 %']);
  });
});

describe('long lines', () => {
  test('are cut, and what comes behind them is not', () => {
    const lines = linesOf([Buffer.from(`${'x'.repeat(10_000)}\nnext\n${'y'.repeat(5000)}`)]);
    expect(lines.map((line) => line.length)).toEqual([4000, 4, 4000]);
    expect(lines[1]).toBe('next');
  });

  test('without an end are not kept', () => {
    const splitter = new LineSplitter();
    for (let n = 0; n < 100; n++) expect(splitter.push(Buffer.alloc(64 * 1024, 'x'))).toEqual([]);
    expect(splitter.flush()[0]).toHaveLength(4000);
  });

  test('are the same however the bytes are split', () => {
    const part = fc.constantFrom('x'.repeat(3990), 'y'.repeat(4000), 'zz', '🎮', '\n', '\r\n');
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, places, (whole, at) => {
        const bytes = Buffer.from(whole);
        return JSON.stringify(linesOf(cut(bytes, at))) === JSON.stringify(linesOf([bytes]));
      }),
    );
  });

  test('end with a CR, too', () => {
    const bytes = Buffer.from(`${'x'.repeat(4001)}\rnext\n`);
    expect(linesOf([bytes.subarray(0, 4002), bytes.subarray(4002)])).toEqual(linesOf([bytes]));
  });
});
