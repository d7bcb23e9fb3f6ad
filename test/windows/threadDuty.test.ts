import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WindowsProcesses } from '../../src/core/platform/windows/windowsProcesses.js';
import { startTimeOfPid } from '../../src/node/windows/processes.js';
import { Actor, killAll, toBeKilled } from './support/actor.js';

const port = new WindowsProcesses();

afterEach(killAll);

/** Threads that are busy for `on` of every `on` + `off` milliseconds; they end by themselves, should nobody do that. */
const script = (threads: number, on: number, off: number): string => `
  const { Worker } = require('node:worker_threads');
  const work = () => {
    const still = new Int32Array(new SharedArrayBuffer(4));
    for (const end = performance.now() + 60_000; performance.now() < end;) {
      for (const until = performance.now() + ${on}; performance.now() < until;);
      if (${off} > 0) Atomics.wait(still, 0, 0, ${off});
    }
  };
  for (let n = 0; n < ${threads}; n++) new Worker('(' + work + ')()', { eval: true });`;

/** Of the busiest thread and of the whole tree, percent of a core, over some seconds. */
async function measured(threads: number, on: number, off: number): Promise<{ busiest: number | null; tree: number }> {
  const root = await Actor.start();
  const { pid = 0 } = await root.tell('child', { script: script(threads, on, off), args: [] });
  toBeKilled(pid);
  await sleep(1500);
  const ref = { pid: root.pid, startTime: startTimeOfPid(root.pid) };
  const tree = port.tree(ref);
  try {
    const round = (): number => {
      port.host();
      port.beginRound();
      const sample = tree.read();
      assert.ok(sample !== undefined);
      return sample.cpuMs ?? 0;
    };
    round();
    assert.equal(port.busiestThread(ref), null);
    round();
    const began = performance.now();
    await sleep(3000);
    const cpuMs = round();
    const elapsed = performance.now() - began;
    const busiest = port.busiestThread(ref);
    console.log(`busiest ${String(busiest?.toFixed(1))}, tree ${((100 * cpuMs) / elapsed).toFixed(1)}`);
    return { busiest, tree: (100 * cpuMs) / elapsed };
  } finally {
    tree.dispose();
  }
}

// By shares, not by percents: others may want the processors, too.
test('one busy thread is told from four that are busy half of the time', async () => {
  const one = await measured(1, 1000, 0);
  await killAll();
  const four = await measured(4, 15, 15);
  assert.ok(one.tree > 5 && four.tree > 5);
  assert.ok(one.busiest !== null && four.busiest !== null);
  assert.ok(one.busiest / one.tree > 0.85 && one.busiest / one.tree < 1.15);
  assert.ok(four.busiest / four.tree > 0.1 && four.busiest / four.tree < 0.5);
});
