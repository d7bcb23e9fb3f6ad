import { describe, expect, test } from 'vitest';
import { parseBenchArguments } from '../../../.scripts/lib/bench/arguments.mjs';
import {
  barLines,
  figure,
  figureBeside,
  judge,
  markdownTable,
  tableOf,
  textTable,
  type Column,
  type Measure,
} from '../../../.scripts/lib/bench/report.mjs';
import { alertsBars, laterMs, missing } from '../../../.scripts/lib/bench/alertsTable.mjs';
import { costOfPolling, gamesBars } from '../../../.scripts/lib/bench/gamesTable.mjs';
import { realBytesPerHour, storeBars, type FlushWindow } from '../../../.scripts/lib/bench/storeTable.mjs';
import { mountAt, writtenToDevice } from '../../../.scripts/lib/bench/volume.mjs';
import { servers, Servers } from '../../bench/store/data.js';
import { metricNames } from '../../bench/store/subject.js';

describe('arguments', () => {
  const benches = [{ name: 'store', about: 'the history' }];

  test('name and options are understood in any order', () => {
    expect(parseBenchArguments(['--quick', 'store', '--results', 'there'], benches)).toEqual({
      bench: benches[0],
      quick: true,
      data: undefined,
      results: 'there',
      publish: false,
    });
  });

  test('a bench that reads a folder has to be told which', () => {
    const reading = [{ name: 'insight', about: 'detectors', needsData: true }];
    expect(parseBenchArguments(['insight', '--data', 'here'], reading)).toMatchObject({ data: 'here' });
    expect(() => parseBenchArguments(['insight'], reading)).toThrow('insight needs --data FOLDER.');
  });

  test('without a name no bench is chosen', () => {
    expect(parseBenchArguments([], benches)).toEqual({
      bench: undefined,
      quick: false,
      data: undefined,
      results: undefined,
      publish: false,
    });
  });

  test.each([
    [['speed'], 'There is no bench speed.'],
    [['store', 'store'], 'One bench at a time.'],
    [['store', '--fast'], "Unknown option '--fast'"],
    [['store', '--publish', '--quick'], 'Quick figures are not published.'],
  ])('%j is refused with what can be given', (words, why) => {
    expect(() => parseBenchArguments(words, benches)).toThrow(why);
    expect(() => parseBenchArguments(words, benches)).toThrow('store  the history');
  });
});

describe('figures', () => {
  test.each([
    [undefined, '–'],
    [Number.NaN, '–'],
    [0, '0.00'],
    [0.123, '0.12'],
    [12.34, '12.3'],
    [1_234.5, '1 235'],
    [11_247_000, '11 247 000'],
  ])('%s reads %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  test('stand beside the product as a multiple of it, unless there is nothing to divide by', () => {
    expect(figureBeside(30, 2)).toBe('30.0 (15.0x)');
    expect(figureBeside(30, 0)).toBe('30.0');
    expect(figureBeside(30, undefined)).toBe('30.0');
    expect(figureBeside(undefined, 2)).toBe('–');
  });
});

describe('the table', () => {
  interface Result extends Column {
    readonly bytes: number;
  }
  const measures: Measure<Result>[] = [
    { title: 'bytes', value: ({ bytes }) => bytes },
    { title: 'twice', value: ({ bytes }) => bytes * 2 },
  ];
  const other = { heading: 'other', isProduct: false, bytes: 200 };
  const ours = { heading: 'ours', isProduct: true, bytes: 10 };

  test('has the product first, and the others as multiples of it', () => {
    expect(tableOf(measures, [other, ours])).toEqual([
      ['', 'ours', 'other'],
      ['bytes', '10.0', '200 (20.0x)'],
      ['twice', '20.0', '400 (20.0x)'],
    ]);
  });

  test('does without the product', () => {
    expect(tableOf(measures, [other])[1]).toEqual(['bytes', '200']);
  });

  test('is aligned as text', () => {
    expect(textTable(tableOf(measures, [other]))).toBe('       other\nbytes    200\ntwice    400');
  });

  test('is a table in Markdown', () => {
    expect(markdownTable([...tableOf(measures, [other]).slice(0, 2), ['a|b', '1']])).toBe(
      '|  | other |\n|---|---:|\n| bytes | 200 |\n| a\\|b | 1 |',
    );
  });
});

describe('bars', () => {
  const bar = (limit: number) => ({ title: 'bytes', unit: 'MB', limit, value: (result: { mb?: number }) => result.mb });

  test('are met below their limit, not at it, and undecided where nothing was measured', () => {
    expect(judge([bar(15), bar(14)], { mb: 14 }).map(({ met }) => met)).toEqual([true, false]);
    expect(judge([bar(15)], {})[0]?.met).toBeUndefined();
  });

  test('say what was found', () => {
    expect(barLines(judge([bar(15), bar(14)], { mb: 14 }))).toEqual([
      'met           bytes: 14.0 of less than 15 MB',
      'NOT MET       bytes: 14.0 of less than 14 MB',
    ]);
    expect(barLines(judge([bar(15)], {}))).toEqual(['not measured  bytes: – of less than 15 MB']);
  });
});

