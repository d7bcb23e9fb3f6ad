import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { exportCsv } from '../../../../src/core/store/csv.js';
import type { History } from '../../../../src/core/store/history.js';
import { defaultRetention, type Retention } from '../../../../src/core/store/tiers/tiers.js';
import { useTempFolder } from '../../node/support/tempFolder.js';
import { day, hour, minute, openHistory, start } from './support/history.js';

const at = useTempFolder();
// Of one kind of server, so that the columns are what they are.
const header = 'time,seconds,samples,cpu,cpu_min,cpu_max,players,players_min,players_max';

async function write(
  history: History,
  from: number,
  to: number,
  now: number,
  retention: Retention = defaultRetention,
): Promise<string[]> {
  const file = at('out.csv');
  history.complete('alpha');
  const rows = await exportCsv(history, { id: 'alpha', from, to, path: file }, now, retention);
  const text = fs.readFileSync(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  expect(rows).toBe(lines.length - 1);
  return lines;
}

/** Of each line the time in Unix milliseconds, and how many milliseconds it is of. */
function times(lines: readonly string[]): { from: number; ms: number; samples: number; cells: string[] }[] {
  return lines.slice(1).map((line) => {
    const [time = '', seconds, samples, ...cells] = line.split(',');
    expect(new Date(time).toISOString()).toBe(time);
    return { from: Date.parse(time), ms: Number(seconds) * 1000, samples: Number(samples), cells };
  });
}

describe('an export', () => {
  test('has a header, single samples in order, and empty cells for gaps', async () => {
    const history = await openHistory();
    history.add(start, 'alpha', { cpu: 12.345, players: 4 });
    history.add(start + 3000, 'alpha', { cpu: 0, players: null });
    history.add(start + 6100, 'alpha', { players: 0.5 });
    // A clock that was set back.
    history.add(start + 4000, 'alpha', { cpu: 100 });
    expect(await write(history, start, start + minute, start + minute)).toEqual([
      header,
      '2026-03-03T00:00:00.000Z,0,1,12.35,12.35,12.35,4,4,4',
      '2026-03-03T00:00:03.000Z,0,1,0,0,0,,,',
      '2026-03-03T00:00:04.000Z,0,1,100,100,100,,,',
      '2026-03-03T00:00:06.100Z,0,1,,,,0.5,0.5,0.5',
    ]);
    // `to` is not included.
    expect(await write(history, start + 3000, start + 6100, start + minute)).toHaveLength(3);
  });

  test('tells of a bucket its mean, min, max and how many samples it is of', async () => {
    const history = await openHistory();
    for (const [index, cpu] of [10, 20, 60].entries()) history.add(start + index * 3000, 'alpha', { cpu });
    history.add(start + 9000, 'alpha', { players: 2 });
    history.add(start + 2 * minute, 'alpha', { cpu: 1, players: 3 });
    expect(await write(history, start, start + 3 * minute, start + 2 * day)).toEqual([
      header,
      '2026-03-03T00:00:00.000Z,60,4,30,10,60,2,2,2',
      '2026-03-03T00:02:00.000Z,60,1,1,1,1,3,3,3',
    ]);
  });

  test('has metrics beyond the sixth beside the others', async () => {
    const history = await openHistory();
    const values = { cpu: 1, memory: 4096, ioRead: 16, ioWrite: 32, threads: 5, players: 6, tickRate: 7, apiTime: 8 };
    history.add(start, 'alpha', values);
    history.add(start + minute, 'alpha', { cpu: 2 });
    const lines = times(await write(history, start, start + hour, start + 2 * day));
    expect(lines.map(({ cells }) => cells.filter((_, index) => index % 3 === 0))).toEqual([
      Object.values(values).map(String),
      ['2', '', '', '', '', '', '', ''],
    ]);
  });

  test('of 400 days is as fine as each time is kept, without overlap or hole, and lets others have their turn', async () => {
    const history = await openHistory();
    const now = start + 400 * day + 7 * minute + 13_000;
    let total = 0;
    const take = (from: number, to: number, pause: number): void => {
      for (let time = from; time < to; time += pause) {
        history.add(time, 'alpha', { cpu: 5 });
        total++;
      }
    };
    // At least one sample in each row of what is to be read of that time.
    const retention = { ...defaultRetention, rawMs: 6 * hour, minuteMs: day, quarterMs: 20 * day };
    take(start, now - 21 * day, hour);
    take(now - 21 * day, now - 25 * hour, 15 * minute);
    take(now - 25 * hour, now - 7 * hour, minute);
    take(now - 7 * hour, now, 30_000);
    history.complete('alpha');
    const { database } = history;
    const real = database.each.bind(database);
    let turn = 0;
    let timer = setImmediate(function next() {
      turn++;
      timer = setImmediate(next);
    });
    const readsByTurn = new Map<number, number>();
    database.each = (...given): void => {
      readsByTurn.set(turn, (readsByTurn.get(turn) ?? 0) + 1);
      real(...given);
    };
    const lines = times(await write(history, 0, now + 400 * 365 * day, now, retention));
    clearImmediate(timer);
    // One read for each quarter of a day, beside the few at the begin that look what there is.
    expect(readsByTurn.size).toBeGreaterThan(1500);
    expect(Math.max(...readsByTurn.values())).toBeLessThan(30);
    for (const [index, { from, ms }] of lines.entries()) {
      const next = lines[index + 1];
      if (next === undefined) continue;
      expect(next.from).toBeGreaterThanOrEqual(from + ms);
      expect(next.ms).toBeLessThanOrEqual(ms);
      // Of a stretch of buckets each is there; single samples begin within the minute after the last.
      expect(next.from - (from + ms)).toBeLessThanOrEqual(ms === 0 || next.ms === 0 ? minute : 0);
    }
    // Every sample is in exactly one line.
    expect(lines.reduce((sum, { samples }) => sum + samples, 0)).toBe(total);
    expect([...new Set(lines.map(({ ms }) => ms / 1000))]).toEqual([3600, 900, 60, 0]);
    const firstOf = (seconds: number): number => lines.find(({ ms }) => ms === seconds * 1000)?.from ?? NaN;
    expect(Math.abs(firstOf(900) - (now - 20 * day))).toBeLessThanOrEqual(hour);
    expect(Math.abs(firstOf(60) - (now - day))).toBeLessThanOrEqual(15 * minute);
    expect(Math.abs(firstOf(0) - (now - 6 * hour))).toBeLessThanOrEqual(minute);
  }, 60_000);

  test('tells with coarser lines what is no longer there in finer ones', async () => {
    const history = await openHistory();
    const now = start + 4 * hour;
    for (let time = start; time < now; time += 20_000) history.add(time, 'alpha', { cpu: 5 });
    history.complete('alpha');
    expect(times(await write(history, start, now, now))).toHaveLength(720);
    history.database.run('DELETE FROM samples WHERE t < ?', [start / 1000 + 2 * 3600]);
    const lines = times(await write(history, start, now, now));
    expect(lines.reduce((sum, { samples }) => sum + samples, 0)).toBe(720);
    expect([...new Set(lines.map(({ ms }) => ms / 1000))]).toEqual([60, 0]);
    history.database.run('DELETE FROM minutes WHERE t < ?', [start / 1000 + 3600]);
    const coarser = times(await write(history, start, now, now));
    expect(coarser.reduce((sum, { samples }) => sum + samples, 0)).toBe(720);
    expect([...new Set(coarser.map(({ ms }) => ms / 1000))]).toEqual([900, 60, 0]);
  });

  test('of nothing is its header', async () => {
    const history = await openHistory();
    history.add(start, 'beta', { cpu: 1, players: 1 });
    expect(await write(history, 0, start + day, start)).toEqual([header]);
    history.catalogue.source('alpha');
    expect(await write(history, 0, start + day, start)).toEqual([header]);
  });
});

describe('the file of an export', () => {
  async function one(): Promise<History> {
    const history = await openHistory();
    history.add(start, 'alpha', { cpu: 1, players: 1 });
    history.complete('alpha');
    return history;
  }
  const exported = (history: History, file: string): Promise<number> => {
    return exportCsv(history, { id: 'alpha', from: 0, to: start + day, path: file }, start, defaultRetention);
  };

  test('is one that is named in full', async () => {
    const failed = await exported(await one(), 'out.csv').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'invalid-definition', data: { field: 'path' } });
    expect(fs.existsSync('out.csv')).toBe(false);
  });

  test('replaces another as a whole, and nothing else in the folder', async () => {
    const history = await one();
    const others = [`out.csv.${String(process.pid)}.tmp`, 'out.csv.tmp', '.out.csv.tmp', 'other.csv'];
    for (const name of ['out.csv', ...others]) fs.writeFileSync(at(name), 'of another program');
    const before = fs.openSync(at('out.csv'), 'r');
    expect(await exported(history, at('out.csv'))).toBe(1);
    // Whoever has the old one open reads it to its end.
    expect(fs.readFileSync(before, 'utf8')).toBe('of another program');
    fs.closeSync(before);
    expect(fs.readFileSync(at('out.csv'), 'utf8')).toContain(header);
    for (const name of others) expect(fs.readFileSync(at(name), 'utf8')).toBe('of another program');
    expect(fs.readdirSync(at()).sort()).toEqual(['out.csv', ...others].sort());
  });

  test('is whole where two are written to the same place at once', async () => {
    const history = await one();
    for (let index = 1; index < 2000; index++) history.add(start + index * 1000, 'alpha', { cpu: index % 100 });
    history.complete('alpha');
    const rows = await Promise.all([exported(history, at('out.csv')), exported(history, at('out.csv'))]);
    expect(rows).toEqual([2000, 2000]);
    expect(fs.readFileSync(at('out.csv'), 'utf8').split('\n')).toHaveLength(2002);
    expect(fs.readdirSync(at())).toEqual(['out.csv']);
  });

  test('is not there where its folder is not, or where it is a folder itself', async () => {
    const history = await one();
    fs.mkdirSync(at('folder', 'full'), { recursive: true });
    fs.writeFileSync(at('file'), '');
    for (const [file, code] of [
      [at('nowhere', 'out.csv'), 'ENOENT'],
      [at('file', 'out.csv'), 'ENOTDIR'],
      [at('folder'), undefined],
    ] as const) {
      const failed = await exported(history, file).catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 'io', data: { file } });
      if (code !== undefined) expect(failed).toMatchObject({ data: { detail: code } });
    }
    expect(fs.readdirSync(at()).sort()).toEqual(['file', 'folder']);
  });

  test('stays as it was where the disk is full, whenever that shows', async () => {
    const history = await one();
    for (let index = 1; index < 5000; index++) history.add(start + index * 15_000, 'alpha', { cpu: index % 100 });
    history.complete('alpha');
    fs.writeFileSync(at('out.csv'), 'before');
    for (const failing of [0, 1]) {
      let calls = 0;
      // Said later, when nobody waits for it.
      const fullAfter = (real: (...given: never[]) => void): never =>
        ((...given: never[]) => {
          const done = given.at(-1) as unknown as (error: Error) => void;
          if (calls++ < failing) real(...given);
          else setTimeout(done, 5, Object.assign(new Error('no space'), { code: 'ENOSPC' }));
        }) as never;
      vi.spyOn(fs, 'write').mockImplementation(fullAfter(fs.write.bind(fs)));
      vi.spyOn(fs, 'writev').mockImplementation(fullAfter(fs.writev.bind(fs)));
      const failed = await exported(history, at('out.csv')).catch((error: unknown) => error);
      vi.restoreAllMocks();
      expect(failed).toMatchObject({ code: 'io', data: { detail: 'ENOSPC' } });
      expect(calls).toBeGreaterThan(failing);
      expect(fs.readFileSync(at('out.csv'), 'utf8')).toBe('before');
      expect(fs.readdirSync(at())).toEqual(['out.csv']);
    }
  });

  test('is for this user alone', async () => {
    await exported(await one(), path.join(at(), 'out.csv'));
    if (process.platform !== 'win32') expect(fs.statSync(at('out.csv')).mode & 0o777).toBe(0o600);
  });
});
