import { performance } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { LinuxProcesses } from '../../../../src/core/platform/linux/linuxProcesses.js';
import { sleep } from '../../node/support/socketPair.js';
import { useWorkers } from './support/workers.js';

const { shell } = useWorkers();

/** Threads that are busy for `on` of every `on` + `off` milliseconds. */
const script = (threads: number, on: number, off: number): string => `
  const { Worker } = require('node:worker_threads');
  const work = () => {
    const still = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      for (const until = performance.now() + ${on}; performance.now() < until;);
      if (${off} > 0) Atomics.wait(still, 0, 0, ${off});
    }
  };
  for (let n = 0; n < ${threads}; n++) new Worker('(' + work + ')()', { eval: true });
  setTimeout(() => console.log('{"cpuMs":0}'), 500);`;

/** Of the busiest thread and of the whole tree, percent of a core, over some seconds. */
async function measured(threads: number, on: number, off: number): Promise<{ busiest: number; tree: number }> {
  const quoted = script(threads, on, off).replaceAll("'", `'\\''`);
  // The program is a child of what is followed, as with a start script.
  const { ref } = await shell(`'${process.execPath}' -e '${quoted}'; true`);
  const processes = new LinuxProcesses();
  const tree = processes.tree(ref);
  try {
    const round = (): number | null => {
      processes.host();
      processes.beginRound();
      return tree.read()?.cpuMs ?? null;
    };
    round();
    expect(processes.busiestThread(ref)).toBeNull();
    round();
    const began = performance.now();
    await sleep(3000);
    const busiest = processes.busiestThread(ref);
    const cpuMs = round();
    expect(processes.busiestThread({ pid: 1, startTime: '1' })).toBeNull();
    return { busiest: busiest ?? NaN, tree: (100 * (cpuMs ?? NaN)) / (performance.now() - began) };
  } finally {
    tree.dispose();
  }
}

// By shares, not by percents: others may want the processors, too.
describe.runIf(process.platform === 'linux')('the busiest thread of real programs', { timeout: 60_000 }, () => {
  test('one busy thread does nearly all of its work', async () => {
    const { busiest, tree } = await measured(1, 1000, 0);
    expect(tree).toBeGreaterThan(5);
    expect(busiest / tree).toBeGreaterThan(0.85);
    expect(busiest / tree).toBeLessThan(1.15);
  });

  test('four that are busy half of the time share it', async () => {
    const { busiest, tree } = await measured(4, 15, 15);
    expect(tree).toBeGreaterThan(5);
    expect(busiest / tree).toBeGreaterThan(0.15);
    expect(busiest / tree).toBeLessThan(0.5);
    expect(busiest).toBeLessThan(75);
  });
});
