import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConsoleEncoding } from '../../../../src/core/console/consoleEncoding.js';
import { Consoles } from '../../../../src/core/console/consoles.js';
import { LineSplitter } from '../../../../src/core/console/lineSplitter.js';
import { defaultLimits } from '../../../../src/core/console/limits.js';
import { platformFor } from '../../../../src/core/platform/platform.js';
import { encoded } from '../../../../src/node/encoding/encode.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

function linesOf(pieces: readonly Buffer[], encoding: ConsoleEncoding): string[] {
  const splitter = new LineSplitter(encoding);
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.flush()];
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, n) => bytes.subarray(from, sorted[n] ?? bytes.length));
}

const auto = (...system: string[]): ConsoleEncoding => new ConsoleEncoding(() => system);
const set = (label: string): ConsoleEncoding => {
  const encoding = auto('windows-1252');
  encoding.use(label);
  return encoding;
};
const places = fc.array(fc.nat(), { maxLength: 12 });
const texts: Record<string, string[]> = {
  'euc-kr': ['서버가 시작', '똠방각하', '햏', '뷁|', 'a', 'x\\y'],
  shift_jis: ['サーバー', 'ソ表\\', '能', 'ﾊﾝｶｸ', 'b'],
  gbk: ['服务器', '丂亂', 'c|'],
  big5: ['功許蓋', '伺服器', 'd'],
};

describe.each(Object.entries(texts))('lines in %s', (label, parts) => {
  const line = fc.array(fc.constantFrom(...parts, ' ', '12:34'), { maxLength: 6 }).map((some) => some.join(''));
  const whole = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean()), { maxLength: 12 });

  test('are what was printed, however the bytes are split', () => {
    fc.assert(
      fc.property(whole, places, (lines, at) => {
        const text = lines.map(([said, end]) => said + end).join('');
        const bytes = encoded(text, label);
        const expected = linesOf([Buffer.from(text)], auto());
        expect(linesOf(cut(bytes, at), set(label))).toEqual(expected);
      }),
    );
  });

  test('are told from lines in UTF-8 among them', () => {
    fc.assert(
      fc.property(whole, places, (lines, at) => {
        const bytes = Buffer.concat(
          lines.map(([said, end, isUtf8]) => encoded(said + end, isUtf8 ? undefined : label)),
        );
        const text = lines.map(([said, end]) => said + end).join('');
        expect(linesOf(cut(bytes, at), auto(label))).toEqual(linesOf([Buffer.from(text)], auto()));
      }),
    );
  });
});

test('long lines are the same however the bytes are split, and end whole', () => {
  const part = fc.constantFrom('가'.repeat(3990), 'y'.repeat(4000), '🎮'.repeat(2001), 'zz', '똠', '\n', '\r\n', '\r');
  const text = fc.array(fc.tuple(part, fc.boolean()), { maxLength: 8 });
  fc.assert(
    fc.property(text, places, (some, at) => {
      const bytes = Buffer.concat(some.map(([said, isUtf8]) => encoded(said, isUtf8 ? undefined : 'euc-kr')));
      const expected = linesOf([bytes], auto('euc-kr'));
      expect(linesOf(cut(bytes, at), auto('euc-kr'))).toEqual(expected);
      expect(Math.max(0, ...expected.map((line) => line.length))).toBeLessThanOrEqual(4000);
    }),
  );
  for (const system of ['euc-kr', 'windows-1252']) {
    const endless = Buffer.from('가'.repeat(20_000));
    const pieces = [endless.subarray(0, 20_001), endless.subarray(20_001), Buffer.from('\n')];
    expect(linesOf(pieces, auto(system))).toEqual(['가'.repeat(4000)]);
  }
});

test('an unfinished line is kept when its buffer is filled anew', () => {
  const splitter = new LineSplitter(auto());
  const buffer = Buffer.from('one');
  splitter.push(buffer);
  buffer.write('two');
  expect(splitter.push(Buffer.from('\n'))).toEqual(['one']);
});

