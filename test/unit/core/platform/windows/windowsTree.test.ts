import { beforeEach, describe, expect, test } from 'vitest';
import { ProcessReadings } from '../../../../../src/core/platform/windows/readings.js';
import { WindowsTree } from '../../../../../src/core/platform/windows/windowsTree.js';
import { madeBase, madeStartTime, madeTable, type MadeProcess } from './support/tableFixture.js';

const root = 100;

/** A made-up system: what lives in it, what is in the job, and how often each was asked for. */
class World {
  readonly beings = new Map<number, MadeProcess>();
  job: number[] = [];
  calls = 0;
  asked = 0;
  now = 0;
  isBroken = false;
  private created = 1000;
  private readonly trees: WindowsTree[] = [];
  private readonly buffer = Buffer.alloc(1024 * 1024);
  readonly readings = new ProcessReadings(
    () => {
      this.calls++;
      if (this.isBroken) return undefined;
      // One buffer for all, as with the kernel: what is read late is read wrong.
      const { buffer, length } = madeTable([...this.beings.values()]);
      buffer.copy(this.buffer.fill(0xaa), 0, 0, length);
      return { buffer: this.buffer, length, base: madeBase };
    },
    (reading) => this.trees.forEach((tree) => tree.update(reading)),
    () => this.now,
  );

  born(pid: number, parent: number, more: Partial<MadeProcess> = {}): void {
    this.beings.set(pid, { pid, parent, created: ++this.created, workingSet: pid, ...more });
  }

  changes(pid: number, more: Partial<MadeProcess>): void {
    const being = this.beings.get(pid);
    if (being !== undefined) this.beings.set(pid, { ...being, ...more });
  }

  startTime(pid: number): string {
    return madeStartTime(this.beings.get(pid)?.created ?? 0);
  }

  tree(startTime: string | null = this.startTime(root)): WindowsTree {
    const tree = new WindowsTree({ pid: root, startTime }, this.readings, () => {
      this.asked++;
      return this.job;
    });
    this.trees.push(tree);
    tree.read();
    return tree;
  }

  round(ms = 2000): void {
    this.now += ms;
    this.readings.fresh();
  }
}

let world: World;
beforeEach(() => {
  world = new World();
  world.born(4, 0);
  world.born(root, 4);
});

/** A round, and what the tree spent since the one before. */
function spent(tree: WindowsTree, ms?: number): number | null | undefined {
  world.round(ms);
  return tree.read()?.cpuMs;
}

/** Who is in it: each has its pid for its size. */
function size(tree: WindowsTree): number | null | undefined {
  return tree.read()?.rssBytes;
}

describe('figures', () => {
  test('nothing of CPU and transfers at first, then what was spent since; all of it once', () => {
    world.changes(root, { user: 5000, kernel: 1, read: 10, written: 20 });
    const tree = new WindowsTree({ pid: root, startTime: null }, world.readings, () => []);
    expect(tree.read()).toMatchObject({ cpuMs: null, readBytes: null, writeBytes: null, threads: 1, rssBytes: root });
    const other = world.tree();
    world.changes(root, { user: 5030, kernel: 8, read: 15, written: 27 });
    world.round();
    expect(other.read()).toMatchObject({ cpuMs: 37, readBytes: 5, writeBytes: 7, isSuspended: false });
    expect(other.read()).toMatchObject({ cpuMs: 0, readBytes: 0, writeBytes: 0 });
  });

  test('what was spent before a reading that another has caused counts', () => {
    const tree = world.tree();
    world.changes(root, { user: 10 });
    world.round(1000);
    world.changes(root, { user: 25 });
    expect(spent(tree, 1000)).toBe(25);
  });

  test('more than 4 GiB, and the sum of all', () => {
    world.changes(root, { workingSet: 9 * 1024 ** 3 });
    world.born(104, root, { workingSet: 5 });
    expect(size(world.tree())).toBe(9 * 1024 ** 3 + 5);
  });

  test('what all of them hold open', () => {
    world.changes(root, { handles: 70_000 });
    const tree = world.tree();
    world.born(104, root, { handles: 30 });
    world.born(105, 1, { handles: 1000 });
    world.round();
    expect(tree.handles()).toBe(70_030);
    world.beings.delete(root);
    world.round();
    expect(tree.handles()).toBeNull();
  });

  test('a root that somebody holds', () => {
    const tree = world.tree();
    world.born(104, root);
    world.changes(root, { threads: [[5, 5]] });
    world.round();
    expect(tree.read()?.isSuspended).toBe(true);
  });
});

