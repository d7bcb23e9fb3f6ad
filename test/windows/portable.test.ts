import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { TreeMeter } from '../../src/core/lifecycle/treeMeter.js';
import { portablePorts } from '../../src/core/platform/portable/portable.js';
import { SamplingLoop, type Round } from '../../src/core/sampling/samplingLoop.js';

/*
 * Windows where it cannot be called: pidusage starts wmic or PowerShell. Wine has stubs of them that tell nothing, so there
 * this is the test of what happens on a PC where they are blocked; where they answer, the numbers have to make sense.
 */

const idle = ['-e', 'setInterval(() => {}, 1e9)'];

test('an interval is never shorter than 10 s, and says why', () => {
  const { processes } = portablePorts('win32');
  assert.equal(processes.means.leastIntervalMs, 10_000);
  assert.match(processes.means.shortfall ?? '', /^koffi: /);
  const loop = new SamplingLoop(
    processes,
    () => [],
    () => undefined,
    () => undefined,
  );
  assert.equal(loop.policy.intervalMs, 10_000);
  loop.dispose();
});

test('a process is measured, or nothing is known of it; never 0, never an error, and its end is seen', async () => {
  const { processes, signals } = portablePorts('win32', 200);
  const child = spawn(process.execPath, idle, { stdio: 'ignore', windowsHide: true });
  const exited = once(child, 'exit');
  const ref = { pid: child.pid ?? 0, startTime: null };
  assert.equal(signals.isAlive(ref), true);
  const meter = new TreeMeter(processes.tree(ref));
  let told = 0;
  try {
    for (let n = 0; n < 4; n++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      const begun = performance.now();
      await processes.refresh?.().catch(() => told++);
      assert.ok(performance.now() - begun < 5500);
      const measured = meter.read();
      assert.notEqual(measured, undefined);
      const { cpu, memory, threads, ioRead } = measured?.numbers ?? {};
      assert.equal(threads, null);
      assert.equal(ioRead, null);
      assert.ok(memory === null || (memory ?? 0) > 1024 * 1024, `memory ${String(memory)}`);
      assert.ok(cpu === null || (memory !== null && (cpu ?? -1) >= 0), `cpu ${String(cpu)}`);
    }
    // A signal would end it without a save: none is sent.
    assert.equal(signals.stop(ref, 'SIGINT', ''), false);
    assert.equal(signals.isAlive(ref), true);
    // Whether it worked or not, that is told at most once.
    assert.ok(told <= 1);
  } finally {
    assert.equal(signals.killTree(ref, ''), true);
    await exited;
  }
  assert.equal(meter.read(), undefined);
  assert.equal(signals.isAlive(ref), false);
  assert.equal(signals.killTree(ref, ''), false);
  await processes.refresh?.().catch(() => undefined);
  meter.dispose();
});

test('rounds go on where nothing answers', async () => {
  const { processes } = portablePorts('win32', 300);
  const child = spawn(process.execPath, idle, { stdio: 'ignore', windowsHide: true });
  const exited = once(child, 'exit');
  const meter = new TreeMeter(processes.tree({ pid: child.pid ?? 0, startTime: null }));
  const rounds: Round[] = [];
  const unknown = { players: null, tickRate: null, frameTime: null, apiTime: null };
  const server = {
    ...{ id: 'one', process: {} },
    takeSample: (at: number) => {
      const measured = meter.read();
      return measured === undefined ? null : { at, ...measured.numbers, ...unknown };
    },
  };
  const loop = new SamplingLoop(
    processes,
    () => [server],
    (round) => rounds.push(round),
    () => undefined,
  );
  loop.policy.configure({
    ...{ baseIntervalMs: 300, busyIntervalMs: 300, saturatedIntervalMs: 300 },
    ...{ panelIntervalMs: 0, relaxWhenHidden: false },
    ...{ busyPercent: 70, saturatedPercent: 90 },
  });
  loop.start();
  try {
    const deadline = Date.now() + 30_000;
    while (rounds.length < 2 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(rounds.length >= 2);
    assert.deepEqual(Object.keys(rounds[0]?.samples ?? {}), ['one']);
  } finally {
    loop.dispose();
    child.kill();
    await exited;
    meter.dispose();
  }
});
