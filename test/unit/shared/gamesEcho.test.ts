import { expect, test } from 'vitest';
import { gameRow } from '../../../src/shared/games.js';

const isEcho = (game: string, line: string): boolean => new RegExp(gameRow(game)?.echo ?? '(?!)', 'u').test(line);

test.each([
  ['openttd', 'dbg: [net] [admin] Client connected from 127.0.0.1 on frame 65'],
  ['openttd', "[2026-11-22 15:52:26] dbg: [net:3] [admin] 'Game Server Panel' (1) has connected"],
  ['openttd', "dbg: [net] [admin] Rcon command from 'Game Server Panel' (1): clients"],
  ['teeworlds', "[2026-11-22 22:29:58][econ]: client accepted. cid=0 addr=127.0.0.1:59498'"],
  ['teeworlds', '[2026-11-22 22:29:59][econ]: cid=0 authed'],
  ['teeworlds', "[2026-11-22 22:30:00][server]: cid=0 cmd='status'"],
  ['teeworlds', "[2026-11-22 22:30:00][server]: id=0 addr=127.0.0.1:1 client=705 name='a' score=0 "],
  ['bzflag', 'Player [0] accept() from 127.0.0.1:48976 on 7'],
  ['bzflag', 'Player  [0] removed at 2026-11-22 22:30:08: Disconnected'],
])('that %s was asked by us is an echo: %s', (game, line) => {
  expect(isEcho(game, line)).toBe(true);
});

test.each([
  ['openttd', "dbg: [net] [admin] Rcon command from 'Game Server Panel' (1): kick 3"],
  ['openttd', "dbg: [net] [admin] Rcon command from 'mallory' (1.0): clients"],
  ['openttd', "[All] mallory: dbg: [net] [admin] Rcon command from 'Game Server Panel' (1): clients"],
  ['teeworlds', "[2026-11-22 22:30:00][server]: cid=0 cmd='shutdown'"],
  ['teeworlds', "[2026-11-22 22:30:00][chat]: 0:0:x: [server]: cid=0 cmd='status'"],
  ['bzflag', 'Player bot1 [0] removed at 2026-11-22 15:52:26: Disconnected'],
  ['bzflag', 'Player [0] accept() from 198.51.100.7:48976 on 7'],
])('what somebody else did to %s is none: %s', (game, line) => {
  expect(isEcho(game, line)).toBe(false);
});
