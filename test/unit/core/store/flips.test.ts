import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { MemoryFiles } from './support/memoryFiles.js';
import { minutesOf, numbered, type Found } from './support/numbered.js';

const engine = path.resolve('node_modules/sql.js/dist');
/** Every so many-th byte is changed, and more of the database's first page; without it a few. 7 takes an hour. */
const step = Number(process.env.GSP_FLIP_STEP ?? 0);
const timeoutMs = step > 0 ? 3_600_000 : 60_000;
const upTo = (end: number): number[] => Array.from({ length: end }, (_, number) => number);

/** Numbers that are in the database, and those in the journal: ten frames of two. */
const inDatabase = 200;
const perFrame = 2;
const total = inDatabase + 10 * perFrame;
let database: Uint8Array;
let journal: Uint8Array;

beforeAll(async () => {
  const files = new MemoryFiles();
  const { store, add } = numbered(files, engine);
  await store.open();
  await store.snapshot();
  for (let from = 0; from < inDatabase; from += 50) add(from, from + 50);
  await store.snapshot();
  for (let from = inDatabase; from < total; from += perFrame) {
    // A name that is new in the journal.
    if (from === inDatabase + 2 * perFrame) add(from, from + 1, 'new');
    add(from, from + perFrame);
    if (from >= inDatabase + 4 * perFrame) add(from, from + perFrame, 'new');
    await store.flush();
  }
  store.dispose();
  database = (await files.read('metrics.db'))!;
  journal = (await files.read('metrics.journal'))!;
});

/** What is in a damaged page may come with another time. */
const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

interface Opened {
  readonly found: Found;
  readonly ofNew: Found;
  readonly findings: string[];
  readonly aside: string[];
}

/** Opens the files, writes on, and opens them once more: what was found the first time is there with what was added. */
async function live(db: Uint8Array | undefined, frames: Uint8Array | undefined, isTwice: boolean): Promise<Opened> {
  const files = new MemoryFiles();
  if (db !== undefined) files.put('metrics.db', db);
  if (frames !== undefined) files.put('metrics.journal', frames);
  const first = numbered(files, engine);
  await first.store.open();
  const [found, ofNew] = [first.contents(), first.contents('new')];
  const findings = first.findings.map(({ is }) => is);
  const aside = files.list().filter((name) => name.includes('-damaged-'));
  for (const name of aside) {
    expect(await files.read(name)).toEqual(name.startsWith('metrics.db') ? db : frames);
  }
  expect(first.troubles).toEqual([]);
  first.add(1000, 1010);
  await first.store.flush();
  await first.store.close();
  if (!isTwice) return { found, ofNew, findings, aside };
  const second = numbered(files, engine);
  await second.store.open();
  expect(second.findings).toEqual([]);
  const again = second.contents();
  expect(sorted(again.samples)).toEqual(sorted([...found.samples, ...upTo(1010).slice(1000)]));
  expect(sorted(again.events)).toEqual(sorted([...found.events, ...upTo(1010).slice(1000)]));
  second.store.dispose();
  return { found, ofNew, findings, aside };
}

const flipped = (bytes: Uint8Array, at: number, bits: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= bits;
  return copy;
};

const isSorted = (numbers: readonly number[]): boolean =>
  numbers.every((one, index) => one > (numbers[index - 1] ?? -1));

test('the files as they are', async () => {
  const { found, ofNew, findings, aside } = await live(database, journal, true);
  expect(found).toEqual({ samples: upTo(total), minutes: minutesOf(upTo(total)), events: upTo(total) });
  expect(ofNew.samples).toEqual([inDatabase + 2 * perFrame, ...upTo(total).slice(inDatabase + 4 * perFrame)]);
  expect({ findings, aside }).toEqual({ findings: [], aside: [] });
});

