import fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { Records, type ServerRecord } from '../../../../src/core/lifecycle/record.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const logged: string[] = [];
const records = (): Records => new Records(at(), { write: (level, _, text) => logged.push(`${level} ${text}`) });
const record: ServerRecord = {
  nonce: 'abc',
  intent: 'run',
  stopSent: false,
  isUp: true,
  pid: 7,
  startTime: '70',
  bootId: null,
  startedAt: 1,
  since: 2,
  consoleOffset: 3,
  exit: { code: null, signal: 'SIGKILL', cause: 'killed-outside', at: 4 },
};

beforeEach(() => {
  logged.length = 0;
  fs.mkdirSync(at('run'));
});

describe('records', () => {
  test('are read as they were written, by another core too, one per server', () => {
    records().write('a', record);
    records().write('b', { ...record, pid: null, exit: null, intent: 'stop' });
    expect(records().read('a')).toEqual(record);
    expect(records().read('b')).toMatchObject({ pid: null, exit: null, intent: 'stop' });
    records().remove('a');
    records().remove('a');
    expect(records().read('a')).toBeUndefined();
    expect(records().read('b')).toBeDefined();
  });

  test.each([
    ['nothing', ''],
    ['half of one', JSON.stringify(record).slice(0, 60)],
    ['zeroes, as after a power cut', '\0'.repeat(200)],
    ['something else', '[1, 2]'],
    ['null', 'null'],
    ['one without its process', JSON.stringify({ ...record, pid: undefined })],
    ['one with a pid of text', JSON.stringify({ ...record, pid: '7' })],
    ['one with an intent nobody knows', JSON.stringify({ ...record, intent: 'fly' })],
    ['one with a cause nobody knows', JSON.stringify({ ...record, exit: { ...record.exit, cause: 'magic' } })],
  ])('that hold %s are as none', (_, text) => {
    fs.writeFileSync(at('run', 'a.json'), text);
    expect(records().read('a')).toBeUndefined();
  });

  test('of a newer core are read as far as they are known', () => {
    fs.writeFileSync(at('run', 'a.json'), JSON.stringify({ ...record, later: 1 }));
    expect(records().read('a')).toEqual(record);
  });

  test('that cannot be written are a warning, and no more', () => {
    fs.rmSync(at('run'), { recursive: true });
    records().write('a', record);
    expect(logged).toEqual(['warn state could not be noted']);
  });
});

describe('exits that a launcher noted', () => {
  const exit = { id: 'a', nonce: 'n1', pid: 7, code: 0, signal: null, at: 5 };

  test('are found by their start', () => {
    const second = { ...exit, nonce: 'n2', code: null, signal: 'SIGSEGV' };
    fs.writeFileSync(at('run', 'exits.jsonl'), `${JSON.stringify(exit)}\n${JSON.stringify(second)}\n`);
    expect([...records().exits()]).toEqual([
      ['n1', exit],
      ['n2', second],
    ]);
  });

  test('are none where no server has ended', () => {
    expect(records().exits().size).toBe(0);
  });

  test('survive lines that are none, and one that was cut off', () => {
    const lines = ['', 'x', '{}', '[]', '{"id":"a"}', JSON.stringify(exit), JSON.stringify(exit).slice(0, 20)];
    fs.writeFileSync(at('run', 'exits.jsonl'), lines.join('\n'));
    expect([...records().exits().values()]).toEqual([exit]);
  });
});
