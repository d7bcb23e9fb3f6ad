import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { StoreFile } from '../../../../src/core/store/files.js';
import { FaultyFiles } from './support/faultyFiles.js';
import { leastKept, MemoryFiles } from './support/memoryFiles.js';
import { minutesOf, numbered, type Found } from './support/numbered.js';

const engine = path.resolve('node_modules/sql.js/dist');
const upTo = (end: number): number[] => Array.from({ length: end }, (_, number) => number);
const all = (end: number): Found => ({ samples: upTo(end), minutes: minutesOf(upTo(end)), events: upTo(end) });

afterEach(() => {
  vi.useRealTimers();
});

/** Only timers: files and SQLite go on by themselves. */
const stopTimers = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
const turns = async (done: () => boolean): Promise<void> => {
  const began = performance.now();
  while (!done() && performance.now() - began < 10_000) await new Promise(setImmediate);
};
/** What needs no real files has come to a stop after these. */
const someTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
};

async function begun(): Promise<ReturnType<typeof numbered> & { files: FaultyFiles; memory: MemoryFiles }> {
  const memory = new MemoryFiles();
  const files = new FaultyFiles(memory);
  const one = numbered(files, engine);
  await one.store.open();
  await one.store.snapshot();
  return { ...one, files, memory };
}

/** What the next program finds after a loss of power. */
async function afterwards(memory: MemoryFiles): Promise<Found & { findings: string[] }> {
  const next = numbered(memory.afterPowerCut(leastKept), engine);
  await next.store.open();
  const found = { ...next.contents(), findings: next.findings.map(({ is }) => is) };
  next.store.dispose();
  return found;
}

test('a disk that is full for a while: told once, and all of it is there in the end', async () => {
  const { store, files, memory, add, contents, troubles } = await begun();
  add(0, 10);
  expect(await store.flush()).toBe(true);
  const free = files.inject({ on: 'write', code: 'ENOSPC', times: Infinity, bytes: 7 });
  for (let from = 10; from < 50; from += 10) {
    add(from, from + 10);
    expect(await store.flush()).toBe(false);
  }
  expect(await store.snapshot()).toBe(false);
  expect(troubles).toEqual(['disk-full']);
  expect(contents()).toEqual(all(50));
  free();
  add(50, 60);
  expect(await store.flush()).toBe(true);
  expect(await store.snapshot()).toBe(true);
  expect(troubles).toEqual(['disk-full', null]);
  expect(await afterwards(memory)).toEqual({ ...all(60), findings: [] });
});

test.each([
  ['the program is closed', false],
  ['nothing else happens', true],
])('what the full disk kept waiting is written as soon as there is room, also when %s', async (_, isLost) => {
  const { store, files, memory, add } = await begun();
  const free = files.inject({ on: 'write', code: 'ENOSPC', times: Infinity });
  add(0, 10);
  await store.flush();
  free();
  if (isLost) await store.flush();
  else await store.close();
  expect(await afterwards(memory)).toEqual({ ...all(10), findings: [] });
});

test('more than may wait: the oldest goes first, it counts, and a snapshot makes it safe again', async () => {
  const { store, files, memory, add, troubles } = await begun();
  const free = files.inject({ on: 'write', code: 'ENOSPC', times: Infinity });
  const fat = 'x'.repeat(700_000);
  add(0, 10);
  await store.flush();
  for (let n = 0; n < 8; n++) {
    store.addEvent({ at: Date.UTC(2026, 0, 6), id: 'one', kind: 'settings', data: { n, fat } });
    expect(await store.flush()).toBe(false);
  }
  // Ten samples with their events, and the first of the large ones.
  expect(store.status().dropped).toBeGreaterThanOrEqual(21);
  free();
  // What waits is on the disk, but that is not everything.
  expect(await store.flush()).toBe(false);
  expect(troubles).toEqual(['disk-full']);
  expect(await afterwards(memory)).toMatchObject({ samples: [], findings: ['batches-missing'] });
  expect(await store.snapshot()).toBe(true);
  expect(store.status().dropped).toBe(0);
  expect(troubles).toEqual(['disk-full', null]);
  expect(await store.flush()).toBe(true);
  expect(await afterwards(memory)).toEqual({ ...all(10), findings: [] });
});

test('what the database in memory does not take is on the disk all the same', async () => {
  const { store, memory, add } = await begun();
  const { history } = store as unknown as { history: { database: { transaction(work: () => void): void } } };
  const refused = vi.spyOn(history.database, 'transaction').mockImplementation(() => {
    throw new Error('out of memory');
  });
  add(0, 10);
  expect(await store.flush()).toBe(true);
  expect(refused).toHaveBeenCalled();
  store.dispose();
  expect(await afterwards(memory)).toEqual({ ...all(10), findings: [] });
});

