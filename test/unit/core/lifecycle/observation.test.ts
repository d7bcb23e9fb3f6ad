import { expect, test, vi } from 'vitest';
import { Observation } from '../../../../src/core/lifecycle/observation.js';
import type { ConsoleFollower, ConsolePort, NewLines } from '../../../../src/core/ports.js';
import { platformFor } from '../../../../src/core/platform/platform.js';
import { effective } from '../../../../src/shared/definition.js';

const said = (text: string): string => `[12:00:00] [INFO] ${text}`;

/** A console whose reader is held until it is told otherwise. */
function held(offset: number, wroteNothing: () => boolean = () => false) {
  let isHeld = true;
  let waiting: string[] = [];
  let follower: ConsoleFollower | undefined;
  const read = (): NewLines => ({ lines: isHeld ? [] : waiting.splice(0), skippedBytes: 0, hasMore: false });
  const reader = {
    get isHeld() {
      return isHeld;
    },
    read,
    finish: read,
    dispose: (): void => undefined,
  };
  const consoles: ConsolePort = {
    ...{ size: () => 0, busy: () => undefined, begin: () => 0, resume: () => undefined },
    ...{ lastLines: () => [], append: () => undefined, setEncoding: () => undefined, encodingOf: () => undefined },
    open: (_file, _offset, by) => {
      follower = by;
      return reader;
    },
  };
  const { processes: real, oom } = platformFor(process.platform);
  const numbers = { cpuMs: 0, rssBytes: 1, threads: 1, readBytes: 0, writeBytes: 0, isSuspended: false };
  const tree = { read: () => ({ ...numbers, wroteNothing: wroteNothing() }), dispose: () => undefined };
  const processes = { ...real, means: real.means, tree: () => tree } as typeof real;
  const heard: [string[], boolean][] = [];
  const moves: [number, number][] = [];
  const running = { pid: process.pid, startTime: '0', nonce: 'n', startedAt: 0, supervised: false, isOurs: true };
  const observation = new Observation(
    effective({ id: 'a', name: 'a', game: 'demo', launch: { command: 'a' } }),
    running,
    { file: 'console.log', offset, moved: (cut, bytes) => moves.push([cut, bytes]) },
    { consoles, processes, oom },
    ({ lines }, changed) => heard.push([lines, changed]),
  );
  return {
    observation,
    heard,
    moves,
    print: (...lines: string[]) => (waiting = [...waiting, ...lines.map(said)]),
    release: (bytes: number) => {
      if (bytes > 0) follower?.moved(77, bytes);
      isHeld = false;
    },
  };
}

test('what was printed before a console that is held could be read tells who is on, and is no news', () => {
  const { observation, heard, print, release } = held(100);
  print('ann joined the game');
  observation.catchUp();
  observation.poll();
  expect([observation.watch.online.size, heard]).toEqual([0, []]);
  release(0);
  observation.poll();
  expect([...observation.watch.online]).toEqual([['ann', null]]);
  expect([heard, observation.watch.knowsPlayers]).toEqual([[[[], true]], true]);
  print('bob joined the game');
  observation.poll();
  expect(heard.at(-1)).toEqual([[said('bob joined the game')], true]);
  expect(heard).toHaveLength(2);
  observation.dispose();
});

test.each([
  [100, true],
  [101, false],
])('its start at 100, cut by %i bytes meanwhile: is it known who is on? %s', (bytes, isKnown) => {
  const { observation, moves, release } = held(100);
  observation.catchUp();
  release(bytes);
  observation.poll();
  expect([moves, observation.watch.knowsPlayers]).toEqual([[[77, bytes]], isKnown]);
  observation.dispose();
});

test('where nothing was written there is nothing to read, and that is believed for half a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    let isSilent = false;
    const { observation, heard, print, release } = held(0, () => isSilent);
    release(0);
    const facts = { players: null, maxPlayers: null, tickRate: null, frameTime: null, apiTime: null } as never;
    const round = (): number => {
      vi.advanceTimersByTime(2000);
      observation.sample(Date.now(), facts, false);
      observation.pollAfterSample();
      return heard.length;
    };
    print('one');
    expect(round()).toBe(1);
    isSilent = true;
    print('written by somebody else');
    for (let n = 1; n < 15; n++) expect(round()).toBe(1);
    expect(round()).toBe(2);
    print('two');
    isSilent = false;
    expect(round()).toBe(3);
    // Whoever looks at the console reads it whatever is believed.
    isSilent = true;
    round();
    print('three');
    observation.poll();
    expect(heard).toHaveLength(4);
    observation.dispose();
  } finally {
    vi.useRealTimers();
  }
});