describe('who is in it', () => {
  test('children and theirs, however they are listed; nobody else', () => {
    world.beings.delete(root);
    world.born(108, 104, { created: 5000 });
    world.born(104, root, { created: 4000 });
    world.born(root, 4, { created: 3000 });
    world.born(200, 4);
    expect(size(world.tree())).toBe(root + 104 + 108);
  });

  test('a newborn counts whole, what was there before does not', () => {
    world.born(104, root, { user: 700 });
    const tree = world.tree();
    world.born(108, 104, { user: 30 });
    expect(spent(tree)).toBe(30);
    world.changes(108, { user: 35 });
    world.changes(104, { user: 701 });
    expect(spent(tree)).toBe(6);
  });

  test('one stays until it has ended, also when its parent has', () => {
    world.born(104, root);
    world.born(108, 104);
    const tree = world.tree();
    world.beings.delete(104);
    expect(spent(tree)).toBe(0);
    expect(size(tree)).toBe(root + 108);
    world.changes(108, { user: 9 });
    expect(spent(tree)).toBe(9);
    world.beings.delete(108);
    world.round();
    expect(size(tree)).toBe(root);
  });

  test('the last child of one that has ended since comes in', () => {
    world.born(104, root);
    const tree = world.tree();
    world.born(108, 104, { user: 3 });
    world.beings.delete(104);
    expect(spent(tree)).toBe(3);
    expect(size(tree)).toBe(root + 108);
  });

  test('a child of whoever has that pid now does not', () => {
    world.born(104, root);
    const tree = world.tree();
    world.beings.delete(104);
    world.born(104, 4);
    world.born(108, 104);
    world.round();
    expect(size(tree)).toBe(root);
  });

  test('an older process whose parent had the pid before does not', () => {
    world.beings.delete(root);
    world.born(104, root);
    world.born(root, 4);
    expect(size(world.tree())).toBe(root);
  });
});

describe('the job of the start', () => {
  test('tells of those whose parent came and went between two rounds, and of their children', () => {
    const tree = world.tree();
    world.now += 4000;
    world.born(108, 104, { user: 50 });
    world.born(112, 108, { user: 7 });
    world.job = [root, 108];
    expect(spent(tree)).toBe(57);
    expect(size(tree)).toBe(root + 108 + 112);
    expect(world.asked).toBe(2);
  });

  test('is asked at the beginning, and then only when an orphan has come', () => {
    world.born(300, 1);
    world.job = [root, 300];
    const tree = world.tree();
    expect(size(tree)).toBe(root + 300);
    expect(world.asked).toBe(1);
    for (let n = 0; n < 20; n++) {
      world.born(400 + n, n % 2 === 0 ? 4 : root);
      world.round();
    }
    expect(world.asked).toBe(1);
  });

  test('is asked not more often than every 4 seconds; what came meanwhile is not lost, and counts from its beginning', () => {
    const tree = world.tree();
    world.born(108, 104, { user: 50 });
    world.job = [root, 108];
    expect(spent(tree)).toBe(0);
    world.born(112, 108, { user: 5 });
    world.changes(108, { user: 60 });
    expect(spent(tree, 1000)).toBe(0);
    expect(world.asked).toBe(1);
    world.changes(108, { user: 61 });
    expect(spent(tree, 1000)).toBe(66);
    expect(size(tree)).toBe(root + 108 + 112);
    expect(world.asked).toBe(2);
  });

  test('what it tells of too late to be in the reading comes with the next one', () => {
    const tree = world.tree();
    world.now += 4000;
    world.born(108, 104);
    world.job = [root, 108, 112];
    world.round();
    world.born(112, 104, { user: 5 });
    expect(spent(tree, 4000)).toBe(5);
    expect(size(tree)).toBe(root + 108 + 112);
  });

  test('an older one that it tells of late does not count with its past', () => {
    world.born(300, 4, { user: 900 });
    const tree = world.tree();
    world.born(304, 1);
    world.job = [root, 300];
    expect(spent(tree, 4000)).toBe(0);
    expect(size(tree)).toBe(root + 300);
  });
});

describe('the end', () => {
  test('of the root is the end of the tree, whoever lives on', () => {
    world.born(104, root);
    const tree = world.tree();
    world.job = [104];
    world.beings.delete(root);
    world.round();
    expect(tree.read()).toBeUndefined();
    world.born(root, 4);
    world.round(5000);
    expect(tree.read()).toBeUndefined();
  });

  test('a pid that another has by now is not followed', () => {
    const tree = world.tree();
    const startTime = world.startTime(root);
    world.beings.delete(root);
    world.born(root, 4);
    world.round();
    expect(tree.read()).toBeUndefined();
    expect(world.tree(startTime).read()).toBeUndefined();
  });

  test('a reading that fails is none: the tree goes on after it', () => {
    const tree = world.tree();
    world.isBroken = true;
    expect(spent(tree)).toBeUndefined();
    world.isBroken = false;
    world.changes(root, { user: 8 });
    expect(spent(tree)).toBe(8);
  });
});

describe('calls', () => {
  test('one for all trees of a round', () => {
    const trees = Array.from({ length: 20 }, () => world.tree());
    const before = world.calls;
    world.round();
    for (const tree of trees) expect(tree.read()).toBeDefined();
    expect(world.calls - before).toBe(1);
  });

  test('another one for a tree that is read or made between rounds, and for a process that has just begun', () => {
    const tree = world.tree();
    world.now += 1000;
    const before = world.calls;
    world.changes(root, { user: 4 });
    expect(tree.read()?.cpuMs).toBe(4);
    expect(world.calls - before).toBe(1);
    world.tree();
    expect(world.calls - before).toBe(1);
    world.beings.delete(root);
    world.born(root, 4);
    expect(world.tree().read()).toBeDefined();
    expect(world.calls - before).toBe(2);
  });
});
