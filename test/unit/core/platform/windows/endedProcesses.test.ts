import { beforeEach, expect, test } from 'vitest';
import { EndedProcesses, type Handles } from '../../../../../src/core/platform/windows/endedProcesses.js';

/** Handles are pids plus 10 000; a process has its pid for its start time, and for its exit code once it has ended. */
class World implements Handles {
  readonly open_ = new Set<number>();
  readonly ended = new Set<number>();

  open(pid: number): number {
    const handle = pid < 0 ? 0 : pid + 10_000;
    if (handle !== 0) this.open_.add(handle);
    return handle;
  }

  startTime(handle: number): string {
    return String(handle - 10_000);
  }

  exitCode(handle: number): number | null {
    expect(this.open_).toContain(handle);
    return this.ended.has(handle - 10_000) ? handle - 10_000 : null;
  }

  close(handle: number): void {
    expect(this.open_.delete(handle)).toBe(true);
  }
}

let world: World;
let ends: EndedProcesses;
const ref = (pid: number): { pid: number; startTime: string } => ({ pid, startTime: String(pid) });

beforeEach(() => {
  world = new World();
  ends = new EndedProcesses(world);
});

test('a code is told once it has ended, also after it was let go', () => {
  const letGo = ends.hold(ref(42));
  expect(ends.exitCode(ref(42))).toBeNull();
  world.ended.add(42);
  expect(ends.exitCode(ref(42))).toBe(42);
  letGo();
  letGo();
  expect(ends.exitCode(ref(42))).toBe(42);
  expect(ends.exitCode({ pid: 42, startTime: null })).toBe(42);
});

test('nothing is told of one that nobody has held, that cannot be opened, or that has the pid of another', () => {
  ends.hold({ pid: 7, startTime: 'another' })();
  ends.hold(ref(-1))();
  world.ended.add(7);
  for (const one of [ref(7), ref(-1), { pid: 7, startTime: 'another' }]) expect(ends.exitCode(one)).toBeNull();
  expect(world.open_.size).toBe(0);
});

test('of those that were let go the last 64 are kept, of the others all', () => {
  const letGo = Array.from({ length: 200 }, (_, pid) => ends.hold(ref(pid)));
  const again = ends.hold(ref(3));
  for (let pid = 0; pid < 200; pid++) world.ended.add(pid);
  expect(world.open_.size).toBe(200);
  for (const one of letGo) one();
  expect(world.open_.size).toBe(65);
  expect([ends.exitCode(ref(3)), ends.exitCode(ref(135)), ends.exitCode(ref(136))]).toEqual([3, null, 136]);
  again();
  expect([ends.exitCode(ref(3)), ends.exitCode(ref(136)), world.open_.size]).toEqual([3, null, 64]);
});

test('who lets go twice does not let go for another', () => {
  const letGo = ends.hold(ref(1));
  ends.hold(ref(1));
  letGo();
  letGo();
  for (let pid = 100; pid < 200; pid++) ends.hold(ref(pid))();
  world.ended.add(1);
  expect(ends.exitCode(ref(1))).toBe(1);
});
