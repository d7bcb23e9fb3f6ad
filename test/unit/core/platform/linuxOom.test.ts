import { describe, expect, test } from 'vitest';
import { counterFiles, LinuxOom } from '../../../../src/core/platform/linux/linuxOom.js';

/** The kernel's files, and a clock; `kill` counts one where it is told. */
function kernel(groups: Record<number, string>) {
  const counts: Record<string, number> = {};
  const clock = { at: 1_000_000 };
  const files = { ...groups };
  const gone = new Set<string>();
  const read = (file: string): string | undefined => {
    const pid = Number(/^\/proc\/(\d+)\/cgroup$/.exec(file)?.[1]);
    if (files[pid] !== undefined) return `12:cpu:/x\n0::${files[pid]}\n`;
    if (file === '/proc/vmstat') return `nr_free_pages 5\noom_kill ${counts.machine ?? 0}\nthp_fault_alloc 7\n`;
    const path = /^\/sys\/fs\/cgroup(\/.+)\/memory\.events$/.exec(file)?.[1];
    if (path === undefined || gone.has(path) || path.startsWith('/unified')) return undefined;
    return `low 0\nhigh 0\nmax 3\noom 9\noom_kill ${counts[path] ?? 0}\noom_group_kill 0\n`;
  };
  const oom = new LinuxOom(read, () => clock.at);
  return {
    oom,
    move: (pid: number, path: string) => (files[pid] = path),
    remove: (path: string) => gone.add(path),
    kill: (path?: string) => {
      counts.machine = (counts.machine ?? 0) + 1;
      if (path !== undefined) counts[path] = (counts[path] ?? 0) + 1;
    },
    minutes: (count: number) => {
      for (let n = 0; n < count * 20; n++) {
        clock.at += 3000;
        oom.look();
      }
    },
  };
}

const game = { pid: 7, startTime: '70' };
const other = { pid: 8, startTime: '80' };

describe('an end by the kernel', () => {
  test('counted in its own group', () => {
    const { oom, kill, minutes } = kernel({ 7: '/games/pal' });
    kill('/games/pal');
    oom.watch(game);
    minutes(5);
    kill('/games/pal');
    expect(oom.ended(game, 'killed')).toBe(true);
  });

  test('nothing was counted: somebody else has killed it', () => {
    const { oom, kill, minutes } = kernel({ 7: '/games/pal' });
    kill('/games/pal');
    oom.watch(game);
    minutes(1);
    expect(oom.ended(game, 'killed')).toBe(false);
  });

  test('a kill in another group is not its own, unless a child of it may have been there', () => {
    for (const [how, is] of [
      ['killed', false],
      ['passed-on', true],
      ['otherwise', false],
    ] as const) {
      const { oom, kill, minutes } = kernel({ 7: '/games/pal' });
      oom.watch(game);
      minutes(1);
      kill('/system/browser');
      expect(oom.ended(game, how), how).toBe(is);
    }
  });

  test('one that has moved to a group of its own after its start', () => {
    const { oom, kill, move, minutes } = kernel({ 7: '/session' });
    oom.watch(game);
    move(7, '/games/pal');
    minutes(0.05);
    kill('/games/pal');
    expect(oom.ended(game, 'killed')).toBe(true);
  });

  test('before its group is known, and when the group is gone with it: what the machine counts', () => {
    const early = kernel({ 7: '/session' });
    early.oom.watch(game);
    early.kill('/games/pal');
    expect(early.oom.ended(game, 'killed')).toBe(true);
    const late = kernel({ 7: '/games/pal' });
    late.oom.watch(game);
    late.minutes(3);
    late.kill('/games/pal');
    late.remove('/games/pal');
    expect(late.oom.ended(game, 'killed')).toBe(true);
  });

  test('a kill explains what ends within the next minute, not what ends three minutes later', () => {
    for (const [minutes, is] of [
      [0.9, true],
      [3, false],
    ] as const) {
      const machine = kernel({ 7: '/' });
      machine.oom.watch(game);
      machine.minutes(5);
      machine.kill();
      machine.minutes(minutes);
      expect(machine.oom.ended(game, 'killed'), String(minutes)).toBe(is);
    }
  });

  test('one kill explains one end, two explain two', () => {
    const machine = kernel({ 7: '/', 8: '/' });
    for (const [kills, second] of [
      [1, false],
      [2, true],
    ] as const) {
      machine.oom.watch(game);
      machine.oom.watch(other);
      for (let n = 0; n < kills; n++) machine.kill();
      expect(machine.oom.ended(game, 'killed')).toBe(true);
      expect(machine.oom.ended(other, 'killed')).toBe(second);
    }
  });

  test('a kill that its own group has explained does not explain a script of another group', () => {
    const machine = kernel({ 7: '/games/pal', 8: '/games/mc' });
    machine.oom.watch(game);
    machine.oom.watch(other);
    machine.minutes(1);
    machine.kill('/games/pal');
    expect(machine.oom.ended(game, 'killed')).toBe(true);
    expect(machine.oom.ended(other, 'passed-on')).toBe(false);
  });

  test('a kernel that tells nothing', () => {
    const oom = new LinuxOom(() => undefined);
    oom.watch(game);
    oom.look();
    expect(oom.ended(game, 'killed')).toBe(false);
    expect(oom.ended(other, 'killed')).toBe(false);
  });
});

test('where kills are counted: version 2, both mounts; version 1', () => {
  expect(counterFiles('0::/user.slice/a b.scope\n')).toEqual([
    '/sys/fs/cgroup/user.slice/a b.scope/memory.events',
    '/sys/fs/cgroup/unified/user.slice/a b.scope/memory.events',
  ]);
  expect(counterFiles('4:memory:/games:pal\n3:cpu,cpuacct:/x\n')).toEqual([
    '/sys/fs/cgroup/memory/games:pal/memory.oom_control',
  ]);
  expect(counterFiles('rubbish\n\n')).toEqual([]);
});
