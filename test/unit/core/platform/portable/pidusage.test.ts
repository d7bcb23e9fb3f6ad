import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { TreeMeter } from '../../../../../src/core/lifecycle/treeMeter.js';
import type { NumbersSource } from '../../../../../src/core/platform/portable/numbers.js';
import { pidusageSource } from '../../../../../src/core/platform/portable/pidusageSource.js';
import { PortableProcesses } from '../../../../../src/core/platform/portable/processes.js';
import { psSource } from '../../../../../src/core/platform/portable/ps.js';
import { noSurroundings } from '../../../../../src/core/platform/portable/surroundings.js';
import { isAlive, processStartTime } from '../../../../../src/node/processIdentity.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function run(script: string): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', `process.stdout.write('up');${script}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child as ChildProcess & { pid: number };
}

const busy = 'for(;;);';
const idle = 'setInterval(()=>{},1e9)';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function processesBy(source: NumbersSource): PortableProcesses {
  const alive = { isAlive: (ref: { pid: number; startTime: string | null }) => isAlive(ref.pid, ref.startTime) };
  return new PortableProcesses({ source, around: noSurroundings, shortfall: null, everyMs: 100, ...alive });
}

/** What this process's share of a busy PC was, to compare with. */
function cpuMsOf(pid: number): Promise<number> {
  return pidusageSource.ask([pid]).then((answer) => answer.get(pid)?.cpuMs ?? 0);
}

describe('real processes by pidusage', () => {
  test('busy, idle and ended', async () => {
    const processes = processesBy(pidusageSource);
    const [worker, sleeper, mortal] = [await run(busy), await run(idle), await run(idle)];
    const refOf = ({ pid }: { pid: number }) => ({ pid, startTime: processStartTime(pid) });
    const meters = [worker, sleeper, mortal].map((child) => new TreeMeter(processes.tree(refOf(child))));
    await processes.refresh();
    for (const meter of meters) expect(meter.read()?.numbers).toMatchObject({ cpu: null, threads: null, ioRead: null });
    const [before, begun] = [await cpuMsOf(worker.pid), performance.now()];
    await end(mortal);
    await pause(1500);
    await processes.refresh();
    const share = (100 * ((await cpuMsOf(worker.pid)) - before)) / (performance.now() - begun);
    const [cpu, still, gone] = meters.map((meter) => meter.read());
    // The PC may be busy with others.
    expect(Math.abs((cpu?.numbers.cpu ?? 0) - share)).toBeLessThan(15);
    expect(cpu?.numbers.cpu).toBeGreaterThan(20);
    expect(still?.numbers.cpu).toBeLessThan(5);
    expect(still?.numbers.memory).toBeGreaterThan(10 * 1024 * 1024);
    expect(gone).toBeUndefined();
    // All have ended: no failure.
    await Promise.all([end(worker), end(sleeper)]);
    await pause(150);
    await processes.refresh();
    expect(processes.means.shortfall).toBeNull();
    expect(await pidusageSource.ask([worker.pid])).toEqual(new Map());
  });

  test('a pid that is another process’s by now is never measured', () => {
    const processes = processesBy(pidusageSource);
    expect(processes.tree({ pid: process.pid, startTime: '1' }).read()).toBeUndefined();
  });
});

test('real processes by ps: what a server has started is counted', async () => {
  const processes = processesBy(psSource);
  const script = await run(`require('child_process').spawn(process.execPath,['-e',${JSON.stringify(busy)}]);${idle}`);
  const own = processes.tree({ pid: script.pid, startTime: null });
  try {
    await pause(500);
    await processes.refresh();
    expect(own.read()?.rssBytes).toBeGreaterThan(60 * 1024 * 1024);
    await pause(4000);
    await processes.refresh();
    const { cpuMs = 0, overMs = 0 } = own.read() ?? {};
    expect(overMs).toBeGreaterThan(3900);
    // Linux tells whole seconds, and the PC may be busy with others.
    expect(cpuMs).toBeGreaterThanOrEqual(1000);
    expect(cpuMs).toBeLessThanOrEqual(overMs + 1000);
    expect(processes.executable(script.pid)).toMatch(/node|MainThread/);
  } finally {
    const child = [...(processes.answer?.processes ?? [])].find(([, { parent }]) => parent === script.pid)?.[0];
    if (child !== undefined) process.kill(child, 'SIGKILL');
  }
});