describe('bytes per hour in real time', () => {
  const window = (values: Partial<FlushWindow>): FlushWindow => ({
    ...{ rows: 0, cpuSeconds: 0, hours: 1, replacements: 0, replacedBytes: 0, resident: 0, residentAfterGc: 0 },
    ...values,
  });

  test('come from the flushes alone, scaled to an hour, and the snapshots of the longer window', () => {
    const steady = window({ hours: 6, replacedBytes: 60 });
    expect(realBytesPerHour({ steady, realTime: window({ hours: 0.1, deviceBytes: 3 }) })).toBe(40);
    const withSnapshot = window({ hours: 0.1, deviceBytes: 63, replacedBytes: 60 });
    expect(realBytesPerHour({ steady, realTime: withSnapshot })).toBe(40);
  });

  test('are the own count of the process where no device was counted, and then decide nothing', () => {
    const result = {
      ...{ heading: 'ours', isProduct: true, residentBefore: 0, fill: { rows: 0, cpuSeconds: 0 } },
      ...{ queries: { quarter: 0, week: 0, weekOfThree: 0 }, sizes: { database: 0, others: 0 } },
      ...{ recovery: { cpuMs: 0, wallMs: 0, found: 0 }, steady: window({}) },
      realTime: window({ hours: 0.1, writtenBytes: 1 }),
    };
    expect(realBytesPerHour(result)).toBe(10);
    expect(storeBars[0]?.value(result)).toBeUndefined();
  });
});

describe('what the system says', () => {
  test('bytes written to one device', () => {
    const text = `   7       0 loop0 100 0 2000 10 50 1 4096 20 0 30 30 0 0 0 0 5 3
   7       1 loop01 1 0 1 1 1 1 1 1 0 1 1 0 0 0 0 0 0\n`;
    expect(writtenToDevice(text, 'loop0')).toBe(4096 * 512);
    expect(writtenToDevice(text, 'loop7')).toBeUndefined();
  });

  test('the mount at a place is the last one there', () => {
    const text = `/dev/vda / ext4 rw 0 0
/dev/loop3 /tmp/a\\040b ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/loop4 /tmp/a\\040b xfs rw 0 0\n`;
    expect(mountAt(text, '/tmp/a b')).toEqual({ device: 'loop4', kind: 'xfs' });
    expect(mountAt(text, '/tmp/a')).toBeUndefined();
  });
});

describe('the servers of the store bench', () => {
  const at = Date.UTC(2026, 0, 5, 20);
  const minutes = (data: Servers, count: number) =>
    Array.from({ length: count * 12 }, (_, index) => data.rowsAt(at + index * 5_000));

  test('give the same rows for the same seed, and others for another', () => {
    expect(minutes(new Servers(7), 2)).toEqual(minutes(new Servers(7), 2));
    expect(minutes(new Servers(7), 2)).not.toEqual(minutes(new Servers(8), 2));
  });

  test('give each server every metric, finite and not below zero', () => {
    for (const rows of minutes(new Servers(1), 60)) {
      expect(rows.map(({ server }) => server)).toEqual(servers);
      for (const { values } of rows)
        for (const name of metricNames) expect(values[name], name).toBeGreaterThanOrEqual(0);
    }
  });

  test('save once in five minutes', () => {
    const writes = minutes(new Servers(3), 60).map((rows) => rows[4]!.values.ioWrite);
    expect(writes.filter((bytes) => bytes > 1e6)).toHaveLength(12);
  });
});

test('what polling costs is what it adds to a process that does nothing', () => {
  const measured = { cpuSeconds: 0.3, ground: 0.1, seconds: 100 };
  expect(costOfPolling(measured)).toBeCloseTo(0.2);
  expect(costOfPolling({ cpuSeconds: 0.3, seconds: 100 })).toBeUndefined();
  const whole = { ...measured, heading: 'polling', isProduct: true, byHttp: 1, byRcon: 1, resident: 1 };
  expect(judge(gamesBars, { ...whole, cpuSeconds: 0.31 }).map(({ met }) => met)).toEqual([false]);
  expect(judge(gamesBars, { ...whole, cpuSeconds: 0.29 }).map(({ met }) => met)).toEqual([true]);
});

test('a burst of alerts must delay no round, take little memory, and lose nothing that is not counted', () => {
  const calm = { lateMs: 4, cpuSeconds: 0.1, resident: 50e6 };
  const burst = { lateMs: 104, cpuSeconds: 0.1, resident: 60e6, tookMs: 90 };
  const ended = { alerts: 20, told: 10_000, left: 0, lost: 0 };
  const result = { heading: 'this product', isProduct: true, seconds: 10, raised: 10_000, calm, burst, ...ended };
  const met = (change: object): (boolean | undefined)[] =>
    judge(alertsBars, { ...result, ...change }).map((verdict) => verdict.met);
  expect(laterMs(result)).toBe(100);
  expect(met({})).toEqual([true, true, true]);
  expect(met({ burst: { ...burst, lateMs: 600 } })).toEqual([false, true, true]);
  expect(met({ burst: { ...burst, resident: 90e6 } })).toEqual([true, false, true]);
  expect(met({ told: 9_999 })).toEqual([true, true, false]);
  expect(missing({ ...ended, raised: 10_000, told: 0, alerts: 0 })).toBe(10_000);
  expect(missing({ ...ended, raised: 10_000, told: 9_000, lost: 3 })).toBe(0);
});