test('what only a snapshot could take is safe with it, also where no journal can begin', async () => {
  const { store, files, memory, add } = await begun();
  files.inject({ on: 'write', name: /^metrics\.journal/, code: 'EIO', times: Infinity });
  add(0, 10);
  expect(await store.flush()).toBe(false);
  expect(await store.snapshot()).toBe(false);
  expect(await store.flush()).toBe(true);
  expect(await afterwards(memory)).toEqual({ ...all(10), findings: [] });
});

test('names that were first said in a batch that was dropped are said again', async () => {
  const { store, files, memory, add } = await begun();
  const free = files.inject({ on: 'write', code: 'ENOSPC', times: Infinity });
  add(0, 10, 'new');
  for (let n = 0; n < 7; n++) {
    store.addEvent({ at: Date.UTC(2026, 0, 6), id: 'one', kind: 'settings', data: { fat: 'x'.repeat(700_000) } });
    await store.flush();
  }
  free();
  for (let from = 10; from < 30; from += 5) {
    add(from, from + 5, 'new');
    await store.flush();
  }
  const next = numbered(memory, engine);
  await next.store.open();
  expect(next.contents('new').samples).toEqual(upTo(30).slice(10));
  next.store.dispose();
});

test('what is dropped while a snapshot is being written is not called safe by it', async () => {
  const { store, files, add, memory } = await begun();
  let letGo = (): void => undefined;
  const slow = new Promise<void>((resolve) => (letGo = resolve));
  const { rename } = memory;
  memory.rename = async (...names) => {
    await slow;
    await rename.apply(memory, names);
  };
  const done = store.snapshot();
  files.inject({ on: 'write', name: 'metrics.journal', code: 'ENOSPC', times: Infinity });
  add(0, 10);
  await store.flush();
  for (let n = 0; n < 7; n++) {
    store.addEvent({ at: Date.UTC(2026, 0, 6), id: 'one', kind: 'settings', data: { fat: 'x'.repeat(700_000) } });
    await store.flush();
  }
  expect(store.status().dropped).toBeGreaterThan(0);
  letGo();
  expect(await done).toBe(true);
  expect(store.status().dropped).toBeGreaterThan(0);
  expect(await store.snapshot()).toBe(true);
  expect(await afterwards(memory)).toMatchObject({ ...all(10), findings: [] });
});

test.each([
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EIO', 'failing'],
])('a folder in which nothing can be made (%s): told once, questions are answered', async (code, trouble) => {
  const files = new FaultyFiles(new MemoryFiles());
  files.inject({ on: ['open', 'rename', 'write'], code, times: Infinity });
  const { store, add, contents, troubles } = numbered(files, engine);
  await store.open();
  for (let from = 0; from < 30; from += 10) {
    add(from, from + 10);
    expect(await store.flush()).toBe(false);
    expect(await store.snapshot()).toBe(false);
  }
  expect(troubles).toEqual([trouble]);
  expect(contents()).toEqual(all(30));
  await store.close();
});

test('a sync that fails is no success, also when the next one works', async () => {
  const { store, files, memory, add, troubles } = await begun();
  add(0, 10);
  files.inject({ on: 'sync', code: 'EIO' });
  expect(await store.flush()).toBe(false);
  add(10, 20);
  expect(await store.flush()).toBe(true);
  expect(troubles).toEqual(['failing', null]);
  expect(await afterwards(memory)).toEqual({ ...all(20), findings: [] });
});

test('a snapshot that never gets its name: the journal goes on, told once, tried again ever more seldom', async () => {
  stopTimers();
  let monotonic = 0;
  const memory = new MemoryFiles();
  const files = new FaultyFiles(memory);
  const { store, add, troubles, contents } = numbered(files, engine, {
    monotonic: () => monotonic,
    settings: () => ({
      flushIntervalMs: 10_000,
      flushRows: 1e9,
      maxBytes: 1e9,
      retention: { rawMs: 1e12, minuteMs: 1e12, quarterMs: 1e12, hourMs: 1e12, eventsMs: 1e12 },
    }),
  });
  await store.open();
  expect(await store.snapshot()).toBe(true);
  add(0, 10);
  await store.flush();
  files.inject({ on: 'rename', code: 'EPERM', times: Infinity });
  monotonic += 7 * 3_600_000;
  let from = 10;
  for (let beat = 0; beat < 360; beat++, from += 2) {
    add(from, from + 2);
    monotonic += 10_000;
    await vi.advanceTimersByTimeAsync(10_000);
    await turns(() => store.status().lastFlushAt === Date.UTC(2026, 0, 5) + (from + 1) * 1000);
  }
  const tried = files.failed.length;
  expect(tried).toBeGreaterThan(3);
  expect(tried).toBeLessThan(9);
  expect(troubles).toEqual(['read-only']);
  expect(contents()).toEqual(all(from));
  expect(await afterwards(memory)).toEqual({ ...all(from), findings: [] });
  store.dispose();
});

