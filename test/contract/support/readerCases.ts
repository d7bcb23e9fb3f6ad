import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessReaderPort, ProcessRef } from '../../../src/core/ports.js';
import { processStartTime } from '../../../src/node/processIdentity.js';

/** Gives the cases something to look at: programs of Node that run in the folder for temporary files. */
export interface ReaderBench {
  readonly port: ProcessReaderPort;
  /** children: so many of its own. Resolves when all of them run. */
  start(children?: number): Promise<{ readonly pid: number; kill(): Promise<unknown> }>;
}

interface ReaderCase {
  readonly name: string;
  run(bench: ReaderBench): Promise<void>;
}

const refOf = (pid: number): ProcessRef => ({ pid, startTime: processStartTime(pid) });

/** What every reader of processes has to do. Of node:assert alone: they run in more than one runner of tests. */
export const readerCases: readonly ReaderCase[] = [
  {
    name: 'the host has its memory and, from the second look on, its load',
    async run({ port }) {
      port.host();
      await sleep(100);
      const { cpuPercent, memoryUsedPercent, memoryTotalBytes } = port.host();
      for (const percent of [cpuPercent ?? 0, memoryUsedPercent]) assert.ok(percent >= 0 && percent <= 100);
      assert.equal(memoryTotalBytes, os.totalmem());
    },
  },
  {
    name: 'a tree: nothing of CPU and storage at first, then what was used since',
    async run({ port, start }) {
      const program = await start(1);
      const tree = port.tree(refOf(program.pid));
      port.host();
      port.beginRound();
      const { cpuMs, readBytes, writeBytes } = tree.read() ?? {};
      assert.deepEqual([cpuMs, readBytes, writeBytes], [null, null, null]);
      const second = tree.read();
      assert.ok((second?.cpuMs ?? -1) >= 0);
      // Two programs of Node, each with some threads and megabytes.
      assert.ok((second?.threads ?? 0) > 8);
      assert.ok((second?.rssBytes ?? 0) > 40 * 1024 * 1024);
      assert.equal(second?.isSuspended, false);
      tree.dispose();
    },
  },
  {
    name: 'a tree whose root has ended is undefined, for good, and never an error',
    async run({ port, start }) {
      const program = await start();
      const ref = refOf(program.pid);
      const tree = port.tree(ref);
      assert.notEqual(tree.read(), undefined);
      await program.kill();
      for (let n = 0; n < 2; n++) {
        port.host();
        port.beginRound();
        assert.equal(tree.read(), undefined);
      }
      tree.dispose();
      tree.dispose();
      const late = port.tree(ref);
      assert.equal(late.read(), undefined);
      late.dispose();
    },
  },
  {
    name: 'the list has every process, with what is needed to start it again',
    async run({ port, start }) {
      const { pid } = await start();
      const seen = port.list().find((one) => one.pid === pid);
      assert.equal(seen?.parent, process.pid);
      assert.equal(seen.startTime, processStartTime(pid));
      assert.equal(seen.argv[0], process.execPath);
      assert.equal(fs.realpathSync(seen.cwd ?? ''), fs.realpathSync(os.tmpdir()));
    },
  },
  {
    name: 'one process is described while it runs',
    async run({ port, start }) {
      const program = await start();
      const described = port.describe(program.pid);
      assert.equal(described?.pid, program.pid);
      assert.equal(described.nice, os.getPriority(program.pid));
      await program.kill();
      assert.equal(port.describe(program.pid), null);
    },
  },
];

/** Where a process can be told from a later one with the same pid. */
export const identityCases: readonly ReaderCase[] = [
  {
    name: 'a tree of a reused pid is undefined',
    async run({ port, start }) {
      const { pid } = await start();
      const tree = port.tree({ pid, startTime: '1' });
      assert.equal(tree.read(), undefined);
      tree.dispose();
    },
  },
];
