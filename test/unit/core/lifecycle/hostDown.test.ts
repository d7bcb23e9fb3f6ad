import fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { HostDown } from '../../../../src/core/lifecycle/hostDown.js';
import { Life } from '../../../../src/core/lifecycle/life.js';
import { RecordKeeper, Records } from '../../../../src/core/lifecycle/record.js';
import type { Exit, Lifecycle, LifecycleEvent, Running } from '../../../../src/core/lifecycle/state.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
const running: Running = { pid: 7, startTime: '70', nonce: 'n', startedAt: 1, supervised: true, isOurs: true };
const up: Lifecycle = { at: 'running', since: 1, process: running, isReady: true };
const stopping: Lifecycle = { at: 'stopping', since: 2, process: running, upSince: 1, wasReady: true };
const log = { write: (): void => undefined };
const exitOf = (cause: Exit['cause'], secondsAgo: number): Exit => ({
  code: 1,
  signal: null,
  cause,
  at: Date.now() - secondsAgo * 1000,
});

let life: Life;
let keeper: RecordKeeper;
let done: string[];
let steps: LifecycleEvent[];
let isRestarting: boolean;
let isStopRunning: boolean;
let host: HostDown;
beforeEach(() => {
  fs.mkdirSync(at('run'));
  done = [];
  steps = [];
  isRestarting = false;
  isStopRunning = false;
  keeper = new RecordKeeper('a', new Records(at(), log));
  keeper.note({ nonce: 'n', pid: 7 });
  life = new Life({ id: 'a', keeper, log, changed: (_, by) => void steps.push(by) });
  host = new HostDown({
    life,
    keeper,
    restarter: { cancel: () => done.push('no restart') } as never,
    stopper: {
      get isRunning(): boolean {
        return isStopRunning;
      },
      stop: async (options: object) => {
        done.push(`stop ${JSON.stringify(options)}`);
      },
    } as never,
    callOff: () => isRestarting,
  });
});

const stop = 'stop {"countdownSeconds":0,"onlyWait":false}';

describe('a server that runs', () => {
  test('is stopped at once, and it is on record why before that', async () => {
    life.resume(up);
    await host.begin(false);
    expect(done).toEqual([stop]);
    expect(keeper.current).toMatchObject({ intent: 'stop', stoppedByHost: true });
    expect(life.state).toMatchObject({ at: 'stopping', byHost: true });
    const wish = { by: 'host', mode: 'stop', reason: null, restarts: false };
    expect(steps).toEqual([{ is: 'stopAsked', byHost: true, wish }]);
    expect(host.isGoing).toBe(true);
    host.stay();
    expect(host.isGoing).toBe(false);
  });

  test('is only waited for where it has been told', async () => {
    life.resume(up);
    await host.begin(true);
    expect(done).toEqual(['stop {"countdownSeconds":0,"onlyWait":true}']);
  });

  test('and that a person is stopping stays theirs, and is hurried', async () => {
    life.resume(stopping);
    isStopRunning = true;
    await host.begin(false);
    expect(done).toEqual([stop]);
    expect(keeper.current).toMatchObject({ stoppedByHost: false });
    expect(life.state).toEqual(stopping);
  });

  test('and that is being restarted is one that was wanted', async () => {
    life.resume(stopping);
    isStopRunning = true;
    isRestarting = true;
    await host.begin(false);
    expect(keeper.current).toMatchObject({ stoppedByHost: true });
    expect(life.state).toEqual({ ...stopping, byHost: true });
  });

  test('and that somebody else started is left alone', async () => {
    life.resume(up);
    keeper.note({ isOurs: false });
    await host.begin(false);
    expect(done).toEqual([]);
    expect(life.state).toEqual(up);
  });
});

describe('a server that does not run', () => {
  test.each<[string, Lifecycle['at'], Exit, boolean]>([
    ['has just crashed', 'crashed', exitOf('crash', 1), true],
    ['has just ended by a signal', 'stopped', exitOf('stopped-from-inside', 1), true],
    ['crashed a while ago', 'crashed', exitOf('crash', 5), false],
    ['was stopped by a person just now', 'stopped', exitOf('asked', 1), false],
    ['waits for its restart', 'restarting', exitOf('crash', 40), true],
  ])('and %s', async (_, name, exit, isBlamed) => {
    const state = { at: name, since: exit.at, exit, ...(name === 'restarting' ? { nextAt: Date.now() + 5000 } : {}) };
    life.resume(state as Lifecycle);
    await host.begin(false);
    if (isBlamed) {
      expect(done).toEqual(['no restart']);
      expect(life.state).toMatchObject({ at: 'stopped', exit: { code: 1, cause: 'host-restart' } });
      expect(keeper.current?.exit).toEqual(life.exit);
    } else {
      expect(done).toEqual([]);
      expect(life.state).toEqual(state);
    }
  });

  test('and never did has nothing to be blamed for', async () => {
    await host.begin(false);
    expect([done, life.state.at]).toEqual([[], 'stopped']);
  });
});