test(
  'a changed byte anywhere in the journal costs its own frame at most, and is told',
  async () => {
    let cases = 0;
    for (let at = 0; at < journal.length; at += step || 67) {
      cases++;
      const { found, ofNew, findings, aside } = await live(
        database,
        flipped(journal, at, 1 << (at % 8)),
        cases % 5 === 0,
      );
      const where = `byte ${at} of ${journal.length}`;
      const missing = upTo(total).filter((number) => !found.samples.includes(number));
      expect(missing.length, where).toBeLessThanOrEqual(perFrame);
      expect(
        missing.every((number) => number >= inDatabase),
        where,
      ).toBe(true);
      expect(found.events, where).toEqual(found.samples);
      expect(found.minutes, where).toEqual(minutesOf(found.samples));
      expect(isSorted(found.samples), where).toBe(true);
      expect(ofNew.samples.length, where).toBeGreaterThanOrEqual(
        1 + 6 * perFrame - perFrame - (missing.includes(inDatabase + 2 * perFrame) ? 1 : 0),
      );
      // The last frame cannot be told from one that was being written.
      const isLast = missing.includes(total - 1);
      expect(findings, where).toEqual([isLast ? 'torn' : 'journal-damaged']);
      expect(aside.length, where).toBe(isLast ? 0 : 1);
    }
    console.log(`${cases} bytes of ${journal.length}`);
  },
  timeoutMs,
);

test(
  'a journal that ends anywhere has everything up to there',
  async () => {
    for (let end = 0; end < journal.length; end += step || 150) {
      const { found, findings } = await live(database, journal.subarray(0, end), false);
      expect(found.samples.slice(0, inDatabase)).toEqual(upTo(inDatabase));
      expect(found.samples).toEqual(upTo(found.samples.length));
      if (end === 0) expect(findings).toEqual(['journal-missing']);
      else if (findings.length > 0) expect(['torn', 'journal-damaged']).toContain(findings[0]);
      else expect(found.samples.length % perFrame).toBe(0);
    }
  },
  timeoutMs,
);

test(
  'a changed byte anywhere in the database costs its own page at most, and is told',
  async () => {
    const costs = new Map<string, number>();
    const offsets = upTo(database.length).filter((at) =>
      step > 0
        ? at % step === 0 || (at < 4096 && at % Math.ceil(step / 7) === 0)
        : at % 2741 === 0 || (at < 100 && at % 12 === 0) || (at < 4096 && at % 601 === 0),
    );
    for (const at of offsets) {
      const { found, findings, aside } = await live(flipped(database, at, 1 << (at % 8)), journal, at % 5 === 0);
      const where = `byte ${at} of ${database.length}`;
      expect(findings.length, where).toBe(1);
      expect(['database-damaged', 'database-changed'], where).toContain(findings[0]);
      expect(aside.length, where).toBe(findings[0] === 'database-damaged' ? 1 : 0);
      const inJournal = upTo(total).slice(inDatabase);
      expect(
        found.events.filter((number) => number >= inDatabase),
        where,
      ).toEqual(inJournal);
      expect(
        found.samples.filter((number) => number >= inDatabase),
        where,
      ).toEqual(inJournal);
      const lost = (numbers: number[]): number => upTo(total).filter((number) => !numbers.includes(number)).length;
      const [samples, events] = [lost(found.samples), lost(found.events)];
      // The first page says only where everything is; of the others none has both.
      expect(at < 4096 ? samples + events : Math.min(samples, events), where).toBe(0);
      const kind = `${findings[0]!}: ${samples} samples, ${events} events lost`;
      costs.set(kind, (costs.get(kind) ?? 0) + 1);
    }
    console.log(
      `${offsets.length} bytes of ${database.length}`,
      [...costs].map(([kind, count]) => `${count} × ${kind}`),
    );
  },
  timeoutMs,
);

test(
  'a database that ends anywhere',
  async () => {
    for (let end = 0; end < database.length; end += step > 0 ? 509 : 14_001) {
      const { found, findings } = await live(database.subarray(0, end), journal, true);
      expect(findings).toEqual([end === 0 ? 'database-missing' : 'database-damaged']);
      expect(found.samples.slice(-10 * perFrame)).toEqual(upTo(total).slice(inDatabase));
    }
  },
  timeoutMs,
);
