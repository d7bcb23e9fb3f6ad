import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GoingDown } from '../../../src/launcher/goingDown.js';
import type { Farewell } from '../../../src/shared/launcherProtocol.js';

const saved: Farewell = { lines: ['save', 'stop'], signal: 'SIGTERM', graceSeconds: 20 };
const plain: Farewell = { lines: [], signal: 'SIGINT', graceSeconds: 10 };

interface Fake {
  farewell: Farewell | undefined;
  toldAt: number | undefined;
}
let servers: Map<string, Fake>;
let hasCore: boolean;
/** What was done, each with the seconds since the beginning. */
let done: string[];
let begunAt: number;
let going: GoingDown;

const note = (what: string): void => {
  done.push(`${Math.round((Date.now() - begunAt) / 100) / 10} ${what}`);
};
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  servers = new Map();
  done = [];
  hasCore = false;
  begunAt = Date.now();
  going = new GoingDown({
    servers: () => [...servers].map(([id, server]) => ({ id, ...server })),
    hasCore: () => hasCore,
    announce: () => {
      note('announced');
    },
    tell: (id, { lines, signal }) => {
      note(`${id}: ${[...lines, signal].join(' ')}`);
      servers.get(id)!.toldAt = Date.now();
    },
    leave: () => {
      note('left');
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const run = (id: string, farewell: Farewell | null = saved): void => {
  servers.set(id, { farewell: farewell ?? undefined, toldAt: undefined });
};
const end = (id: string): void => {
  servers.delete(id);
  going.review();
};
const pass = (seconds: number): void => {
  vi.advanceTimersByTime(seconds * 1000);
};

test('without a core every server is told at once, by what was agreed on, and the end of the last one ends it', () => {
  run('a');
  run('b', plain);
  run('c', null);
  going.begin();
  expect(done).toEqual(['0 announced', '0 a: save stop SIGTERM', '0 b: SIGINT', '0 c: SIGTERM']);
  for (const id of ['a', 'b', 'c']) end(id);
  expect(done.at(-1)).toBe('0 left');
});

test('without servers and without a core there is nothing to wait for', () => {
  going.begin();
  expect(done).toEqual(['0 announced', '0 left']);
});

test('a core is waited for until it has done what it could, though all that is known here has ended', () => {
  hasCore = true;
  run('a');
  going.begin();
  going.taken();
  end('a');
  pass(8);
  expect(done).toEqual(['0 announced']);
  going.done();
  expect(done).toEqual(['0 announced', '8 left']);
});

test.each([
  ['that does not answer', 2, (): void => undefined],
  ['that never gets done', 150, (): void => going.taken()],
])('a core %s is not waited for any longer than %d s', (_, seconds, answer) => {
  hasCore = true;
  going.begin();
  answer();
  pass(seconds + 10);
  expect(done.slice(1)).toEqual([`${seconds} left`]);
});

test('a second word changes nothing', () => {
  run('a');
  going.begin();
  pass(1);
  going.begin();
  expect(done).toEqual(['0 announced', '0 a: save stop SIGTERM']);
});

test('a core that says so sees to it, as long as it is there', () => {
  hasCore = true;
  run('a');
  going.begin();
  going.taken();
  pass(15);
  expect(done).toEqual(['0 announced']);
  hasCore = false;
  going.review();
  expect(done.at(-1)).toBe('15 a: save stop SIGTERM');
});

test('a core that does not answer does not see to it', () => {
  hasCore = true;
  run('a');
  going.begin();
  pass(1.8);
  expect(done).toEqual(['0 announced']);
  pass(1);
  expect(done.at(-1)).toBe('2 a: save stop SIGTERM');
});

test('a core that does not get on is not waited for longer than a save takes', () => {
  hasCore = true;
  run('a');
  run('b', plain);
  going.begin();
  going.taken();
  pass(60);
  expect(done.slice(1)).toEqual(['5 b: SIGINT', '25 a: save stop SIGTERM']);
  pass(100);
  expect(done.slice(3)).toEqual(['150 left']);
});

test('what has been told already is not told again, only waited for', () => {
  run('a');
  servers.get('a')!.toldAt = Date.now() - 5000;
  going.begin();
  pass(14.8);
  expect(done).toEqual(['0 announced']);
  pass(1);
  expect(done.slice(1)).toEqual(['15 left']);
});

test('what was told so long ago that its grace is over is told again', () => {
  run('a');
  servers.get('a')!.toldAt = Date.now() - 21_000;
  going.begin();
  expect(done.slice(1)).toEqual(['0 a: save stop SIGTERM']);
});

test('a server that does not end is waited for as long as its grace', () => {
  run('a');
  run('b', plain);
  going.begin();
  end('b');
  pass(60);
  expect(done.slice(3)).toEqual(['20 left']);
});
