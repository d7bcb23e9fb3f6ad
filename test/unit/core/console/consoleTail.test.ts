import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConsoleTail } from '../../../../src/core/console/consoleTail.js';
import type { NewLines } from '../../../../src/core/ports.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const file = (): string => at('console.log');
const append = (text: string | Buffer): void => fs.appendFileSync(file(), text);

const megabyte = 1024 * 1024;
let now = 0;
let sizes: number[] = [];
let floods: number[] = [];
const readers: ConsoleTail[] = [];
beforeEach(() => {
  now = 0;
  sizes = [];
  floods = [];
});
afterEach(() => {
  for (const reader of readers.splice(0)) reader.dispose();
});
function open(offset = 0): ConsoleTail {
  const events = { seen: (size: number) => sizes.push(size), flooded: (skipped: number) => floods.push(skipped) };
  const reader = new ConsoleTail(file(), offset, events, () => now);
  readers.push(reader);
  return reader;
}
const none: NewLines = { lines: [], skippedBytes: 0, hasMore: false };
const news = (...lines: string[]): NewLines => ({ ...none, lines });

/** One look, all of its pieces. */
function look(reader: ConsoleTail): NewLines {
  const pieces = [reader.read()];
  while (pieces.at(-1)!.hasMore) pieces.push(reader.read());
  const skippedBytes = pieces.reduce((sum, piece) => sum + piece.skippedBytes, 0);
  return { ...none, lines: pieces.flatMap(({ lines }) => lines), skippedBytes };
}

/** So many bytes in lines of 32. */
const much = (bytes: number): string =>
  'x'
    .repeat(31)
    .concat('\n')
    .repeat(bytes / 32);

describe('a console that is followed', () => {
  test('has no news while there is no file, and then all of it', () => {
    const reader = open();
    expect(reader.read()).toEqual(none);
    expect(reader.finish()).toEqual(none);
    append('first\n');
    expect(reader.read()).toEqual(news('first'));
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
    const reader = open(fs.statSync(file()).size);
    expect(reader.read()).toEqual(none);
    append('ours\n');
    expect(reader.read().lines).toEqual(['ours']);
  });

  test('says its last words also without an end', () => {
    const reader = open();
    append('one\nKilled');
    expect(reader.finish()).toEqual(news('one', 'Killed'));
    expect(reader.finish()).toEqual(none);
  });

  test('begins anew when it was emptied', () => {
    const reader = open();
    append('old one\nold tw');
    expect(reader.read().lines).toEqual(['old one']);
    fs.truncateSync(file());
    expect(reader.read()).toEqual(none);
    append('new\n');
    expect(reader.read()).toEqual(news('new'));
    // Whether it became shorter is asked every five seconds only.
    fs.truncateSync(file());
    append('x\n');
    expect(reader.read()).toEqual(none);
    now += 5000;
    expect(reader.read()).toEqual(news('x'));
  });

  test('begins anew when its head was cut off', () => {
    const reader = open();
    append('a long line that is gone\nhalf of');
    reader.read();
    fs.writeFileSync(file(), 'what is left\n');
    expect(reader.read()).toEqual(news('what is left'));
  });

  test('reads in pieces of 64 KB, all of it', () => {
    const reader = open();
    append(much(200 * 1024));
    expect(reader.read()).toMatchObject({ skippedBytes: 0, hasMore: true });
    expect(reader.read().lines).toHaveLength(2048);
    expect(look(reader).lines).toHaveLength(6400 - 4096);
    expect(reader.read()).toEqual(none);
    expect(sizes).toEqual([200 * 1024]);
  });

  test('reads every line of 1 MB/s, whether it looks often or seldom', () => {
    const reader = open();
    for (const ms of [250, 250, 1000, 3000, 8000, 250]) {
      now += ms;
      const bytes = Math.floor((megabyte * ms) / 1000 / 32) * 32;
      append(much(bytes));
      expect(look(reader)).toMatchObject({ skippedBytes: 0, lines: { length: bytes / 32 } });
    }
    expect(floods).toEqual([]);
  });

  test('of more than that reads the newest 64 KB, says how much is missing, and begins with a whole line', () => {
    const reader = open();
    now = 250;
    for (let n = 0; n < 200_000; n++) if (n % 1000 === 0) append(numbered(n, 1000));
    const { lines, skippedBytes } = look(reader);
    expect(skippedBytes).toBe(200_000 * 20 - 64 * 1024);
    expect(lines.at(-1)).toBe(`line ${String(199_999).padStart(14, '0')}`);
    for (const line of lines) expect(line).toMatch(/^line [0-9]{14}$/);
    append('next\n');
    expect(look(reader)).toEqual(news('next'));
  });

  test('a burst after a quiet time is no flood; one flood is told once', () => {
    const reader = open();
    now = 60_000;
    append(much(7 * megabyte));
    expect(look(reader).skippedBytes).toBe(0);
    for (let n = 0; n < 5; n++) {
      now += 3000;
      append(much(12 * megabyte));
      expect(look(reader).skippedBytes).toBe(12 * megabyte - 64 * 1024);
    }
    expect(floods).toEqual([12 * megabyte - 64 * 1024]);
    now += 100_000;
    append(much(20 * megabyte));
    look(reader);
    expect(floods).toHaveLength(2);
  });

  test('forgets the half line in front of a gap, and behind it', () => {
    const reader = open();
    append('half ');
    expect(look(reader).lines).toEqual([]);
    append(`${'x'.repeat(2 * megabyte)}\nwhole\n`);
    const { lines, skippedBytes } = look(reader);
    expect(lines).toEqual(['whole']);
    expect(skippedBytes).toBeGreaterThan(0);
  });

  test('forgets the half line behind a gap also when its end is not there yet', () => {
    const reader = open();
    append('x'.repeat(2 * megabyte));
    expect(look(reader).lines).toEqual([]);
    append(' the end of it\nwhole\n');
    expect(look(reader).lines).toEqual(['whole']);
  });

  test.runIf(process.platform === 'linux')('lets the file go', () => {
    append('one\n');
    const before = fs.readdirSync('/proc/self/fd').length;
    const reader = open();
    reader.read();
    reader.dispose();
    reader.dispose();
    expect(fs.readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

describe('a console whose head is cut off', () => {
  /** As the file system does it, in the same file. */
  function collapse(bytes: number): void {
    const rest = fs.readFileSync(file()).subarray(bytes);
    fs.truncateSync(file());
    fs.writeFileSync(file(), rest, { flag: 'r+' });
  }

  test('is read on where it was, half a line included', () => {
    const reader = open();
    append('gone\nread\nhal');
    expect(look(reader).lines).toEqual(['gone', 'read']);
    reader.hold(5);
    collapse(5);
    expect(reader.read()).toEqual(none);
    append('f\nnew\n');
    expect(reader.read()).toEqual(none);
    reader.release(5);
    expect(look(reader)).toEqual(news('half', 'new'));
  });

  test('is read on where it was when nothing came of it', () => {
    const reader = open();
    append('one\n');
    look(reader);
    reader.hold(3);
    append('two\n');
    reader.release(0);
    expect(look(reader)).toEqual(news('two'));
  });

  test.each([true, false])('has last words even while it is not known whether it is done (done: %s)', (isDone) => {
    const reader = open();
    append('gone\nread\n');
    look(reader);
    reader.hold(5);
    if (isDone) collapse(5);
    append('bye');
    expect(reader.finish()).toEqual(news('bye'));
  });
});

function numbered(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => `line ${String(from + n).padStart(14, '0')}\n`).join('');
}
