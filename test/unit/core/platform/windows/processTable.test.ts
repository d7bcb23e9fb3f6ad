import { describe, expect, test } from 'vitest';
import { ProcessTable } from '../../../../../src/core/platform/windows/processTable.js';
import { madeBase, madeStartTime, madeTable, type MadeProcess } from './support/tableFixture.js';

const gib = 1024 ** 3;

function load(processes: readonly MadeProcess[], base = madeBase): ProcessTable {
  const raw = madeTable(processes, base);
  const table = new ProcessTable();
  expect(table.load(raw.buffer, raw.length, raw.base)).toBe(true);
  return table;
}

describe('a reading', () => {
  test('of 300 processes: each is found, with its parent, its name and its figures', () => {
    const made = Array.from({ length: 300 }, (_, n): MadeProcess => ({
      ...{ pid: 4 * (n + 1), parent: 4 * n, created: 132_000_000_000_000_000 + 1024 * n, name: `서버 ${n}.exe` },
      ...{ user: 1000 * n, kernel: n, workingSet: n * gib, commit: n * gib + 1, private: n * gib + 2 },
      ...{ read: 5 * gib + n, written: 6 * gib + n, threads: Array.from({ length: 1 + (n % 13) }, () => [5, 15]) },
    }));
    const table = load(made);
    expect(table.count).toBe(300);
    for (const [n, { pid, created = 0 }] of made.entries()) {
      const place = table.find(pid);
      expect(table.pidAt(place)).toBe(pid);
      expect(table.parentAt(place)).toBe(n === 0 ? -1 : table.find(4 * n));
      expect(table.startTimeAt(place)).toBe(madeStartTime(created));
      expect(table.nameAt(place)).toBe(`서버 ${n}.exe`);
      expect(table.figuresAt(place)).toEqual({
        cpuMs: 1001 * n,
        threads: 1 + (n % 13),
        workingSetBytes: n * gib,
        commitBytes: n * gib + 1,
        privateBytes: n * gib + 2,
        readBytes: 5 * gib + n,
        writeBytes: 6 * gib + n,
      });
    }
    expect(table.find(2)).toBe(-1);
    expect(table.find(4 * 301)).toBe(-1);
  });

  test('of 5000, then of few: nothing of the many is left', () => {
    const table = load(Array.from({ length: 5000 }, (_, n) => ({ pid: 4 * n })));
    expect(table.count).toBe(5000);
    expect(table.find(19_996)).toBe(4999);
    const few = madeTable([{ pid: 8 }]);
    table.load(few.buffer, few.length, few.base);
    expect([table.find(8), table.find(12), table.find(19_996)]).toEqual([0, -1, -1]);
  });

  test('a pid may have 32 bits, and the buffer may lie anywhere', () => {
    for (const base of [0x1_0000, 0xffff_f000, madeBase]) {
      const table = load(
        [
          { pid: 0xffff_fffc, name: 'a.exe' },
          { pid: 0xffff_fff8, parent: 0xffff_fffc },
        ],
        base,
      );
      const child = table.find(0xffff_fff8);
      expect(table.nameAt(table.parentAt(child))).toBe('a.exe');
    }
  });

  test('a process without a name has none, and a name elsewhere is not looked for', () => {
    const raw = madeTable([{ pid: 0, name: null, threads: [] }, { pid: 4 }, { pid: 8 }]);
    const second = raw.buffer.readUInt32LE(0);
    raw.buffer.writeBigUInt64LE(BigInt(madeBase - 8), second + 64);
    const third = second + raw.buffer.readUInt32LE(second);
    raw.buffer.writeBigUInt64LE(BigInt(madeBase + raw.length - 2), third + 64);
    const table = new ProcessTable();
    expect(table.load(raw.buffer, raw.length, raw.base)).toBe(true);
    expect([0, 1, 2].map((place) => table.nameAt(place))).toEqual(['', '', '']);
    expect(table.find(0)).toBe(0);
  });

  test('a name with folders is that of the program', () => {
    expect(load([{ pid: 4, name: 'C:\\games\\server.exe' }]).nameAt(0)).toBe('server.exe');
  });

  test('one without threads has ended: only a handle holds it', () => {
    expect(load([{ pid: 4 }, { pid: 8, threads: [] }]).find(8)).toBe(-1);
  });

  test('a parent is older than its child: whoever has the pid later is none', () => {
    const table = load([
      { pid: 4, created: 0x2_0000_0000 },
      { pid: 8, parent: 4, created: 0x1_ffff_ffff },
      { pid: 12, parent: 4, created: 0x2_0000_0000 },
      { pid: 16, parent: 16 },
    ]);
    expect([1, 2, 3].map((place) => table.parentAt(place))).toEqual([-1, 0, -1]);
  });

  test('the same process in two readings, and another one with its pid', () => {
    const before = load([
      { pid: 4, created: 7 },
      { pid: 8, created: 0x1_0000_0007 },
    ]);
    const now = load([{ pid: 4, created: 7 }, { pid: 8, created: 7 }, { pid: 12 }]);
    expect([0, 1, 2].map((place) => now.isIn(before, place))).toEqual([true, false, false]);
  });
});

