import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiskFiles } from '../../../../src/core/store/files.js';
import { encodeFrame } from '../../../../src/core/store/journal/frame.js';
import { databaseName, journalName } from '../../../../src/core/store/recovery.js';
import { loadEngine } from '../../../../src/core/store/sql/engine.js';
import { leastKept, MemoryFiles } from './support/memoryFiles.js';
import { minutesOf, numbered, type Found, type Numbered } from './support/numbered.js';

const engine = path.resolve('node_modules/sql.js/dist');
const upTo = (end: number): number[] => Array.from({ length: end }, (_, number) => number);
const only = (numbers: number[]): Found => ({ samples: numbers, minutes: minutesOf(numbers), events: numbers });
const all = (end: number): Found => only(upTo(end));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gsp-history-'));

/** 0 to 29 in the database, 30 to 49 in the journal. */
let database: Uint8Array;
let journal: Uint8Array;

beforeAll(async () => {
  const files = new MemoryFiles();
  const { store, add } = numbered(files, engine);
  await store.open();
  await store.snapshot();
  for (let from = 0; from < 50; from += 10) {
    add(from, from + 10);
    await store.flush();
    if (from === 20) await store.snapshot();
  }
  store.dispose();
  database = (await files.read('metrics.db'))!;
  journal = (await files.read('metrics.journal'))!;
});

afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

interface Begun extends Numbered {
  readonly memory: MemoryFiles;
}

async function begin(db: Uint8Array | undefined, frames: Uint8Array | undefined): Promise<Begun> {
  const memory = new MemoryFiles();
  if (db !== undefined) memory.put('metrics.db', db);
  if (frames !== undefined) memory.put('metrics.journal', frames);
  const one = numbered(memory, engine);
  await one.store.open();
  return { ...one, memory };
}

/** Goes on, and gives what is there after another start. */
async function goneOn({ store, add, memory }: Begun): Promise<Found> {
  add(100, 110);
  expect(await store.flush()).toBe(true);
  const next = numbered(memory.afterPowerCut(leastKept), engine);
  await next.store.open();
  expect(next.findings).toEqual([]);
  return next.contents();
}

const tenMore = upTo(110).slice(100);

describe('files of a newer program stay as they are, byte for byte', () => {
  const version = (bytes: Uint8Array): Uint8Array => {
    const copy = Buffer.from(bytes);
    copy.writeUInt32BE(2, 60);
    copy.writeUInt32BE(7, 80);
    return copy;
  };
  const newerMagic = Buffer.from('GSPJNL02');
  const newerJournal = Buffer.concat([newerMagic, encodeFrame(Buffer.concat([newerMagic, Buffer.from('{"a":1}')]))]);

  test.each([
    ['a database', () => version(database), () => journal],
    ['a database without a journal', () => version(database), () => undefined],
    ['a journal', () => database, () => newerJournal],
  ])('%s', async (_, db, frames) => {
    const [oldDb, oldFrames] = [db(), frames()];
    const { store, add, contents, troubles, memory } = await begin(oldDb, oldFrames);
    expect(troubles).toEqual(['newer']);
    add(100, 110);
    expect(await store.flush()).toBe(false);
    expect(await store.snapshot()).toBe(false);
    expect(contents()).toEqual(only(tenMore));
    await store.close();
    expect(troubles).toEqual(['newer']);
    expect(Buffer.from((await memory.read('metrics.db')) ?? [])).toEqual(Buffer.from(oldDb));
    expect(Buffer.from((await memory.read('metrics.journal')) ?? [])).toEqual(Buffer.from(oldFrames ?? []));
    expect(memory.list()).toHaveLength(oldFrames === undefined ? 1 : 2);
  });

  test('but one changed byte does not make a file newer', async () => {
    const copy = Buffer.from(database);
    copy.writeUInt32BE(2, 60);
    const begun = await begin(copy, journal);
    expect(begun.findings.map(({ is }) => is)).toEqual(['database-damaged']);
    expect(begun.contents()).toEqual(all(50));
    expect(await goneOn(begun)).toEqual(only([...upTo(50), ...tenMore]));
  });
});