test.each(['metrics.db', 'metrics.journal'])('a rename to %s that works at the third attempt', async (name) => {
  const { store, files, memory, add, troubles } = await begun();
  files.inject({ on: 'rename', name, code: 'EBUSY', times: 2 });
  for (let from = 0; from < 30; from += 10) {
    add(from, from + 10);
    expect(await store.flush()).toBe(true);
    expect(await store.snapshot()).toBe(from === 20);
    expect(await afterwards(memory)).toEqual({ ...all(from + 10), findings: [] });
  }
  expect(troubles).toEqual(['read-only', null]);
});

/** From a moment on, these calls never answer. */
function hanging(memory: MemoryFiles): { files: MemoryFiles; hang(name: string): void } {
  const hung = new Set<string>();
  const { open } = memory;
  memory.open = async (name, how) => {
    const file: StoreFile = await open.call(memory, name, how);
    const { write } = file;
    file.write = async (bytes, at) => {
      if (hung.has(name)) await new Promise(() => undefined);
      await write.call(file, bytes, at);
    };
    return file as Awaited<ReturnType<MemoryFiles['open']>>;
  };
  return { files: memory, hang: (name) => hung.add(name) };
}

test('a disk that hangs: told as slow, nobody waits for ever, a snapshot still makes all safe', async () => {
  const { files, hang } = hanging(new MemoryFiles());
  const { store, add, contents, troubles } = numbered(files, engine);
  await store.open();
  await store.snapshot();
  stopTimers();
  add(0, 10);
  hang('metrics.journal');
  const first = store.flush();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await first).toBe(false);
  expect(troubles).toEqual(['slow']);
  add(10, 20);
  const second = store.flush();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await second).toBe(false);
  const image = store.snapshot();
  await someTurns();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await image).toBe(false);
  expect(contents()).toEqual(all(20));
  const closing = store.close();
  await vi.advanceTimersByTimeAsync(5000);
  await closing;
  expect(await afterwards(files)).toEqual({ ...all(20), findings: [] });
});

test('a snapshot that hangs: batches go on, and what they leave in memory has an end', async () => {
  const { files, hang } = hanging(new MemoryFiles());
  const { store, add, troubles } = numbered(files, engine);
  await store.open();
  await store.snapshot();
  hang('metrics.db.tmp');
  void store.snapshot();
  for (let n = 0; n < 8; n++) {
    store.addEvent({ at: Date.UTC(2026, 0, 6), id: 'one', kind: 'settings', data: { fat: 'x'.repeat(700_000) } });
    expect(await store.flush()).toBe(true);
  }
  const { disk } = store as unknown as { disk: { since: { payloads: unknown[] } } };
  expect(disk.since.payloads).toEqual([]);
  add(0, 10);
  expect(await store.flush()).toBe(true);
  expect(troubles).toEqual([]);
  stopTimers();
  const closing = store.close();
  await vi.advanceTimersByTimeAsync(5000);
  await closing;
  expect(await afterwards(files)).toEqual({ ...all(10), findings: [] });
});

test.each(['metrics.db', 'metrics.journal'])(
  'a %s that cannot be read at the start: nothing is written over, and it opens by itself later',
  async (name) => {
    const { store, memory, add } = await begun();
    add(0, 10);
    await store.flush();
    await store.snapshot();
    add(10, 20);
    await store.flush();
    store.dispose();
    const before = await Promise.all(memory.list().map((file) => memory.read(file)));
    stopTimers();
    const files = new FaultyFiles(memory);
    files.inject({ on: 'read', name, code: 'EIO', times: 2 });
    const next = numbered(files, engine);
    next.add(20, 25);
    await next.store.open();
    expect(next.troubles).toEqual(['unreadable']);
    next.add(25, 30);
    expect(await next.store.flush()).toBe(false);
    await expect(next.store.find({ from: 0, to: 1, limit: 1 })).rejects.toMatchObject({ code: 'io' });
    await vi.advanceTimersByTimeAsync(30_000);
    await turns(() => files.failed.length === 2);
    expect(await Promise.all(memory.list().map((file) => memory.read(file)))).toEqual(before);
    await someTurns();
    await vi.advanceTimersByTimeAsync(30_000);
    await turns(() => next.troubles.length === 2);
    expect(next.troubles).toEqual(['unreadable', null]);
    expect(next.contents()).toEqual(all(30));
    expect(await next.store.flush()).toBe(true);
    expect(await afterwards(memory)).toEqual({ ...all(30), findings: [] });
    next.store.dispose();
  },
);

test('after its end nothing is written, told or waited for', async () => {
  const { store, files, add, troubles } = await begun();
  await store.close();
  const calls = files.calls.length;
  add(0, 10);
  store.addEvent({ at: 1, id: 'one', kind: 'crashed', data: {} });
  expect(await store.flush()).toBe(false);
  expect(files.calls.length).toBe(calls);
  expect(troubles).toEqual([]);
});
