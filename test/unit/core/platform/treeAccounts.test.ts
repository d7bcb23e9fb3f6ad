import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { LinuxTree } from '../../../../src/core/platform/linux/linuxTree.js';
import type { ProcessIndex } from '../../../../src/core/platform/linux/processIndex.js';
import { current, World } from './support/world.js';

vi.mock('../../../../src/core/platform/linux/processEntry.js', async () => ({
  ProcessEntry: (await import('./support/world.js')).WorldEntry,
}));

const root = 100;
let world: World;
let noticed: Set<number>;
/** From one reading to the next, milliseconds: one that stands still is trusted for less. */
let pause: number;
let clock = 0;

function treeOf(pid = root): LinuxTree {
  const index = { descendants: () => [...noticed].filter((one) => world.beings.has(one)) } as unknown as ProcessIndex;
  const tree = new LinuxTree(
    { pid, startTime: String(pid) },
    index,
    () => 0,
    () => (clock += pause),
  );
  tree.read();
  return tree;
}
const cpuOf = (tree: LinuxTree): number => tree.read()?.cpuMs ?? NaN;

beforeEach(() => {
  world = new World();
  current.world = world;
  noticed = new Set();
  pause = 10_000;
  world.born(root, 1);
});

function child(tree: LinuxTree, pid: number, parent = root): void {
  world.born(pid, parent);
  noticed.add(pid);
  tree.update();
}