describe('which encoding it is', () => {
  const one = (hex: string, ...system: string[]): string => auto(...system).decode(Buffer.from(hex, 'hex'));

  test('UTF-8 where it is that, whatever the system has', () => {
    expect(one('ec849cebb284', 'euc-kr')).toBe('서버');
    expect(one('c3bc', 'windows-1252', 'ibm850')).toBe('ü');
  });

  test('the first of the system, unless a byte is no character there', () => {
    expect(one('66fc72', 'windows-1252', 'ibm850')).toBe('für');
    expect(one('668172', 'windows-1252', 'ibm850')).toBe('für');
    expect(one('bcadb9f6', 'euc-kr')).toBe('서버');
  });

  test('a character that a game has cut in two leaves the rest as it is', () => {
    expect(one('bcadb9f6bd', 'euc-kr')).toBe('서버\ufffd');
    expect(one('ec849cebb284ec8b9cec9e91ec', 'euc-kr')).toBe('서버시작\ufffd');
  });

  test('without another one what is no UTF-8 is shown as such', () => {
    expect(one('41ff42')).toBe('A\ufffdB');
  });

  test('the server is answered in that of its last line that was no ASCII', () => {
    const encoding = auto('euc-kr');
    const splitter = new LineSplitter(encoding);
    const print = (text: string, label?: string): string | undefined => {
      splitter.push(encoded(`${text}\n`, label));
      return encoding.forAnswers;
    };
    expect(print('plain')).toBeUndefined();
    expect(print('서버', 'euc-kr')).toBe('euc-kr');
    expect(print('plain')).toBe('euc-kr');
    expect(print('서버')).toBeUndefined();
    expect(print('시작', 'euc-kr')).toBe('euc-kr');
    encoding.use('utf-8');
    expect(encoding.forAnswers).toBeUndefined();
    encoding.use('shift_jis');
    expect(encoding.forAnswers).toBe('shift_jis');
    encoding.use(null);
    expect(encoding.forAnswers).toBeUndefined();
  });
});

describe('the console of a server', () => {
  const at = useTempFolder();
  const make = (system = 'euc-kr'): { file: string; consoles: Consoles } => {
    const file = at('console.log');
    const log = { write: () => undefined };
    const options = { ranges: platformFor(process.platform).fileRanges, log, limits: () => defaultLimits };
    return { file, consoles: new Consoles({ ...options, systemEncodings: () => [system] }) };
  };

  test('is followed, shown and answered in its own encoding', async () => {
    const { file, consoles } = make();
    const reader = consoles.open(file, 0, { look: () => undefined, moved: () => undefined });
    const printed = encoded('서버 시작\n접속: 똠방\n', 'euc-kr');
    fs.writeFileSync(file, printed.subarray(0, 14));
    expect(reader.read().lines).toEqual(['서버 시작']);
    expect(consoles.encodingOf(file)).toBe('euc-kr');
    fs.appendFileSync(file, printed.subarray(14));
    expect(reader.read().lines).toEqual(['접속: 똠방']);
    expect(consoles.lastLines(file, 2, 0)).toEqual(['서버 시작', '접속: 똠방']);
    expect(await consoles.tail(file, 1, () => undefined)).toEqual(['접속: 똠방']);
    reader.dispose();
    consoles.dispose();
  });

  test('what somebody has set counts at once, and for our own lines', () => {
    const { file, consoles } = make();
    fs.writeFileSync(file, encoded('サーバー\n', 'shift_jis'));
    consoles.setEncoding(file, 'shift_jis');
    consoles.append(file, '[Game Server Panel] ソ');
    expect(consoles.lastLines(file, 9, 0)).toEqual(['サーバー', '[Game Server Panel] ソ']);
    expect(consoles.encodingOf(file)).toBe('shift_jis');
    consoles.dispose();
  });

  test('the end of a line after a flood tells nothing', () => {
    const { file, consoles } = make('windows-1252');
    const reader = consoles.open(file, 0, { look: () => undefined, moved: () => undefined });
    // What is read of it begins in the middle of a character.
    const end = Buffer.from(`${'가'.repeat(50)}\n`);
    const rest = Buffer.alloc(64 * 1024 - (end.length - 1), 'plain line\n');
    fs.writeFileSync(file, Buffer.concat([Buffer.alloc(9 * 1024 * 1024, 'x\n'), end, rest]));
    const news = reader.read();
    expect(news.skippedBytes).toBeGreaterThan(0);
    expect(new Set(news.lines)).toEqual(new Set(['plain line']));
    expect(consoles.encodingOf(file)).toBeUndefined();
    reader.dispose();
    consoles.dispose();
  });
});
