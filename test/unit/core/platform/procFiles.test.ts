import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIo, parseStat } from '../../../../src/core/platform/linux/processEntry.js';
import { afterName, numberAt } from '../../../../src/core/platform/linux/procFile.js';

/** A line as of /proc/<pid>/stat: 52 fields, numbered as in proc(5). */
function stat(name: string, state = 'S', fields: Record<number, number | string> = {}): Buffer {
  const values = Array.from({ length: 52 }, (_, n) => String(fields[n + 1] ?? 0));
  return Buffer.from([fields[1] ?? 4242, `(${name})`, state, ...values.slice(3)].join(' ') + '\n', 'latin1');
}

describe('parseStat', () => {
  const fields = { 4: 17, 14: 120, 15: 30, 16: 5, 17: 1, 18: 20, 20: 23, 22: 987_654_321, 24: 51_234 };
  const reading = {
    parent: 17,
    ownCpuMs: 1500,
    childrenCpuMs: 60,
    threads: 23,
    startTime: 987_654_321,
    rssPages: 51_234,
    isZombie: false,
    isSuspended: false,
  };

  test.each([
    'node',
    'Main Thread',
    '(sd-pam)',
    'a) Z 1 (b',
    ') ',
    '',
    ')))))))))))))))',
    'PalServer-Linux',
    'x'.repeat(64),
    '1 2 3 4 5 6 7 8',
  ])('of a process called %j', (name) => {
    expect(parseStat(stat(name, 'S', fields))).toEqual(reading);
  });

  test('of a real line', () => {
    const line =
      '2915 (tmux: server) S 1 2915 2915 0 -1 4194368 12044 3 0 0 1734 918 2 4 20 0 1 0 17262 9658368 1347 ' +
      '18446744073709551615 94330 94331 14072 0 0 0 0 528386 134433281 0 0 0 17 1 0 0 0 0 0 94333 94334 9434 1407 ' +
      '1407 1407 1407 0\n';
    expect(parseStat(Buffer.from(line))).toEqual({
      parent: 1,
      ownCpuMs: 26_520,
      childrenCpuMs: 60,
      threads: 1,
      startTime: 17_262,
      rssPages: 1347,
      isZombie: false,
      isSuspended: false,
    });
  });

  test.each([
    ['R', false],
    ['S', false],
    ['D', false],
    ['T', false],
    ['I', false],
    ['Z', true],
    ['X', true],
  ])('in state %s', (state, isZombie) => {
    const reading = parseStat(stat('Z) Z (', state, fields));
    expect(reading.isZombie).toBe(isZombie);
    expect(reading.isSuspended).toBe(state === 'T');
  });

  test('with numbers as large as they get', () => {
    const huge = parseStat(stat('x', 'R', { ...fields, 14: 2 ** 40, 15: 2 ** 40, 20: 4_194_304, 24: 2 ** 52 }));
    expect(huge).toMatchObject({ ownCpuMs: 2 ** 41 * 10, threads: 4_194_304, rssPages: 2 ** 52 });
    // What a kernel shows as unlimited is no exact number here, but one.
    expect(parseStat(stat('x', 'R', { 22: '18446744073709551615' })).startTime).toBeGreaterThan(1e19);
  });

  test('that was cut off has no number where there is none, and never throws', () => {
    const whole = stat('a) b', 'S', fields);
    for (let length = 0; length < whole.length; length++) {
      const { parent, ownCpuMs, isZombie } = parseStat(whole.subarray(0, length));
      expect([typeof parent, typeof ownCpuMs, typeof isZombie]).toEqual(['number', 'number', 'boolean']);
    }
    expect(parseStat(whole.subarray(0, 30)).rssPages).toBeNaN();
    expect(parseStat(Buffer.alloc(0)).parent).toBeNaN();
  });

  test('finds the name’s end whatever is in the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), fc.nat(), (name, parent) => {
        const bytes = stat(Buffer.from(name).toString('latin1'), 'S', { 4: parent });
        return parseStat(bytes).parent === parent && String.fromCharCode(bytes[afterName(bytes)]!) === 'S';
      }),
    );
  });
});

describe('parseIo', () => {
  const io =
    'rchar: 323934931\nwchar: 323929600\nsyscr: 632687\nsyscw: 632675\n' +
    'read_bytes: 8192\nwrite_bytes: 323932160\ncancelled_write_bytes: 4096\n';

  test('takes what was written at all and what went to and from storage, and neither rchar nor what was cancelled', () => {
    expect(parseIo(Buffer.from(io))).toEqual({
      ...{ writtenBytes: 323_929_600, readBytes: 8192, writeBytes: 323_932_160 },
    });
  });

  test.each([
    '',
    'rchar: 5\n',
    io.slice(0, 70),
    io.replace('\nread_bytes', '\nread'),
    io.replace('\nwchar', '\nw'),
    'read_bytes: 1\nwrite_bytes: 2\n',
  ])('is unknown for other text: %j', (text) => {
    expect(parseIo(Buffer.from(text))).toBeUndefined();
  });

  test('of many terabytes', () => {
    const text = io.replace('323932160', '9007199254740991').replace('8192', '1125899906842624');
    expect(parseIo(Buffer.from(text))).toMatchObject({ readBytes: 2 ** 50, writeBytes: Number.MAX_SAFE_INTEGER });
  });
});

test('numberAt counts fields between single blanks', () => {
  const bytes = Buffer.from('12 -5 007 x 9');
  expect([0, 1, 2, 3, 4, 5].map((n) => numberAt(bytes, 0, n))).toEqual([12, NaN, 7, NaN, 9, NaN]);
  expect(numberAt(bytes, 3, 1)).toBe(7);
});
