import { describe, expect, test } from 'vitest';
import type { Definition } from '../../../src/shared/contract.js';
import { checkDefinition, effective } from '../../../src/shared/definition.js';
import { gameRow, games, sayingLine } from '../../../src/shared/games.js';

type PatternName = keyof NonNullable<Definition['patterns']>;

const contractIds =
  'palworld minecraft minecraft-bedrock ark-se ark-sa valheim terraria factorio rust 7dtd cs2 satisfactory ' +
  'project-zomboid v-rising enshrouded core-keeper dst luanti openttd quake3 teeworlds armagetron freeciv bzflag ' +
  'demo other';

function match(game: string, name: PatternName, line: string): RegExpExecArray | null {
  const source = gameRow(game)?.patterns?.[name];
  if (source === undefined) throw new Error(`${game} has no pattern ${name}`);
  return new RegExp(source, 'u').exec(line);
}

describe('the catalogue', () => {
  test('has exactly the games of the contract, each once', () => {
    expect(games.map((row) => row.id)).toEqual(contractIds.split(' '));
  });

  test('finds a row by its id, and none for anything else', () => {
    for (const row of games) expect(gameRow(row.id)).toBe(row);
    for (const id of ['', 'Palworld', 'toString', '__proto__']) expect(gameRow(id)).toBeUndefined();
  });

  test('names no executable twice, and all as they are compared', () => {
    const names = games.flatMap((row) => row.executables);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name !== name.toLowerCase() || /[\\/]/.test(name))).toEqual([]);
  });

  test.each(games.map((row) => [row.id, row] as const))('%s is complete', (id, row) => {
    expect(row.label).not.toBe('');
    const definition = { id: 'a', name: 'a', game: id, launch: { command: 'a' } };
    // What the row says must be allowed in a definition, too: patterns, signal, line.
    const asOwn = { ...definition, patterns: row.patterns ?? {}, stop: row.stop };
    expect(checkDefinition(asOwn)).toHaveProperty('definition');
    expect(row.stop.line ?? row.stop.signal, 'a way to stop').toBeTruthy();
    const { stop } = effective(definition);
    expect(stop.line !== null || stop.signal !== '').toBe(true);
    const own = row as { saveLine?: string; sayLine?: string };
    expect([own.saveLine, own.sayLine].filter((line) => line !== undefined && /[\r\n]/.test(line))).toEqual([]);
    if (own.sayLine !== undefined) expect(own.sayLine.split('{text}')).toHaveLength(2);
    const falling = [...row.announceSeconds].sort((a, b) => b - a);
    expect(row.announceSeconds).toEqual(falling);
  });

  test.each(games.filter((row) => row.patterns?.join !== undefined).map((row) => row.id))(
    '%s tells joins with leaves, and who it was',
    (id) => {
      const { join, leave } = gameRow(id)?.patterns ?? {};
      for (const source of [join, leave]) expect(source).toMatch(/\((?!\?)/);
    },
  );
});