describe('what is missing or of somebody else', () => {
  test('the database', async () => {
    const begun = await begin(undefined, journal);
    expect(begun.findings).toEqual([{ is: 'database-missing', batches: 2 }]);
    const left = upTo(50).slice(30);
    expect(begun.contents()).toEqual(only(left));
    expect(await goneOn(begun)).toEqual(only([...left, ...tenMore]));
  });

  test.each([
    ['', undefined],
    [', empty', new Uint8Array(0)],
  ])('the journal%s', async (_, frames) => {
    const begun = await begin(database, frames);
    expect(begun.findings).toEqual([{ is: 'journal-missing' }]);
    expect(begun.contents()).toEqual(all(30));
    expect(await goneOn(begun)).toEqual(only([...upTo(30), ...tenMore]));
  });

  test('both are empty', async () => {
    const begun = await begin(new Uint8Array(0), new Uint8Array(0));
    expect(begun.findings).toEqual([{ is: 'database-missing', batches: 0 }]);
    expect(await goneOn(begun)).toEqual(only(tenMore));
  });

  test('nothing was ever there', async () => {
    const begun = await begin(undefined, undefined);
    expect(begun.findings).toEqual([]);
    expect(await goneOn(begun)).toEqual(only(tenMore));
  });

  test('a journal that was never begun beside the very first snapshot', async () => {
    const { memory, store } = await begin(undefined, undefined);
    await store.snapshot();
    store.dispose();
    expect((await begin(await memory.read('metrics.db'), undefined)).findings).toEqual([]);
  });

  test("another program's database", async () => {
    const foreign = (await loadEngine(engine)).open();
    foreign.run('CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES (1)');
    const bytes = foreign.export();
    const begun = await begin(bytes, journal);
    expect(begun.findings.map(({ is }) => is)).toEqual(['database-foreign']);
    const aside = begun.memory.list().find((name) => name.includes('damaged'))!;
    expect(await begun.memory.read(aside)).toEqual(bytes);
    const left = upTo(50).slice(30);
    expect(begun.contents()).toEqual(only(left));
    expect(await goneOn(begun)).toEqual(only([...left, ...tenMore]));
  });

  test('an older copy of the database', async () => {
    const old = await begin(undefined, undefined);
    await old.store.snapshot();
    old.add(0, 10);
    await old.store.snapshot();
    const begun = await begin(await old.memory.read('metrics.db'), journal);
    expect(begun.findings).toEqual([{ is: 'database-older' }]);
    const left = [...upTo(10), ...upTo(50).slice(30)];
    expect(begun.contents()).toEqual(only(left));
    expect(await goneOn(begun)).toEqual(only([...left, ...tenMore]));
  });

  test('the database of another history, which counts further and has other numbers', async () => {
    const other = await begin(undefined, undefined);
    for (let batch = 0; batch < 9; batch++) {
      other.add(batch, batch + 1, 'theirs');
      await other.store.flush();
    }
    await other.store.snapshot();
    const begun = await begin(await other.memory.read('metrics.db'), journal);
    expect(begun.findings).toEqual([{ is: 'database-changed' }]);
    const left = upTo(50).slice(30);
    expect(begun.contents()).toEqual(only(left));
    expect(begun.contents('theirs')).toEqual(all(9));
    begun.add(200, 205, 'theirs');
    expect(await goneOn(begun)).toEqual(only([...left, ...tenMore]));
    const next = numbered(begun.memory, engine);
    await next.store.open();
    expect(next.contents('theirs').samples).toEqual([...upTo(9), ...upTo(205).slice(200)]);
  });

  test('folders with these names', async () => {
    for (const name of [databaseName, journalName]) {
      const place = fs.mkdtempSync(path.join(folder, 'is-folder-'));
      fs.mkdirSync(path.join(place, name));
      const { store, troubles, findings } = numbered(new DiskFiles(place), engine);
      await store.open();
      expect(troubles).toEqual(['unreadable']);
      expect(findings).toEqual([]);
      await store.close();
      expect(fs.statSync(path.join(place, name)).isDirectory()).toBe(true);
    }
  });
});

