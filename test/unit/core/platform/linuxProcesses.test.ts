import fs from 'node:fs';
import os from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LinuxProcesses } from '../../../../src/core/platform/linux/linuxProcesses.js';
import { ProcessIndex } from '../../../../src/core/platform/linux/processIndex.js';
import type { SeenProcess, TreeReader } from '../../../../src/core/ports.js';
import { sleep } from '../../node/support/socketPair.js';
import { useTempFolder } from '../../node/support/tempFolder.js';
import { useWorkers } from './support/workers.js';

const at = useTempFolder();
const { worker, shell } = useWorkers();
const openFiles = (): number => fs.readdirSync('/proc/self/fd').length;

describe.runIf(process.platform === 'linux')('the processes of this machine', { timeout: 60_000 }, () => {
  test('host: memory is what the system says, CPU is unknown first and then a share', async () => {
    const processes = new LinuxProcesses();
    const first = processes.host();
    expect(first.cpuPercent).toBeNull();
    expect(first.memoryTotalBytes).toBe(os.totalmem());
    const free = Number(/MemAvailable:\s+(\d+)/.exec(fs.readFileSync('/proc/meminfo', 'latin1'))?.[1]) * 1024;
    expect(Math.abs(first.memoryUsedPercent - 100 * (1 - free / os.totalmem()))).toBeLessThan(10);
    await (await worker()).ask('burn 100');
    const { cpuPercent } = processes.host();
    expect(cpuPercent).toBeGreaterThan(0);
    expect(cpuPercent).toBeLessThanOrEqual(100);
  });

  test('list: who it is, whose, with which words, where; no zombies', async () => {
    fs.mkdirSync(at('with blanks'));
    const parent = await shell(`sleep 60 & echo "{\\"cpuMs\\":$!}"; read -r _; wait`, { cwd: at('with blanks') });
    // The shell's child is still the shell for a moment.
    const list = (): SeenProcess[] => new LinuxProcesses().list();
    const isSleeper = (one: SeenProcess): boolean => one.parent === parent.pid && one.argv[0] === 'sleep';
    const seen = await vi.waitUntil(() => [list()].find((all) => all.some(isSleeper)), 10_000);
    const shown = seen.find((process) => process.pid === parent.pid);
    expect(shown).toMatchObject({ parent: process.pid, startTime: parent.ref.startTime, cwd: at('with blanks') });
    expect(shown?.argv.slice(0, 2)).toEqual(['/bin/sh', '-c']);
    expect(shown?.argv).toHaveLength(3);
    const child = seen.find((process) => process.parent === parent.pid);
    expect(child?.argv).toEqual(['sleep', '60']);
    const own = seen.find((one) => one.pid === process.pid);
    expect(own?.parent).toBe(process.ppid);
  });

  test('describe: size and niceness, null for nobody', async () => {
    const other = await worker();
    os.setPriority(other.pid, 5);
    const processes = new LinuxProcesses();
    expect(processes.describe(other.pid)).toMatchObject({ pid: other.pid, nice: 5 });
    expect(processes.describe(other.pid)?.rssBytes).toBeGreaterThan(20 * 1024 * 1024);
    other.child.kill('SIGKILL');
    await other.ended;
    expect(processes.describe(other.pid)).toBeNull();
  });

  test('bootId: the same while the machine runs', () => {
    expect(new LinuxProcesses().bootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(new LinuxProcesses().bootId()).toBe(new LinuxProcesses().bootId());
  });
});

describe.runIf(process.platform === 'linux')('rounds', { timeout: 60_000 }, () => {
  let searches = 0;
  beforeEach(() => {
    // Only the clock is set; timers and processes are real.
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
    searches = 0;
    const refresh = ProcessIndex.prototype.refresh;
    vi.spyOn(ProcessIndex.prototype, 'refresh').mockImplementation(function (this: ProcessIndex) {
      searches++;
      refresh.call(this);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const pass = (seconds: number): void => {
    vi.setSystemTime(Date.now() + seconds * 1000);
  };
  function round(processes: LinuxProcesses, tree: TreeReader): number | undefined {
    processes.host();
    processes.beginRound();
    return tree.read()?.threads ?? undefined;
  }

  test('find children that began later, at most every 5 s', async () => {
    const parent = await shell(`echo '{"cpuMs":0}'; read -r _; sleep 60 & echo '{"cpuMs":0}'; read -r _`);
    const processes = new LinuxProcesses();
    const tree = processes.tree(parent.ref);
    expect(round(processes, tree)).toBe(1);
    await parent.ask('');
    pass(3);
    expect(round(processes, tree)).toBe(1);
    expect(searches).toBe(1);
    pass(3);
    expect(round(processes, tree)).toBe(2);
    expect(searches).toBe(2);
    tree.dispose();
  });

  test('look for nothing while there is no server', () => {
    const processes = new LinuxProcesses();
    for (let n = 0; n < 5; n++) {
      processes.host();
      processes.beginRound();
      pass(10);
    }
    expect(searches).toBe(0);
  });

  test('look for a new server at once', async () => {
    const parent = await shell(`sleep 60 & echo '{"cpuMs":0}'; read -r _; wait`);
    const processes = new LinuxProcesses();
    const tree = processes.tree(parent.ref);
    expect(round(processes, tree)).toBe(2);
    tree.dispose();
  });

  test('leave no file open when the server is let go', async () => {
    const parent = await shell(`sleep 60 & sleep 60 & echo '{"cpuMs":0}'; read -r _; wait`);
    const processes = new LinuxProcesses();
    const before = openFiles();
    for (let n = 0; n < 5; n++) {
      const tree = processes.tree(parent.ref);
      pass(10);
      round(processes, tree);
      expect(openFiles()).toBeGreaterThan(before);
      tree.dispose();
    }
    await sleep(0);
    expect(openFiles()).toBe(before);
  });

  test('find children also after the clock was set back', async () => {
    const parent = await shell(`echo '{"cpuMs":0}'; read -r _; sleep 60 & echo '{"cpuMs":0}'; read -r _`);
    const processes = new LinuxProcesses();
    const tree = processes.tree(parent.ref);
    expect(round(processes, tree)).toBe(1);
    await parent.ask('');
    pass(-3600);
    round(processes, tree);
    pass(60);
    expect(round(processes, tree)).toBe(2);
  });
});