describe('real lines', () => {
  test.each<[string, PatternName, string]>([
    ['luanti', 'ready', 'ACTION[Main]: Server for gameid="minetest" listening on 127.0.0.1:30001.'],
    ['luanti', 'stopping', 'INFO: signal_handler(): got SIGTERM, shutting down.'],
    ['luanti', 'stopping', 'ACTION[Main]: Server: Shutting down'],
    ['openttd', 'ready', 'dbg: [net] Map generated, starting game'],
    ['openttd', 'saveBegin', 'Saving map...'],
    ['openttd', 'saveEnd', "Map successfully saved to 'x.sav'."],
    ['openttd', 'stopping', 'dbg: [net] Shutting down network'],
    ['openttd', 'stopping', '[2026-11-22 15:52:26] dbg: [net:3] Shutting down network'],
    ['freeciv', 'ready', '2: Now accepting new client connections on port 30555.'],
    ['freeciv', 'saveEnd', 'Game saved as freeciv-T0012-Y-3450-auto.sav.xz'],
    ['freeciv', 'stopping', 'Goodbye.'],
    ['quake3', 'ready', 'AAS initialized.'],
    ['quake3', 'stopping', '----- Server Shutdown (Server quit) -----'],
    ['quake3', 'stopping', '----- Server Shutdown (Received signal 15) -----'],
    ['teeworlds', 'ready', '[server]: version 0.7 802f1be60a05665f'],
    ['teeworlds', 'stopping', "[2026-11-22 15:52:26][server]: cid=0 cmd='shutdown'"],
    ['teeworlds', 'stopping', "[2026-11-22 15:52:26][server]: ClientID=2 rcon='shutdown'"],
    ['bzflag', 'ready', 'listening on 127.0.0.1:30154'],
    ['bzflag', 'stopping', 'Shutting down server: uptime 15 secs'],
    ['armagetron', 'ready', 'Bound socket to 127.0.0.1:30534.'],
    ['armagetron', 'stopping', 'Closing socket bound to 127.0.0.1:30534.'],
    ['minecraft', 'ready', '[12:00:00] [Server thread/INFO]: Done (9.871s)! For help, type "help"'],
    ['minecraft', 'ready', '[12:00:00 INFO]: Done (9,871s)! For help, type "help" or "?"'],
    ['minecraft', 'saveEnd', '[12:00:00] [Server thread/INFO]: Saved the game'],
    ['minecraft', 'stopping', '[12:00:00] [Server thread/INFO]: Stopping the server'],
    ['minecraft-bedrock', 'ready', '[2026-01-01 12:00:00:000 INFO] Server started.'],
    ['minecraft-bedrock', 'stopping', '[2026-01-01 12:00:00:000 INFO] Server stop requested.'],
    ['palworld', 'ready', '[2026-07-15 00:01:45] [LOG] Running Palworld dedicated server on :8211'],
    ['palworld', 'ready', 'Running Palworld dedicated server on :8211'],
    ['palworld', 'saveEnd', '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/save OK'],
    ['palworld', 'saveEnd', 'REST accessed endpoint /v1/api/save OK (x2)'],
    ['palworld', 'saveEnd', '[2026-07-15 00:01:45] [LOG] RCON executed the command. Save'],
    ['palworld', 'stopping', 'REST API stopped'],
    ['palworld', 'stopping', 'Shutdown handler: cleanup.'],
    ['palworld', 'stopping', '[2025-10-29 18:58:00] [LOG] RCON executed the command. shutdown'],
    ['palworld', 'stopping', '[2025-10-29 18:58:00] [LOG] REST accessed endpoint /v1/api/shutdown OK'],
    ['valheim', 'ready', '07/15/2026 00:01:45: Game server connected'],
    ['valheim', 'ready', '07/15/2026 00:01:45: DungeonDB Start 512'],
    ['factorio', 'ready', '   2.113 Info ServerMultiplayerManager.cpp:808: Hosting game at IP ADDR:({0.0.0.0:34197})'],
    ['factorio', 'saveBegin', '  70.1 Info AppManager.cpp:310: Saving to _autosave2 (blocking).'],
    ['factorio', 'saveEnd', '  70.4 Info AppManagerStates.cpp:2095: Saving finished'],
    ['rust', 'ready', 'Server startup complete'],
    ['rust', 'saveEnd', 'Saving complete'],
    ['satisfactory', 'ready', '[2026.07.15-00.01.45:123][  0]LogInit: Display: Game Engine Initialized.'],
    ['7dtd', 'ready', '2026-07-15T00:01:45 31.2 INF StartGame done'],
    ['terraria', 'ready', 'Listening on port 7777'],
    ['project-zomboid', 'ready', 'LOG  : General     , 1700000000000> *** SERVER STARTED ***'],
    ['cs2', 'ready', 'SV:  Connection to Steam servers successful.'],
    ['demo', 'ready', '[12:00:00] [INFO] Ready for players'],
    [
      'minecraft',
      'crash',
      '[12:00:00] [Server thread/ERROR]: This crash report has been saved to: /srv/crash-reports/a.txt',
    ],
    [
      'minecraft',
      'crash',
      '[12:00:00] [Server Watchdog/FATAL]: Considering it to be crashed, server will forcibly shutdown.',
    ],
    ['demo', 'crash', '[12:00:00] [ERROR] Fatal error: out of cheese'],
  ])('%s %s: %s', (game, name, line) => {
    expect(match(game, name, line)).not.toBeNull();
  });

  test.each<[string, 'join' | 'leave', string, string]>([
    ['luanti', 'join', 'ACTION[Server]: alice [127.0.0.1] joins game. List of players: alice', 'alice'],
    ['luanti', 'leave', 'ACTION[Server]: alice leaves game. List of players: ', 'alice'],
    ['luanti', 'leave', 'ACTION[Server]: alice times out. List of players: ', 'alice'],
    ['minecraft', 'join', '[12:00:00] [Server thread/INFO]: Alex_1 joined the game', 'Alex_1'],
    ['minecraft', 'leave', '[12:00:00] [Server thread/INFO]: Alex_1 left the game', 'Alex_1'],
    ['factorio', 'join', '2026-07-15 00:01:45 [JOIN] alice joined the game', 'alice'],
    ['factorio', 'leave', '2026-07-15 00:01:45 [LEAVE] alice left the game', 'alice'],
    ['terraria', 'join', 'Bob the Great has joined.', 'Bob the Great'],
    ['terraria', 'leave', 'Bob the Great has left.', 'Bob the Great'],
    // What OpenTTD says of players begins with an invisible character.
    ['openttd', 'join', '\u200e*** bota has joined the game (Client #2)', 'bota'],
    ['openttd', 'leave', '\u200e*** bota has left the game (connection lost)', 'bota'],
    ['openttd', 'leave', '*** Bob the Great has left the game (leaving)', 'Bob the Great'],
    ['bzflag', 'join', 'Player bot1 [0] has joined from 127.0.0.1 at 2026-11-22 15:52:26 with token ""', 'bot1'],
    ['bzflag', 'leave', 'Player bot1 [0] removed at 2026-11-22 15:52:26: Disconnected', 'bot1'],
    // Somebody who comes is told by two lines.
    [
      'palworld',
      'join',
      '[2026-07-17 17:36:56] [LOG] Woutahh 188.91.39.193 connected the server. (User id: steam_76561197989637791)',
      'Woutahh',
    ],
    [
      'palworld',
      'join',
      '[2026-07-17 17:39:18] [LOG] Woutahh joined the server. (User id: steam_76561197989637791, Player id: AF6D9A43000000000000000000000000)',
      'Woutahh',
    ],
    [
      'palworld',
      'join',
      '[2025-01-16 13:49:35] [LOG] 김 철수 joined the server. (User id: steam_76561198131832310)',
      '김 철수',
    ],
    [
      'palworld',
      'join',
      '[2026-08-01 00:00:30] [LOG] playit.gg 127.32.64.128 connected the server. (User id: steam_00000000000000000)',
      'playit.gg',
    ],
    ['palworld', 'join', '[2026-08-01 00:00:30] [LOG] Bob 2001:db8::7 connected the server. (User id: xbox_1)', 'Bob'],
    [
      'palworld',
      'leave',
      '[2026-07-17 17:46:12] [LOG] Woutahh left the server. (User id: steam_76561197989637791)',
      'Woutahh',
    ],
    ['teeworlds', 'join', "[2026-11-22 15:52:26][game]: team_join player='0:nameless tee' team=0", 'nameless tee'],
    ['teeworlds', 'join', "[2026-11-22 15:52:26][game]: team_join player='12:it's me' team=-1", "it's me"],
    ['teeworlds', 'leave', "[2026-11-22 15:52:26][game]: leave player='0:nameless tee'", 'nameless tee'],
    ['demo', 'join', '[12:00:00] [INFO] alice joined the game', 'alice'],
    ['demo', 'leave', '[12:00:00] [INFO] alice left the game', 'alice'],
  ])('%s %s: %s', (game, name, line, player) => {
    expect(match(game, name, line)?.[1]).toBe(player);
  });

  test.each<[string, PatternName, string]>([
    // Both come before a Palworld listens.
    ['palworld', 'ready', 'Setting breakpad minidump AppID = 2394010'],
    ['palworld', 'ready', 'Shutdown handler: initialize.'],
    ['palworld', 'stopping', 'Shutdown handler: initialize.'],
    ['palworld', 'stopping', '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/save OK'],
    ['palworld', 'saveEnd', '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/metrics OK'],
    ['palworld', 'saveEnd', '[2026-07-15 00:01:45] [LOG] RCON executed the command. SaveAll'],
    ['palworld', 'saveEnd', '[2026-07-15 00:01:45] [CHAT] <mallory> REST accessed endpoint /v1/api/save OK'],
    ['palworld', 'stopping', '[2026-07-15 00:01:45] [CHAT] <mallory> REST API stopped'],
    ['palworld', 'ready', '[2026-07-15 00:01:45] [CHAT] <mallory> Running Palworld dedicated server on :8211'],
    [
      'palworld',
      'join',
      '[2026-07-15 00:01:45] [CHAT] <mallory> [LOG] alice joined the server. (User id: steam_1, Player id: A)',
    ],
    ['palworld', 'leave', '[2026-07-15 00:01:45] [CHAT] <mallory> alice left the server. (User id: steam_1)'],
    ['minecraft', 'ready', '[12:00:00] [Server thread/INFO]: Preparing level "world"'],
    ['minecraft', 'saveEnd', '[12:00:00] [Server thread/INFO]: Saving the game (this may take a moment!)'],
    ['openttd', 'saveEnd', 'Saving map...'],
    ['openttd', 'join', '[All] mallory: *** bota has joined the game (Client #2)'],
    ['openttd', 'stopping', '[All] mallory: dbg: [net] Shutting down network'],
    ['teeworlds', 'join', "[2026-11-22 15:52:26][game]: team_join player='0:nameless tee' team=0->1"],
    ['teeworlds', 'join', "[2026-11-22 15:52:26][chat]: 0:0:x: [game]: team_join player='0:bob' team=0"],
    ['quake3', 'stopping', '----- Server Shutdown (Received signal 11) -----'],
    ['quake3', 'ready', '-----------------------------------'],
    ['teeworlds', 'stopping', "[2026-11-22 15:52:26][chat]: 0:0:mallory: cmd='shutdown'"],
    ['teeworlds', 'stopping', "[2026-11-22 15:52:26][chat]: 0:0:mallory: [server]: cid=0 cmd='shutdown'"],
    ['freeciv', 'stopping', 'mallory: Goodbye.'],
    ['bzflag', 'join', 'says: Player bot1 [0] has joined from 127.0.0.1'],
    ['demo', 'join', '[12:00:00] [INFO] <bob> alice joined the game'],
    ['demo', 'ready', '[12:00:00] [INFO] Starting demo server'],
  ])('%s is not %s by: %s', (game, name, line) => {
    expect(match(game, name, line)).toBeNull();
  });
});

