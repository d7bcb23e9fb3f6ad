import { expect, test } from 'vitest';
import { successorOf, type Departed } from '../../../../src/core/lifecycle/heirs.js';
import type { Heir } from '../../../../src/core/ports.js';

const mb = 1_000_000;
const heir = (pid: number, name: string, rssBytes = 50 * mb, parent = 1): Heir => ({
  pid,
  name,
  rssBytes,
  parent,
  startTime: String(pid),
});
const departed = (executable: string | null, change: Partial<Departed> = {}): Departed => ({
  executable,
  code: 0,
  isKnown: true,
  isStopping: false,
  isYoung: false,
  ...change,
});
const game = ['palserver-linux-shipping'];
const server = heir(20, 'PalServer-Linux-Shipping', 900 * mb);
const helper = heir(21, 'crashpad_handler', 990 * mb);
const sidecar = heir(22, 'stats', 10 * mb);

test.each<[string, Departed, Heir[], number | undefined]>([
  ['nothing is left', departed('bash'), [], undefined],
  ['a script ends behind the game', departed('bash'), [sidecar, server], 20],
  ['a script ends behind an unknown program', departed('sh'), [sidecar], 22],
  ['a script is killed; the game lives', departed('dash', { code: null }), [server, helper], 20],
  ['a script dies of the stop; the game still saves', departed('bash', { code: null, isStopping: true }), [server], 20],
  ['a script ends, and only a crash helper is left', departed('bash'), [helper], undefined],
  ['a program forks away', departed('tetrinetx', { isYoung: true }), [heir(23, 'tetrinetx', mb)], 23],
  ['the game starts itself anew', departed('PalServer-Linux-Shipping'), [server], 20],
  ['a game ends in order and leaves a shell that brings it back', departed('java'), [heir(24, 'sh', mb)], 24],
  ['a game ends in order after a long time and leaves something else', departed('java'), [sidecar], undefined],
  ['an unknown starter ends at once', departed('starter', { isYoung: true }), [sidecar], 22],
  // A crash must not hide behind what outlives it.
  ['the game crashes and leaves a helper', departed('PalServer-Linux-Shipping', { code: null }), [helper], undefined],
  ['the game crashes and leaves its fork', departed('PalServer-Linux-Shipping', { code: 1 }), [server], undefined],
  ['an unknown program crashes and leaves another', departed('thing', { code: 139 }), [sidecar], undefined],
  ['an unknown starter crashes; the game lives', departed('starter', { code: 1 }), [sidecar, server], 20],
  // Nobody was told how it ended: whoever may be the game is not started a second time beside it.
  ['a followed game starts itself anew', departed('java', { code: null, isKnown: false }), [heir(25, 'java')], 25],
  ['a followed starter is gone; the game lives', departed('starter', { code: null, isKnown: false }), [server], 20],
  [
    'a followed game is gone and leaves another',
    departed('java', { code: null, isKnown: false }),
    [sidecar],
    undefined,
  ],
  // While it is stopped nothing that may be the game is taken for gone.
  ['an unknown starter dies of the stop', departed('starter', { code: null, isStopping: true }), [sidecar], 22],
  [
    'the game ends as asked, and leaves something else',
    departed('PalServer-Linux-Shipping', { isStopping: true }),
    [sidecar],
    undefined,
  ],
  ['nobody looked at the program in time', departed(null, { code: null }), [sidecar], undefined],
  // On Windows programs have an ending, and the rows of the games may lack it.
  [
    'a start script of Windows ends behind the game',
    departed('cmd.exe'),
    [heir(26, 'conhost.exe'), heir(27, 'PalServer-Linux-Shipping.exe', mb)],
    27,
  ],
  ['a script of PowerShell ends behind an unknown program', departed('PowerShell.exe', { code: 1 }), [sidecar], 22],
  ['a small starter ends behind the game', departed('PalServer.exe', { isYoung: true }), [server, sidecar], 20],
  ['a game of Windows ends in order, and a script brings it back', departed('game.exe'), [heir(28, 'Cmd.exe')], 28],
  [
    'the game of Windows crashes, and its window and its crash report are left',
    departed('PalServer-Linux-Shipping.exe', { code: 0xc000_0005 }),
    ['conhost.exe', 'WerFault.exe', 'CrashReportClient.exe'].map((name, n) => heir(50 + n, name, 900 * mb)),
    undefined,
  ],
  ...['conhost.exe', 'werfault.exe', 'crashpad_handler.exe', 'UnityCrashHandler64.exe', 'CrashReportClient.exe'].map(
    (name): [string, Departed, Heir[], undefined] => [
      `a script ends, and only ${name} is left`,
      departed('cmd.exe', { code: 1 }),
      [heir(60, name, 900 * mb)],
      undefined,
    ],
  ),
  [
    'nobody knows how the game ended',
    departed('game.exe', { code: null, isKnown: false }),
    [heir(61, 'WerFault.exe')],
    undefined,
  ],
  ['a script of Linux waits with a program that Windows has too', departed('sh'), [heir(62, 'timeout')], 62],
])('%s', (_, end, heirs, expected) => {
  expect(successorOf(end, heirs, game)?.pid).toBe(expected);
});

test('of a tree it is the topmost that counts, so that all of it is summed and stopped', () => {
  const wrapper = heir(30, 'wrapper', mb);
  const child = heir(31, 'child', 2 * mb, 30);
  const big = heir(32, 'big', 500 * mb, 31);
  expect(successorOf(departed('bash'), [big, wrapper, child], [])?.pid).toBe(30);
});

test('a circle of parents, as reused pids can make one, does not hang', () => {
  const successor = successorOf(departed('bash'), [heir(40, 'a', mb, 41), heir(41, 'b', 2 * mb, 40)], []);
  expect([40, 41]).toContain(successor?.pid);
});

test('a row of a game that names its program as Windows does, and one that does not', () => {
  const left = [heir(70, 'GameServer.exe', mb), heir(71, 'other.exe', 900 * mb)];
  for (const name of ['gameserver', 'gameserver.exe']) {
    expect(successorOf(departed('starter.exe', { code: 1 }), left, [name])?.pid).toBe(70);
    expect(successorOf(departed('starter', { code: 1 }), [heir(72, 'gameserver')], [name])?.pid).toBe(72);
  }
});
