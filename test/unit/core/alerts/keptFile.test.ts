import fs from 'node:fs';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeptFile } from '../../../../src/core/alerts/keptFile.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

interface Content {
  readonly version: 1;
  readonly words: readonly string[];
}

const at = useTempFolder();
const logged: string[] = [];
const schema = v.object({ version: v.literal(1), words: v.array(v.string()) });

function open(isPrompt = false, dataDir = at('.')): KeptFile<Content> {
  fs.mkdirSync(at('.'), { recursive: true });
  const log = { write: (level: string, _: string, text: string) => logged.push(`${level} ${text}`) };
  return new KeptFile({ name: 'kept.json', dataDir, schema, log, isPrompt });
}

const content = (...words: string[]): Content => ({ version: 1, words });
const written = (): unknown => JSON.parse(fs.readFileSync(at('kept.json'), 'utf8'));

beforeEach(() => {
  logged.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('is read as it was written, by this user alone', () => {
  const file = open();
  expect(file.read()).toBeUndefined();
  file.keep(() => content('안녕', '"'));
  file.dispose();
  expect(open().read()).toEqual(content('안녕', '"'));
  expect(fs.statSync(at('kept.json')).mode & 0o777).toBe(0o600);
  expect(logged).toEqual([]);
});

test('is written at most once a second, as it is then', () => {
  const file = open();
  let asked = 0;
  for (let n = 0; n < 50; n++) file.keep(() => content(String(++asked)));
  vi.advanceTimersByTime(999);
  expect(fs.existsSync(at('kept.json'))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(written()).toEqual(content('1'));
  vi.advanceTimersByTime(60_000);
  expect(asked).toBe(1);
});

test('is there when flush returns, and not written a second time', () => {
  const file = open();
  let asked = 0;
  file.keep(() => content(String(++asked)));
  file.flush();
  expect(written()).toEqual(content('1'));
  file.flush();
  vi.advanceTimersByTime(60_000);
  file.dispose();
  expect(asked).toBe(1);
});

test('a prompt one writes the first change at once, and those after it within a second', () => {
  const file = open(true);
  file.keep(() => content('1'));
  expect(fs.existsSync(at('kept.json'))).toBe(false);
  vi.advanceTimersByTime(0);
  expect(written()).toEqual(content('1'));
  file.keep(() => content('2'));
  vi.advanceTimersByTime(999);
  expect(written()).toEqual(content('1'));
  vi.advanceTimersByTime(1);
  expect(written()).toEqual(content('2'));
  vi.advanceTimersByTime(5000);
  file.keep(() => content('3'));
  vi.advanceTimersByTime(0);
  expect(written()).toEqual(content('3'));
});

describe('one that cannot be read', () => {
  test.each([
    ['half of one', '{"version": 1, "wor'],
    ['zeroes', '\0'.repeat(100)],
    ['nothing', ''],
    ['another version', JSON.stringify({ version: 2, words: [] })],
  ])('%s, is set aside under a dated name', (_, text) => {
    const file = open();
    fs.writeFileSync(at('kept.json'), text);
    expect(file.read()).toBeUndefined();
    const [name, ...more] = fs.readdirSync(at('.'));
    expect(more).toEqual([]);
    expect(name).toMatch(/^kept\.broken-\d{4}-\d\d-\d\dT[\d-]+Z\.json$/);
    expect(fs.readFileSync(at(name!), 'utf8')).toBe(text);
    expect(logged).toEqual(['warn kept.json could not be read and was set aside']);
  });

  test('a folder in its place, too', () => {
    const file = open();
    fs.mkdirSync(at('kept.json'));
    expect(file.read()).toBeUndefined();
    file.keep(() => content('1'));
    file.flush();
    expect(written()).toEqual(content('1'));
  });
});

test('one that cannot be written is told in the log, and written with the next change', () => {
  const file = open(false, at('missing'));
  file.keep(() => content('1'));
  file.flush();
  expect(logged).toEqual(['warn could not be written']);
  fs.mkdirSync(at('missing'));
  file.keep(() => content('2'));
  file.flush();
  expect(fs.readdirSync(at('missing'))).toEqual(['kept.json']);
});
