import { beforeEach, describe, expect, test } from 'vitest';
import { WindowsSignals, type WindowsMeans } from '../../../../src/core/platform/windows/windowsSignals.js';

const game = { pid: 10, startTime: '00000000000000aa' };
const mark = 'a:n';

let done: string[];
let alive: boolean;
let withConsole: number[];
let withWindow: number[];
let job: number[];
beforeEach(() => {
  done = [];
  alive = true;
  withConsole = [];
  withWindow = [];
  job = [10, 11, 12];
});

const means: WindowsMeans = {
  isAlive: () => alive,
  jobPids: (of) => (of === mark ? job : []),
  descendants: () => [20],
  interrupt: async (pid) => {
    done.push(`Ctrl+C ${pid}`);
    return await Promise.resolve(withConsole.includes(pid));
  },
  closeWindows: async (pids) => {
    done.push(`close ${pids.join()}`);
    return await Promise.resolve(pids.some((pid) => withWindow.includes(pid)));
  },
  terminateJob: (of) => {
    done.push(`end job ${of}`);
    return of === mark && job.length > 0;
  },
  terminateTree: (pid) => done.push(`end tree ${pid}`) > 0,
};
const signals = (): WindowsSignals => new WindowsSignals('', means);

describe('a stop on Windows', () => {
  test.each(['SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('by %s is Ctrl+C, once', async (signal) => {
    withConsole = [10, 11];
    const some = signals();
    expect(some.hasHeardCtrlC(game)).toBe(false);
    expect(await some.stop(game, signal, mark)).toBe(true);
    expect(done).toEqual(['Ctrl+C 10']);
    expect(some.hasHeardCtrlC(game)).toBe(true);
    expect(some.hasHeardCtrlC({ ...game, startTime: '00000000000000bb' })).toBe(false);
  });

  test('goes to others of the start where the first has no console', async () => {
    withConsole = [12];
    expect(await signals().stop(game, 'SIGINT', mark)).toBe(true);
    expect(done).toEqual(['Ctrl+C 10', 'Ctrl+C 11', 'Ctrl+C 12']);
  });

  test('of one that was not started by us looks for its descendants', async () => {
    expect(await signals().stop(game, 'SIGINT', '')).toBe(false);
    expect(done).toEqual(['Ctrl+C 10', 'Ctrl+C 20']);
  });

  test('asks no more than a few of many', async () => {
    job = Array.from({ length: 50 }, (_, index) => 10 + index);
    expect(await signals().stop(game, 'SIGINT', mark)).toBe(false);
    expect(done).toHaveLength(6);
  });

  test('by SIGTERM closes windows; Ctrl+C comes again only where the first has reached nobody', async () => {
    const some = signals();
    withConsole = [10];
    expect(await some.stop(game, 'SIGINT', mark)).toBe(true);
    expect(await some.stop(game, 'SIGTERM', mark)).toBe(false);
    expect(done).toEqual(['Ctrl+C 10', 'close 10,11,12']);
    // The same pid, a later process.
    expect(await some.stop({ ...game, startTime: '00000000000000bb' }, 'SIGTERM', mark)).toBe(true);
    expect(done.slice(2)).toEqual(['close 10,11,12', 'Ctrl+C 10']);
  });

  test('by SIGTERM alone reaches a program without windows as well', async () => {
    withConsole = [10];
    const some = signals();
    expect(await some.stop(game, 'SIGTERM', mark)).toBe(true);
    withWindow = [11];
    expect(await some.stop(game, 'SIGTERM', mark)).toBe(true);
    expect(done).toEqual(['close 10,11,12', 'Ctrl+C 10', 'close 10,11,12']);
  });

  test('never touches one that is gone, and knows no SIGUSR1', async () => {
    expect(await signals().stop(game, 'SIGUSR1', mark)).toBe(false);
    alive = false;
    expect(await signals().stop(game, 'SIGINT', mark)).toBe(false);
    expect(await signals().stop(game, 'SIGTERM', mark)).toBe(false);
    expect(signals().killTree(game, mark)).toBe(false);
    expect(done).toEqual([]);
  });
});

test('a kill ends the job, or the tree where there is none', () => {
  expect(signals().killTree(game, mark)).toBe(true);
  expect(signals().killTree(game, '')).toBe(true);
  job = [];
  expect(signals().killTree(game, mark)).toBe(true);
  expect(signals().killTree({ ...game, startTime: null }, '')).toBe(false);
  expect(done).toEqual(['end job a:n', 'end tree 10', 'end job a:n', 'end tree 10']);
});
