import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessReaderPort, ProcessRef } from '../../../src/core/ports.js';

/** How an implementation spells a start, and what it cannot tell, each for a reason. */
export interface Kind {
  readonly startTimeOf: (pid: number) => string | null;
  /** `ps` has no count of threads that every system spells alike; pidusage has none. */
  readonly knowsThreads: boolean;
  /** Not every system shows the folder that a process is in without a program of its own for that. */
  readonly knowsFolders: boolean;
}

/** Gives the cases something to look at: programs of Node that run in the folder for temporary files. */
export interface ReaderBench {
  readonly port: ProcessReaderPort;
  readonly kind: Kind;
  /** children: so many of its own. Resolves when all of them run. */
  start(children?: number): Promise<{ readonly pid: number; kill(): Promise<unknown> }>;
}

interface ReaderCase {
  readonly name: string;
  run(bench: ReaderBench): Promise<void>;
}

const refOf = ({ kind }: ReaderBench, pid: number): ProcessRef => ({ pid, startTime: kind.startTimeOf(pid) });

async function beginRound({ port }: ReaderBench): Promise<void> {
  // The least interval, which is short here.
  if (port.refresh !== undefined) await sleep(2 * port.means.leastIntervalMs);
  await port.refresh?.();
  port.beginRound();
}

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
    async run(bench) {
      const { port, start, kind } = bench;
      const program = await start(1);
      const tree = port.tree(refOf(bench, program.pid));
      port.host();
      await beginRound(bench);
      const { cpuMs, readBytes, writeBytes } = tree.read() ?? {};
      assert.deepEqual([cpuMs, readBytes, writeBytes], [null, null, null]);
      if (port.refresh !== undefined) await beginRound(bench);
      const second = tree.read();
      assert.ok((second?.cpuMs ?? -1) >= 0);
      // Two programs of Node, each with some threads and megabytes.
      if (kind.knowsThreads) assert.ok((second?.threads ?? 0) > 8);
      else assert.equal(second?.threads, null);
      assert.ok((second?.rssBytes ?? 0) > 40 * 1024 * 1024);
      assert.equal(second?.isSuspended, false);
      tree.dispose();
    },
  },
  {
    name: 'a tree whose root has ended is undefined, for good, and never an error',
    async run(bench) {
      const { port, start } = bench;
      const program = await start();
      const ref = refOf(bench, program.pid);
      const tree = port.tree(ref);
      assert.notEqual(tree.read(), undefined);
      await program.kill();
      for (let n = 0; n < 2; n++) {
        port.host();
        await beginRound(bench);
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
    async run({ port, start, kind }) {
      const { pid } = await start();
      const seen = port.list().find((one) => one.pid === pid);
      assert.equal(seen?.parent, process.pid);
      assert.equal(seen.startTime, kind.startTimeOf(pid));
      assert.equal(seen.argv[0], process.execPath);
      if (kind.knowsFolders) assert.equal(fs.realpathSync(seen.cwd ?? ''), fs.realpathSync(os.tmpdir()));
      else assert.equal(seen.cwd, null);
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