describe('a changed byte that SQLite does not see', () => {
  const changed = (text: string, at: number, bits = 4): Uint8Array => {
    const copy = Buffer.from(database);
    // What is in use stands behind what has been moved.
    const place = copy.lastIndexOf(text);
    expect(place).toBeGreaterThan(0);
    copy[place + at]! ^= bits;
    return copy;
  };

  test.each([
    ["how far the database is: the journal's batches count", 'sequence3', 8],
    ['which snapshot it is', 'snapshot1 3', 8],
    ['and how far that is', 'snapshot1 3', 10],
    ['the name of a metric', 'serverthreads', 7],
  ])('%s', async (_, text, at) => {
    const begun = await begin(changed(text, at), journal);
    expect(begun.findings.map(({ is }) => is)[0]).toMatch(/^database-(changed|damaged)$/);
    expect(begun.contents()).toEqual(all(50));
    expect(await goneOn(begun)).toEqual(only([...upTo(50), ...tenMore]));
  });

  test('the comma between two columns', async () => {
    const begun = await begin(changed('m1 INTEGER, d1', 10, 0x20), journal);
    expect(begun.findings.map(({ is }) => is)).toEqual(['database-damaged']);
    expect(begun.contents()).toEqual(all(50));
    expect(await goneOn(begun)).toEqual(only([...upTo(50), ...tenMore]));
  });

  test('the size of a step of a metric', async () => {
    const begun = await begin(changed('threadscount', 12), journal);
    expect(begun.findings).toEqual([{ is: 'database-changed' }]);
    const from = Date.UTC(2026, 0, 5);
    const range = { id: 'one', metrics: ['threads'], from, to: from + 60_000, buckets: 1 };
    expect((await begun.store.range(range)).metrics.threads?.max[0]).toBe(49);
  });

  test('an event', async () => {
    const begun = await begin(changed('{"n":17}', 5), journal);
    expect(begun.findings).toEqual([{ is: 'database-changed' }]);
    expect(begun.contents().samples).toEqual(upTo(50));
    await begun.store.close();
    const next = numbered(begun.memory, engine);
    await next.store.open();
    expect(next.findings).toEqual([]);
  });
});

describe('several things at once', () => {
  test('what comes before the files are read, and a flush meanwhile', async () => {
    const memory = new MemoryFiles();
    memory.put('metrics.db', database);
    memory.put('metrics.journal', journal);
    const { store, add, contents } = numbered(memory, engine);
    add(50, 60);
    const opening = store.open();
    add(60, 65);
    expect(await store.flush()).toBe(false);
    await opening;
    add(65, 70);
    expect(contents()).toEqual(all(70));
    expect(await store.flush()).toBe(true);
    const next = numbered(memory.afterPowerCut(leastKept), engine);
    await next.store.open();
    expect(next.contents()).toEqual(all(70));
  });

  test('two snapshots, batches between them, and the end in the middle', async () => {
    const { store, add, memory } = await begin(database, journal);
    const snapshots = [store.snapshot()];
    add(50, 60);
    const flushes = [store.flush()];
    snapshots.push(store.snapshot());
    add(60, 70);
    flushes.push(store.flush());
    expect(await Promise.all([...snapshots, ...flushes])).toEqual([true, true, true, true]);
    add(70, 80);
    const last = store.snapshot();
    add(80, 90);
    await store.close();
    await last;
    const next = numbered(memory.afterPowerCut(leastKept), engine);
    await next.store.open();
    expect(next.findings).toEqual([]);
    expect(next.contents()).toEqual(all(90));
  });

  test('the end while the files are still being read', async () => {
    const memory = new MemoryFiles();
    memory.put('metrics.db', database);
    memory.put('metrics.journal', journal);
    const { store, add } = numbered(memory, engine);
    add(50, 60);
    void store.open();
    await store.close();
    const next = numbered(memory.afterPowerCut(leastKept), engine);
    await next.store.open();
    expect(next.contents()).toEqual(all(60));
  });
});