test.each<[string, MadeProcess['threads'], boolean]>([
  [
    'one of its threads goes on',
    [
      [5, 5],
      [5, 15],
    ],
    false,
  ],
  [
    'one of its threads runs',
    [
      [5, 5],
      [2, 5],
    ],
    false,
  ],
  [
    'all are stopped',
    [
      [5, 5],
      [5, 5],
    ],
    true,
  ],
])('suspended: %s', (_, threads, expected) => {
  expect(load([{ pid: 4, threads: threads ?? [] }, { pid: 8 }]).isSuspendedAt(0)).toBe(expected);
});

describe('nothing of a reading is believed', () => {
  const whole = (): ReturnType<typeof madeTable> => madeTable([{ pid: 4 }, { pid: 8 }, { pid: 12 }]);
  const refused = (change: (buffer: Buffer, length: number) => number | void): void => {
    const { buffer, length, base } = whole();
    const cut = change(buffer, length) ?? length;
    const table = new ProcessTable();
    expect(table.load(buffer, cut, base)).toBe(false);
    expect([table.count, table.find(4)]).toEqual([0, -1]);
  };

  test('that is cut off, wherever', () => {
    const { length } = whole();
    const last = length - whole().buffer.readUInt32LE(0);
    for (let cut = 0; cut < last + 256; cut += 8) refused(() => cut);
  });

  test('that says more bytes than there are', () => {
    const { buffer, base } = madeTable([{ pid: 4 }, { pid: 8 }]);
    const table = new ProcessTable();
    expect(table.load(buffer.subarray(0, 300), 1_000_000, base)).toBe(false);
  });

  test.each([8, 255, 257, 100_000, 0xffff_ffff, 0xffff_ff00])('whose next entry is said to be %d bytes on', (next) => {
    refused((buffer) => void buffer.writeUInt32LE(next, 0));
  });

  test('threads that would lie beyond it are not looked at', () => {
    const { buffer, length, base } = whole();
    buffer.writeUInt32LE(0xffff_ffff, 4);
    const table = new ProcessTable();
    expect(table.load(buffer, length, base)).toBe(true);
    expect(table.isSuspendedAt(0)).toBe(false);
  });

  test('whatever it holds, it is read to an end and never beyond it', () => {
    let seed = 1;
    const next = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0);
    for (let n = 0; n < 500; n++) {
      const { buffer, length, base } = madeTable(Array.from({ length: 20 }, (_, m) => ({ pid: 4 * m, parent: 4 })));
      for (let m = 0; m < 40; m++) buffer[next() % length] = next() >>> 8;
      const table = new ProcessTable();
      table.load(buffer, length - (next() % 400), base);
      for (let place = 0; place < table.count; place++) {
        table.nameAt(place);
        table.figuresAt(place);
        table.isSuspendedAt(place);
        table.parentAt(place);
      }
    }
  });
});