describe('CPU time', () => {
  test('of the first reading is unknown, then what was used since the last one', () => {
    world.burns(root, 5000);
    const tree = treeOf();
    world.burns(root, 30);
    expect(cpuOf(tree)).toBe(30);
    expect(cpuOf(tree)).toBe(0);
  });

  test('of a child that was never seen comes with its end', () => {
    const tree = treeOf();
    world.born(101, root);
    world.burns(101, 70);
    expect(cpuOf(tree)).toBe(0);
    world.burns(101, 20);
    world.ends(101);
    expect(cpuOf(tree)).toBe(90);
  });

  test('of a child that was seen is counted once, also over its end', () => {
    const tree = treeOf();
    child(tree, 101);
    world.burns(101, 70);
    expect(cpuOf(tree)).toBe(70);
    world.burns(101, 20);
    world.turnsZombie(101);
    expect(cpuOf(tree)).toBe(20);
    world.ends(101);
    expect(cpuOf(tree)).toBe(0);
  });

  test('of an orphan goes on while it lives, and does not end up with somebody else', () => {
    const tree = treeOf();
    child(tree, 101);
    child(tree, 102, 101);
    world.burns(102, 10);
    world.ends(101);
    world.burns(102, 5);
    expect(cpuOf(tree)).toBe(15);
    world.burns(102, 5);
    expect(cpuOf(tree)).toBe(5);
    world.ends(102);
    world.born(103, root);
    world.burns(103, 3);
    world.ends(103);
    expect(cpuOf(tree)).toBe(3);
  });

  test('adds up exactly, whatever is born, works and ends between the readings', () => {
    const action = fc.oneof(
      fc.record({ is: fc.constant('born' as const), of: fc.nat(), seen: fc.boolean() }),
      fc.record({ is: fc.constant('burns' as const), of: fc.nat(), ms: fc.integer({ min: 10, max: 5000 }) }),
      fc.record({ is: fc.constantFrom('ends' as const, 'zombie' as const), of: fc.nat() }),
      fc.record({ is: fc.constant('read' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        world = new World();
        current.world = world;
        noticed = new Set();
        world.born(root, 1);
        const tree = treeOf();
        let [next, truth, counted] = [root + 1, 0, 0];
        const living = (): number[] => [...world.beings].flatMap(([pid, being]) => (being.isZombie ? [] : [pid]));
        const hasChildren = (pid: number): boolean => [...world.beings.values()].some((being) => being.parent === pid);
        /** Those that may end: not the root, and nobody who would leave children that were never seen. */
        const mortal = (): number[] => [...world.beings.keys()].filter((pid) => pid !== root && !hasChildren(pid));
        const pick = (from: number[], n: number): number | undefined => from[n % Math.max(1, from.length)];
        for (const step of actions) {
          if (step.is === 'read') counted += cpuOf(tree);
          else if (step.is === 'born') {
            const parent = pick(living(), step.of) ?? root;
            // Whoever finds a child has found its parents.
            if (step.seen && (parent === root || noticed.has(parent))) child(tree, next++, parent);
            else world.born(next++, parent);
          } else if (step.is === 'burns') {
            const pid = pick(living(), step.of) ?? root;
            world.burns(pid, step.ms);
            truth += step.ms;
          } else {
            const pid = pick(mortal(), step.of);
            if (pid !== undefined && step.is === 'ends') world.ends(pid);
            else if (pid !== undefined) world.turnsZombie(pid);
          }
        }
        // Whatever was not seen is counted with its end.
        for (let [pid] = mortal(); pid !== undefined; [pid] = mortal()) world.ends(pid);
        counted += cpuOf(tree);
        return counted === truth;
      }),
      { numRuns: 500 },
    );
  });

  test('is right also when a child ends between the readings of its parent and of itself', () => {
    const tree = treeOf();
    child(tree, 101);
    world.burns(101, 36_000_000);
    expect(cpuOf(tree)).toBe(36_000_000);
    world.burns(101, 10);
    world.beforeStat.set(101, () => world.ends(101));
    expect(cpuOf(tree) + cpuOf(tree)).toBe(10);
  });

  test('of a child that was noticed late is not lost', () => {
    const tree = treeOf();
    world.born(101, root);
    world.burns(101, 4000);
    noticed.add(101);
    tree.update();
    let counted = cpuOf(tree);
    world.burns(101, 50);
    world.ends(101);
    counted += cpuOf(tree);
    expect(counted).toBe(4050);
  });
});

describe('CPU time in the past', () => {
  /** A tree that is looked at only now, with a child that is older. */
  function late(): LinuxTree {
    world.born(101, root);
    world.burns(101, 7000);
    noticed.add(101);
    const index = { descendants: () => [...noticed].filter((pid) => world.beings.has(pid)) } as unknown as ProcessIndex;
    const tree = new LinuxTree({ pid: root, startTime: String(root) }, index, () => 5000);
    tree.update();
    tree.read();
    return tree;
  }

  test('of a child that was there before us is none of this interval', () => {
    const tree = late();
    world.burns(101, 40);
    expect(cpuOf(tree)).toBe(40);
  });

  test('is not counted with its end either', () => {
    const tree = late();
    world.burns(101, 40);
    world.ends(101);
    expect(cpuOf(tree)).toBe(40);
    expect(cpuOf(tree)).toBe(0);
  });
});

describe('a child that nobody waits for', () => {
  function takesNothing(childMs: number, parentMs: number): void {
    const tree = treeOf();
    child(tree, 101);
    world.burns(101, childMs);
    expect(cpuOf(tree)).toBe(childMs);
    world.vanishes(101);
    for (let n = 0; n < 3; n++) {
      world.burns(root, parentMs);
      expect(cpuOf(tree)).toBe(parentMs);
    }
  }

  test('and that worked longer than its parent meanwhile takes nothing from the parent', () => {
    takesNothing(500, 100);
  });

  test.each([100, 50])('and that worked %i ms, no longer than its parent, takes nothing either', (childMs) => {
    takesNothing(childMs, 100);
  });

  test('in time for this reading, but for the next, takes nothing from a parent that works, too', () => {
    const tree = treeOf();
    child(tree, 101);
    world.burns(101, 90);
    expect(cpuOf(tree)).toBe(90);
    world.burns(root, 100);
    world.beforeStat.set(101, () => world.ends(101));
    const first = cpuOf(tree);
    world.burns(root, 100);
    expect([first, cpuOf(tree)]).toEqual([100, 100]);
  });
});

describe('storage', () => {
  test('is what the whole tree wrote since the last reading', () => {
    world.writes(root, 1_000_000);
    const tree = treeOf();
    child(tree, 101);
    world.writes(root, 10);
    world.writes(101, 5);
    expect(tree.read()).toMatchObject({ writeBytes: 15, readBytes: 0 });
    expect(tree.read()).toMatchObject({ writeBytes: 0 });
  });

  test('of a child that was never seen comes with its end', () => {
    const tree = treeOf();
    world.born(101, root);
    world.writes(101, 7);
    world.ends(101);
    expect(tree.read()).toMatchObject({ writeBytes: 7 });
  });

  test('of a child that was seen is counted once, also over its end', () => {
    const tree = treeOf();
    child(tree, 101);
    world.writes(101, 1_000_000);
    expect(tree.read()).toMatchObject({ writeBytes: 1_000_000 });
    world.ends(101);
    expect(tree.read()).toMatchObject({ writeBytes: 0 });
  });

  test('of one that uses no CPU is told some seconds late, and all of it; with any CPU at once', () => {
    const tree = treeOf();
    pause = 2000;
    world.writes(root, 5);
    const silent = { writeBytes: 0, wroteNothing: true };
    expect([tree.read(), tree.read(), tree.read()]).toMatchObject([
      silent,
      silent,
      { writeBytes: 5, wroteNothing: false },
    ]);
    world.writes(root, 7);
    world.burns(root, 10);
    expect(tree.read()).toMatchObject({ writeBytes: 7, wroteNothing: false });
    world.writes(root, 9);
    child(tree, 101);
    expect(tree.read()).toMatchObject({ writeBytes: 9, wroteNothing: false });
  });
});

describe('what is there now', () => {
  test('is all that lives, without zombies', () => {
    const tree = treeOf();
    child(tree, 101);
    child(tree, 102);
    expect(tree.read()).toMatchObject({ threads: 6, rssBytes: 30 * 4096 });
    world.turnsZombie(101);
    expect(tree.read()).toMatchObject({ threads: 4, rssBytes: 20 * 4096 });
    world.ends(101);
    expect(tree.read()).toMatchObject({ threads: 4, rssBytes: 20 * 4096 });
  });

  test('is nothing once the root is gone, or only its exit code is left', () => {
    const tree = treeOf();
    child(tree, 101);
    world.turnsZombie(root);
    expect(tree.read()).toBeUndefined();
    world.ends(root);
    expect(tree.read()).toBeUndefined();
    tree.update();
  });

  test('is nothing where another process has the pid by now', () => {
    const other = new LinuxTree({ pid: root, startTime: '99' }, { descendants: () => [] } as unknown as ProcessIndex);
    expect(other.read()).toBeUndefined();
    expect(world.open).toBe(0);
    const unknown = new LinuxTree({ pid: root, startTime: null }, { descendants: () => [] } as unknown as ProcessIndex);
    expect(unknown.read()).toBeDefined();
    unknown.dispose();
  });

  test('is let go at the end', () => {
    const tree = treeOf();
    for (let pid = 101; pid < 110; pid++) child(tree, pid);
    world.ends(105);
    tree.read();
    tree.dispose();
    expect(world.open).toBe(0);
  });

  test('does not keep files of zombies open', () => {
    const tree = treeOf();
    world.born(101, root);
    world.turnsZombie(101);
    noticed.add(101);
    for (let n = 0; n < 10; n++) tree.update();
    tree.dispose();
    expect(world.open).toBe(0);
  });
});
