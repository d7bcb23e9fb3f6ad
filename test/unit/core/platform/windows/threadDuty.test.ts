import { expect, test } from 'vitest';
import { ProcessTable } from '../../../../../src/core/platform/windows/processTable.js';
import { threadTimes, WindowsThreadDuty } from '../../../../../src/core/platform/windows/threadDuty.js';
import { WindowsTree, type Reading } from '../../../../../src/core/platform/windows/windowsTree.js';
import { madeStartTime, madeTable, type MadeProcess } from './support/tableFixture.js';

const born = 132_000_000_000_000_000;
const startTime = madeStartTime(born);
type Times = NonNullable<MadeProcess['threadTimes']>;

function game(threadTimes: Times, pid = 8): MadeProcess {
  const user = threadTimes.reduce((sum, [, , , ms]) => sum + ms, 0);
  return { pid, created: born, user, threads: threadTimes.map(() => [5, 15] as const), threadTimes };
}

function tableOf(...processes: MadeProcess[]): ProcessTable {
  const raw = madeTable([{ pid: 4 }, ...processes, { pid: 400 }]);
  const table = new ProcessTable();
  expect(table.load(raw.buffer, raw.length, raw.base)).toBe(true);
  return table;
}

test('each thread with its number, its beginning and both its times, also above 32 bits', () => {
  const table = tableOf(
    game([
      [40, born + 1024, 1000, 2000],
      [44, born + 2048, 0, 9_000_000],
    ]),
  );
  expect(threadTimes(table, { pid: 8, startTime })).toEqual([
    { id: 40, startTime: String(born + 1024), cpuMs: 3000 },
    { id: 44, startTime: String(born + 2048), cpuMs: 9_000_000 },
  ]);
});

test('not of a process that is gone or another, nor where the reading is cut', () => {
  const table = tableOf(game([[40, born, 1, 1]]));
  expect(threadTimes(table, { pid: 12, startTime })).toBeUndefined();
  expect(threadTimes(table, { pid: 8, startTime: madeStartTime(born + 1024) })).toBeUndefined();
  expect(threadTimes(undefined, { pid: 8, startTime })).toBeUndefined();
  const raw = madeTable([game([[40, born, 1, 1]])]);
  raw.buffer.writeUInt32LE(30, 4);
  const cut = new ProcessTable();
  cut.load(raw.buffer, raw.length, raw.base);
  expect(threadTimes(cut, { pid: 8, startTime })).toBeUndefined();
});

test.each<[string, Times, number | null]>([
  [
    'one at its limit',
    [
      [40, born, 0, 1_000_000],
      [44, born, 500, 1],
    ],
    100,
  ],
  [
    'Wine, where they have no times',
    [
      [40, born, 0, 0],
      [44, born, 0, 0],
    ],
    null,
  ],
])('the busiest of a tree: %s', (_, later, percent) => {
  let table = tableOf(
    game([
      [40, born, 0, 0],
      [44, born, 0, 0],
    ]),
  );
  const newcomers: number[] = [];
  const reading = (): Reading => ({ table, newcomers, at: 0 });
  const readings = { recent: reading, fresh: reading };
  const tree = new WindowsTree({ pid: 8, startTime }, readings, () => []);
  const duty = new WindowsThreadDuty(readings);
  expect(duty.busiest(tree)).toBeNull();
  table = tableOf(game(later));
  tree.update(reading());
  expect(duty.busiest(tree)).toBe(percent);
});