describe('what a Palworld says of being asked', () => {
  const echo = new RegExp(gameRow('palworld')?.echo ?? '', 'u');
  test.each([
    '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/info OK',
    '[2026-08-05 13:15:33] [LOG] REST accessed endpoint /v1/api/players OK (x6)',
    'REST accessed endpoint /v1/api/metrics OK',
    '[2025-02-03 01:51:43] [LOG] RCON executed the command. ShowPlayers',
  ])('is left out: %s', (line) => {
    expect(line).toMatch(echo);
  });

  test.each([
    '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/save OK',
    '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/shutdown OK',
    '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/info Unauthorized',
    '[2026-07-15 00:01:45] [LOG] RCON executed the command. Save',
    '[2026-07-15 00:01:45] [CHAT] <bob> REST accessed endpoint /v1/api/info OK',
  ])('stays: %s', (line) => {
    expect(line).not.toMatch(echo);
  });
});

describe('the line that tells players a text', () => {
  test.each([
    ['say {text}', 'a "b" \\ c', 'say a "b" \\ c'],
    ['say "{text}"', 'back at 5', 'say "back at 5"'],
    // Nothing behind a quotation mark in the text may become a command.
    ['say "{text}"', 'x"; shutdown; say "y', `say "x'; shutdown; say 'y"`],
    ['say "{text}"', 'x\\', 'say "x/"'],
    ['say {text}', "$& $' {text}", "say $& $' {text}"],
  ])('%s with %s', (sayLine, text, line) => {
    expect(sayingLine(sayLine, text)).toBe(line);
  });
});

describe('what a player says in the chat', () => {
  test.each<[PatternName, string]>([
    ['join', '[12:00:00] [Server thread/INFO]: <bob> news: alice joined the game'],
    ['leave', '[12:00:00] [Server thread/INFO]: <bob> news: alice left the game'],
    ['saveEnd', '[12:00:00] [Server thread/INFO]: <bob> Saved the game'],
    ['crash', '[12:00:00] [Server thread/INFO]: <bob> This crash report has been saved to: mars'],
  ])('is no %s of a Minecraft', (name, line) => {
    expect(match('minecraft', name, line)).toBeNull();
  });
});
