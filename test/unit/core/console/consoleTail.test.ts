import fs from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { consoles, lastLines } from '../../../../src/core/console/consoleTail.js';
import type { ConsoleReader } from '../../../../src/core/ports.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const file = (): string => at('console.log');
const append = (text: string | Buffer): void => fs.appendFileSync(file(), text);

const readers: ConsoleReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.dispose();
});
function open(offset = 0): ConsoleReader {
  const reader = consoles.open(file(), offset);
  readers.push(reader);
  return reader;
}
const none = { lines: [], skippedBytes: 0 };

describe('a console that is followed', () => {
  test('has no news while there is no file, and then all of it', () => {
    const reader = open();
    expect(reader.read()).toEqual(none);
    expect(reader.finish()).toEqual(none);
    append('first\n');
    expect(reader.read()).toEqual({ lines: ['first'], skippedBytes: 0 });
  });

  test('tells each line once, when it has its end', () => {
    const reader = open();
    append('one\ntw');
    expect(reader.read().lines).toEqual(['one']);
    expect(reader.read()).toEqual(none);
    append('o\n서');
    expect(reader.read().lines).toEqual(['two']);
    append(Buffer.from('버\n').subarray(0, 2));
    expect(reader.read().lines).toEqual([]);
    append(Buffer.from('버\n').subarray(2));
    expect(reader.read().lines).toEqual(['서버']);
  });

  test('begins where it was told to', () => {
    append('of an earlier start\n');
    const reader = open(consoles.size(file()));
    expect(reader.read()).toEqual(none);
    append('ours\n');
    expect(reader.read().lines).toEqual(['ours']);
  });

  test('says its last words also without an end', () => {
    const reader = open();
    append('one\nKilled');
    expect(reader.finish()).toEqual({ lines: ['one', 'Killed'], skippedBytes: 0 });
    expect(reader.finish()).toEqual(none);
  });

  test('begins anew when it was emptied', () => {
    const reader = open();
    append('old one\nold tw');
    expect(reader.read().lines).toEqual(['old one']);
    fs.truncateSync(file());
    expect(reader.read()).toEqual(none);
    append('new\n');
    expect(reader.read()).toEqual({ lines: ['new'], skippedBytes: 0 });
  });

  test('begins anew when its head was cut off', () => {
    const reader = open();
    append('a long line that is gone\nhalf of');
    reader.read();
    fs.writeFileSync(file(), 'what is left\n');
    expect(reader.read()).toEqual({ lines: ['what is left'], skippedBytes: 0 });
  });

  test('reads 64 KB at once, all of it', () => {
    const reader = open();
    append('x'.repeat(31).concat('\n').repeat(2048));
    const { lines, skippedBytes } = reader.read();
    expect([lines.length, skippedBytes]).toEqual([2048, 0]);
  });

  test('tells what was passed over when more has come, and begins with a whole line', () => {
    const reader = open();
    const total = 10_000;
    for (let n = 0; n < total; n++) append(`line ${String(n).padStart(14, '0')}\n`);
    const { lines, skippedBytes } = reader.read();
    expect(skippedBytes).toBe(total * 20 - 64 * 1024);
    expect(lines.at(-1)).toBe(`line ${String(total - 1).padStart(14, '0')}`);
    for (const line of lines) expect(line).toMatch(/^line [0-9]{14}$/);
    append('next\n');
    expect(reader.read()).toEqual({ lines: ['next'], skippedBytes: 0 });
  });

  test('forgets the half line in front of a gap', () => {
    const reader = open();
    append('half ');
    expect(reader.read().lines).toEqual([]);
    append(`${'x'.repeat(70_000)}\nwhole\n`);
    const { lines, skippedBytes } = reader.read();
    expect(lines).toEqual(['whole']);
    expect(skippedBytes).toBeGreaterThan(0);
  });

  test('forgets the half line behind a gap also when its end is not there yet', () => {
    const reader = open();
    append('x'.repeat(70_000));
    expect(reader.read().lines).toEqual([]);
    append(' the end of it\nwhole\n');
    expect(reader.read().lines).toEqual(['whole']);
  });

  test.runIf(process.platform === 'linux')('lets the file go', () => {
    append('one\n');
    const before = fs.readdirSync('/proc/self/fd').length;
    const reader = consoles.open(file(), 0);
    reader.read();
    reader.dispose();
    reader.dispose();
    expect(fs.readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

test('the size of a console, 0 where there is none', () => {
  expect(consoles.size(file())).toBe(0);
  append('서버\n');
  expect(consoles.size(file())).toBe(7);
});

describe('lastLines', () => {
  test('of no file, of an empty one, of a folder: none', () => {
    expect(lastLines(file(), 5)).toEqual([]);
    append('');
    expect(lastLines(file(), 5)).toEqual([]);
    expect(lastLines(at(), 5)).toEqual([]);
  });

  test('are the newest, oldest first, the unfinished one too', () => {
    append('one\ntwo\nthree\nfour');
    expect(lastLines(file(), 2)).toEqual(['three', 'four']);
    expect(lastLines(file(), 100)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('from an offset on: nothing before it; all there is where the file was emptied since', () => {
    append('old one\nold two\n');
    const from = consoles.size(file());
    expect(lastLines(file(), 5, from)).toEqual([]);
    append('one\ntwo\n');
    expect(lastLines(file(), 5, from)).toEqual(['one', 'two']);
    expect(lastLines(file(), 1, from)).toEqual(['two']);
    fs.writeFileSync(file(), 'new\n');
    expect(lastLines(file(), 5, from)).toEqual(['new']);
    append(`${'z'.repeat(1024 * 1024)}\nlast\n`);
    expect(lastLines(file(), 5, 4)).toEqual(['last']);
  });

  test('of a file of many megabytes come from its end, each of them whole', () => {
    fs.writeFileSync(file(), '');
    const fd = fs.openSync(file(), 'r+');
    fs.ftruncateSync(fd, 3_000_000_000);
    fs.writeSync(fd, `\n${'y'.repeat(500_000)}\nlast\n`, 2_999_000_000);
    fs.closeSync(fd);
    fs.truncateSync(file(), 2_999_000_000 + 500_007);
    const lines = lastLines(file(), 10);
    expect(lines.map((line) => line.length)).toEqual([4000, 4]);
    expect(lines.at(-1)).toBe('last');
  });
});
