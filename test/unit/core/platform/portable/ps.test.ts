import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { descendantsOf, parseTable, psTable, psTableNow } from '../../../../../src/core/platform/portable/ps.js';
import { markedPids, PsSurroundings } from '../../../../../src/core/platform/portable/surroundings.js';
import { secondsOf, startTimeByPs } from '../../../../../src/node/psStartTime.js';

// As macOS prints it.
const mac = `
    1     0     1 Ss    12848   4:29.07 Sun Nov 22 08:00:01 2026     /sbin/launchd
  612     1   612 S    912640 812:27.26 Mon Nov  2 19:33:10 2026     /Users/me/Library/Application Support/Steam/PalServer Mac
  613   612   612 T+      640   0:00.02 Mon Nov 23 02:01:04 2026     sleep
  614   612   612 Z         0   0:00.00 Mon Nov 23 02:01:04 2026     (sh)
 nonsense
`;

describe('a table of processes', () => {
  test('as macOS prints it', () => {
    const table = parseTable(mac);
    expect([...table.keys()]).toEqual([1, 612, 613]);
    expect(table.get(612)).toEqual({
      ...{ pid: 612, parent: 1, group: 612, name: 'PalServer Mac', isSuspended: false },
      ...{ cpuMs: (812 * 60 + 27.26) * 1000, rssBytes: 912640 * 1024 },
      ...{ startTime: '1793647990', startedAt: 1793647990000 },
    });
    expect(table.get(613)).toMatchObject({ cpuMs: 20, isSuspended: true });
    expect(descendantsOf(1, table)).toEqual([612, 613]);
    expect(descendantsOf(613, table)).toEqual([]);
  });

  test('times of other systems', () => {
    const cpuMsOf = (time: string): number | undefined =>
      parseTable(` 7 1 7 S 1 ${time} Mon Nov 23 02:01:04 2026 x\n`).get(7)?.cpuMs;
    expect(cpuMsOf('1-02:03:04')).toBe(93_784_000);
    expect(cpuMsOf('00:00:59')).toBe(59_000);
  });

  test('a start that cannot be read is none', () => {
    expect(secondsOf('yesterday')).toBeNull();
    expect(parseTable(' 7 1 7 S 1 0:00.00 lun. 23 nov. 02:01:04 2026 x\n').size).toBe(0);
  });

  test('of this system, at once and later', async () => {
    for (const table of [psTableNow(), await psTable()]) {
      const me = table.get(process.pid);
      expect(me).toMatchObject({ parent: process.ppid });
      expect(me?.rssBytes).toBeGreaterThan(10_000_000);
      expect(Math.abs((me?.startedAt ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(4000);
    }
  });
});

describe('one process', () => {
  test('its start; that it has ended', () => {
    const { pid } = spawnSync('/bin/true');
    expect(startTimeByPs(pid)).toBeNull();
    const mine = Number(startTimeByPs(process.pid)) * 1000;
    expect(Math.abs(mine - (Date.now() - process.uptime() * 1000))).toBeLessThan(4000);
  });

  test('its mark, its line and its size are found, and nobody else’s', async () => {
    const mark = `ps-${process.pid}:one`;
    const child = spawn('/bin/sleep', ['60'], { env: { GSP_SERVER: mark }, stdio: 'ignore' });
    const longer = spawn('/bin/sleep', ['60'], { env: { GSP_SERVER: `${mark}2` }, stdio: 'ignore' });
    await Promise.all([child, longer].map((one) => new Promise((resolve) => one.once('spawn', resolve))));
    const around = new PsSurroundings(process.platform);
    try {
      expect(markedPids(mark, process.platform)).toEqual([child.pid]);
      expect(markedPids('', process.platform)).toEqual([]);
      expect(around.heirs(mark)).toMatchObject([{ pid: child.pid, parent: process.pid, name: 'sleep' }]);
      const seen = around.list().find(({ pid }) => pid === child.pid);
      expect(seen).toMatchObject({ parent: process.pid, argv: ['/bin/sleep', '60'], cwd: null });
      expect(around.rssOf(child.pid!)).toBeGreaterThan(0);
    } finally {
      child.kill('SIGKILL');
      longer.kill('SIGKILL');
    }
    await new Promise((resolve) => child.once('exit', resolve));
    expect(around.rssOf(child.pid!)).toBeNull();
    expect(around.heirs(mark)).toEqual([]);
  });
});
