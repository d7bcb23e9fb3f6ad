import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lastLines } from '../../../../src/core/console/history.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const file = (): string => at('console.log');
const append = (text: string): void => fs.appendFileSync(file(), text);

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
    const from = fs.statSync(file()).size;
    expect(lastLines(file(), 5, from)).toEqual([]);
    append('one\ntwo\n');
    expect(lastLines(file(), 5, from)).toEqual(['one', 'two']);
    expect(lastLines(file(), 1, from)).toEqual(['two']);
    fs.writeFileSync(file(), 'new\n');
    expect(lastLines(file(), 5, from)).toEqual(['new']);
    append(`${'z'.repeat(1024 * 1024)}\nlast\n`);
    expect(lastLines(file(), 5, 4)).toEqual(['last']);
  });

  test('from an offset in an older file on: both parts, and nothing before it', () => {
    fs.writeFileSync(at('console.1.log'), 'old\none\ntw');
    append('o\nthree\n');
    expect(lastLines(file(), 9, -'one\ntw'.length)).toEqual(['one', 'two', 'three']);
    expect(lastLines(file(), 2, -'one\ntw'.length)).toEqual(['two', 'three']);
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

describe('lastLines over several files', () => {
  const lines = Array.from({ length: 3000 }, (_, n) => `서버 ${n}`);

  /** The stream of all lines, cut anywhere: in the middle of lines and of characters. */
  function cutAt(...places: number[]): void {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const ends = [...places, bytes.length];
    for (const [index, end] of ends.entries()) {
      const number = ends.length - 1 - index;
      const part = bytes.subarray(index === 0 ? 0 : ends[index - 1], end);
      fs.writeFileSync(at(number === 0 ? 'console.log' : `console.${number}.log`), part);
    }
  }

  test.each([
    ['where lines end', [12, 12 * 100]],
    ['in the middle of lines and characters', [1, 2, 3, 5000, 20_001, 20_003]],
    ['twelve times', [1, 3, 7, 11, 30, 31, 32, 33, 34, 35, 36, 30_000]],
  ])('joins files that were cut %s', (_, places) => {
    cutAt(...places);
    for (const count of [1, 2, 500, 2999, 3000, 10_000]) expect(lastLines(file(), count)).toEqual(lines.slice(-count));
  });

  test('reads them also when the newest file is missing', () => {
    cutAt(20_000);
    fs.rmSync(file());
    expect(lastLines(file(), 1)).toHaveLength(1);
  });

  test('does not open files that it does not need, and others are none of its', () => {
    cutAt(1000);
    for (const name of ['console.x.log', 'console.0.log', 'console.1.log.bak', 'other.1.log'])
      fs.writeFileSync(at(name), 'no\n');
    fs.mkdirSync(at('console.2.log'));
    expect(lastLines(file(), 3000)).toEqual(lines);
  });

  test('no more than 8 MB are read, and no answer is too large for a message', () => {
    for (const name of ['console.2.log', 'console.1.log', 'console.log'])
      fs.writeFileSync(at(name), `${'\u0001'.repeat(999)}\n`.repeat(5000));
    const found = lastLines(file(), 10_000);
    expect(JSON.stringify(found).length).toBeLessThan(8 * 1024 * 1024);
    expect(JSON.stringify(found).length).toBeGreaterThan(5 * 1024 * 1024);
    expect(new Set(found.map((line) => line.length))).toEqual(new Set([999]));
    for (const name of ['console.2.log', 'console.1.log', 'console.log'])
      fs.writeFileSync(at(name), `${'x'.repeat(99)}\n`.repeat(3000));
    expect(lastLines(file(), 10_000)).toHaveLength(9000);
  });
});
