import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LinuxTree, ticksNow } from '../../../../src/core/platform/linux/linuxTree.js';
import { parseStat } from '../../../../src/core/platform/linux/processEntry.js';
import { ProcessIndex } from '../../../../src/core/platform/linux/processIndex.js';
import type { ProcessRef } from '../../../../src/core/ports.js';
import { eventually } from '../../node/support/socketPair.js';
import { useTempFolder } from '../../node/support/tempFolder.js';
import { useWorkers, workerScript } from './support/workers.js';

const at = useTempFolder();
const { worker, shell } = useWorkers();

function treeOf(ref: ProcessRef): { tree: LinuxTree; look(): void } {
  const index = new ProcessIndex();
  // Between two readings more time has passed than one that stands still is trusted for.
  let clock = 0;
  const tree = new LinuxTree(ref, index, ticksNow, () => (clock += 10_000));
  const look = (): void => {
    index.refresh();
    tree.update();
  };
  look();
  return { tree, look };
}

/** Of the truth, as a share of it. */
const error = (measured: number | null | undefined, truth: number): number =>
  Math.abs((measured ?? NaN) - truth) / truth;

describe.runIf(process.platform === 'linux')('a tree of real processes', { timeout: 60_000 }, () => {
  test('CPU of a busy process is what it counts itself, within 10 percent', async () => {
    const busy = await worker();
    const { tree } = treeOf(busy.ref);
    expect(tree.read()?.cpuMs).toBeNull();
    let before = (await busy.ask('cpu')).cpuMs;
    tree.read();
    // Twice, so that it is the difference that counts and not the sum so far.
    for (const ms of [500, 250]) {
      const after = (await busy.ask(`burn ${ms}`)).cpuMs;
      const measured = tree.read()?.cpuMs;
      expect(after - before).toBeGreaterThanOrEqual(ms);
      expect(error(measured, after - before)).toBeLessThan(0.1);
      before = after;
    }
    tree.dispose();
  });

  test('that has written nothing is told; one that has said a word, and one that is new, are not', async () => {
    const one = await worker();
    const { tree } = treeOf(one.ref);
    const isSilent = (): boolean | undefined => tree.read()?.wroteNothing;
    isSilent();
    expect([isSilent(), isSilent()]).toEqual([true, true]);
    await one.ask('cpu');
    expect([isSilent(), isSilent()]).toEqual([false, true]);
    tree.dispose();
    const parent = await shell(`echo '{"cpuMs":0}'; read x; sleep 60 & wait`);
    const { tree: family, look } = treeOf(parent.ref);
    family.read();
    expect(family.read()?.wroteNothing).toBe(true);
    parent.child.stdin?.write('go\n');
    await eventually('the child', () => {
      look();
      return family.read()?.threads === 2;
    });
    family.read();
    expect(family.read()?.wroteNothing).toBe(true);
    family.dispose();
  });

  test('open files of all of them; none of what is gone', async () => {
    // Each has its own: sh keeps what it has opened, and the sleeper gets it, too.
    const parent = await shell(`exec 7</dev/null 8</dev/null; echo '{"cpuMs":0}'; read go; sleep 60 & wait`);
    const { tree, look } = treeOf(parent.ref);
    const before = tree.openFiles() ?? NaN;
    expect(before).toBeGreaterThanOrEqual(5);
    parent.child.stdin?.write('go\n');
    await eventually('the child', () => {
      look();
      return (tree.openFiles() ?? 0) > before;
    });
    tree.dispose();
    expect(new LinuxTree({ pid: parent.pid, startTime: '1' }, new ProcessIndex()).openFiles()).toBeNull();
  });

  test('CPU of children that come and go between two readings is the sum of what they count', async () => {
    const parent = await worker();
    const { tree, look } = treeOf(parent.ref);
    const before = (await parent.ask('cpu')).cpuMs;
    tree.read();
    // Each of the two starts one more, which comes and goes within its life.
    const { cpuMs, others = NaN } = await parent.ask('children 2 120 1');
    look();
    const truth = cpuMs - before + others;
    expect(others).toBeGreaterThan(4 * 120);
    expect(error(tree.read()?.cpuMs, truth)).toBeLessThan(0.15);
    expect(tree.read()?.cpuMs).toBeLessThan(truth / 4);
    tree.dispose();
  });

  test('CPU of a child that was followed is counted once, also over its end', async () => {
    // The worker is the child; the shell waits for it and lives on.
    const command = `'${process.execPath}' '${workerScript}'`;
    const parent = await shell(`${command}; echo '{"cpuMs":0}'; sleep 60`);
    const { tree } = treeOf(parent.ref);
    const before = (await parent.ask('cpu')).cpuMs;
    tree.read();
    let counted = 0;
    for (const command of ['burn 200', 'burn 200']) {
      await parent.ask(command);
      counted += tree.read()?.cpuMs ?? NaN;
    }
    const end = (await parent.ask('leave')).cpuMs;
    await parent.ask('the word of the shell that it is over');
    counted += tree.read()?.cpuMs ?? NaN;
    expect(end - before).toBeGreaterThan(400);
    expect(error(counted, end - before)).toBeLessThan(0.15);
    tree.dispose();
  });

  test('size and threads are those of all', async () => {
    const parent = await shell(`sleep 60 & sleep 60 & echo '{"cpuMs":0}'; read -r _; wait`);
    const alone = new LinuxTree(parent.ref, { descendants: () => [] } as unknown as ProcessIndex);
    const { tree } = treeOf(parent.ref);
    const [one, all] = [alone.read(), tree.read()];
    expect([one?.threads, all?.threads]).toEqual([1, 3]);
    expect(all?.rssBytes).toBeGreaterThan(one?.rssBytes ?? NaN);
    const node = await worker();
    const big = treeOf(node.ref).tree;
    expect(big.read()?.threads).toBeGreaterThan(4);
    expect(big.read()?.rssBytes).toBeGreaterThan(20 * 1024 * 1024);
    for (const each of [alone, tree, big]) each.dispose();
  });

  test('a zombie is not counted', async () => {
    // The shell becomes a program that waits for nobody.
    const parent = await shell(`sleep 60 & echo "{\\"cpuMs\\":$!}"; read -r _; exec sleep 60`);
    const index = new ProcessIndex();
    index.refresh();
    const [child] = index.descendants(parent.pid);
    const { tree, look } = treeOf(parent.ref);
    expect(tree.read()?.threads).toBe(2);
    parent.child.stdin?.write('\n');
    await eventually('the other program', () => fs.readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
    process.kill(child!, 'SIGKILL');
    await eventually('one thread', () => tree.read()?.threads === 1);
    look();
    expect(tree.read()?.threads).toBe(1);
    // As a root of its own it is gone.
    const dead = treeOf({ pid: child!, startTime: null }).tree;
    expect(dead.read()).toBeUndefined();
    dead.dispose();
    tree.dispose();
  });

  test('a process whose parent has ended is found with the next one', async () => {
    // The shell in between leaves; its sleeper goes on, under whoever takes orphans here.
    const parent = await shell(`(sleep 60 & echo "{\\"cpuMs\\":$!}"; read -r _); read -r _`);
    const index = new ProcessIndex();
    index.refresh();
    const sleeper = index.descendants(parent.pid).at(-1)!;
    const parentNow = (): number => parseStat(fs.readFileSync(`/proc/${sleeper}/stat`)).parent;
    const before = parentNow();
    expect(index.descendants(before)).toContain(sleeper);
    parent.child.stdin?.write('\n');
    await eventually('another parent', () => parentNow() !== before);
    index.refresh();
    expect(index.descendants(parentNow())).toContain(sleeper);
    expect(index.descendants(parent.pid)).not.toContain(sleeper);
  });

  test('a process that has the pid of another is not taken for it', async () => {
    const other = await worker();
    const start = Number(other.ref.startTime);
    for (const startTime of [String(start - 1), String(start + 1), '0', '']) {
      expect(treeOf({ pid: other.pid, startTime }).tree.read()).toBeUndefined();
    }
    const { tree } = treeOf(other.ref);
    expect(tree.read()).toBeDefined();
    other.child.kill('SIGKILL');
    await other.ended;
    expect(tree.read()).toBeUndefined();
    tree.dispose();
  });

  test('what a process writes to storage is counted', async () => {
    const writer = await worker();
    const { tree } = treeOf(writer.ref);
    expect(tree.read()).toMatchObject({ writeBytes: null, readBytes: null });
    tree.read();
    await writer.ask(`write ${at('file')} 4000000`);
    const written = tree.read()?.writeBytes ?? NaN;
    // Nothing reaches storage where the folder for temporary files is kept in memory.
    expect(written === 0 || (written >= 4_000_000 && written < 5_000_000)).toBe(true);
    tree.dispose();
  });
});
