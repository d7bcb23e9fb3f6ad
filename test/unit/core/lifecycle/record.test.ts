import fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { RecordKeeper, Records, type ServerRecord } from '../../../../src/core/lifecycle/record.js';
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
  isOurs: false,
  executable: 'game',
  startedAt: 1,
  since: 2,
  consoleOffset: 3,
  consoleCut: 30,
  exit: { code: null, signal: 'SIGKILL', cause: 'killed-outside', at: 4 },
  restartAttempts: [5, 6],
  restartAt: 7,
  stoppedByHost: true,
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

  test('of an older core lack what was not known then', () => {
    const { restartAttempts: _, restartAt: __, stoppedByHost: ___, isOurs: ____, executable: _____, ...old } = record;
    fs.writeFileSync(at('run', 'a.json'), JSON.stringify(old));
    const unknown = { restartAttempts: [], restartAt: null, stoppedByHost: false, isOurs: true, executable: null };
    expect(records().read('a')).toEqual({ ...old, ...unknown });
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
    expect([...records().endings().exits]).toEqual([
      ['n1', exit],
      ['n2', second],
    ]);
  });

  test('are none where no server has ended', () => {
    expect(records().endings().exits.size).toBe(0);
  });

  test('are told apart from the notes of what ran when the PC went down', () => {
    const lines = [{ id: 'a', nonce: 'n1', hostDownAt: 4 }, exit, { id: 'b', nonce: 'n2', hostDownAt: 4 }];
    fs.writeFileSync(at('run', 'exits.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const { exits, hostDownAt } = records().endings();
    expect([...exits.keys()]).toEqual(['n1']);
    expect([...hostDownAt]).toEqual([
      ['n1', 4],
      ['n2', 4],
    ]);
  });

  test('survive lines that are none, and one that was cut off', () => {
    const lines = ['', 'x', '{}', '[]', '{"id":"a"}', JSON.stringify(exit), JSON.stringify(exit).slice(0, 20)];
    fs.writeFileSync(at('run', 'exits.jsonl'), lines.join('\n'));
    expect([...records().endings().exits.values()]).toEqual([exit]);
  });
});

describe('a record that is kept', () => {
  const kept = (id = 'a'): RecordKeeper => new RecordKeeper(id, records());

  test('is on the disk with every change, and left alone without one', () => {
    const keeper = kept();
    expect(keeper.current).toBeUndefined();
    keeper.note({ nonce: 'n1', intent: 'run', pid: 7 });
    expect(records().read('a')).toMatchObject({ nonce: 'n1', intent: 'run', pid: 7, stopSent: false, exit: null });
    const { ino } = fs.statSync(at('run', 'a.json'));
    keeper.note({ pid: 7 });
    expect(fs.statSync(at('run', 'a.json')).ino).toBe(ino);
    keeper.note({ intent: 'stop' });
    expect(records().read('a')).toMatchObject({ nonce: 'n1', intent: 'stop', pid: 7 });
  });

  test('begins anew with a new start: an old stop does not reach into it, what was tried before does', () => {
    const keeper = kept();
    keeper.note({ nonce: 'n1', intent: 'stop', stopSent: true, isUp: true, restartAttempts: [5], restartAt: 9 });
    keeper.note({ nonce: 'n2', intent: 'run' });
    expect(records().read('a')).toMatchObject({
      ...{ nonce: 'n2', intent: 'run', stopSent: false, isUp: false, pid: null, exit: null },
      ...{ restartAttempts: [5], restartAt: null },
    });
  });

  test('goes on with what an earlier core wrote', () => {
    const keeper = kept();
    keeper.resume(record);
    keeper.note({ pid: null });
    expect(records().read('a')).toEqual({ ...record, pid: null });
  });

  test('is forgotten for good', () => {
    const keeper = kept();
    keeper.note({ nonce: 'n1', restartAttempts: [5] });
    keeper.forget();
    expect(records().read('a')).toBeUndefined();
    keeper.note({ nonce: 'n2' });
    expect(records().read('a')).toMatchObject({ nonce: 'n2', restartAttempts: [] });
  });
});
