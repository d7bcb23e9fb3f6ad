import type { RowLines } from './rowLines.js';

/** Lines of the games that most people run. */
export const wellKnown: Readonly<Record<string, RowLines>> = {
  palworld: {
    patterns: {
      ready: ['[2026-07-15 00:01:45] [LOG] Running Palworld dedicated server on :8211'],
      join: [
        ['[2026-07-17 17:36:56] [LOG] Woutahh 188.91.39.193 connected the server. (User id: steam_7656)', 'Woutahh'],
        [
          '[2026-07-17 17:39:18] [LOG] Woutahh joined the server. (User id: steam_7656, Player id: AF6D9A43)',
          'Woutahh',
        ],
        ['[2025-01-16 13:49:35] [LOG] 김 철수 joined the server. (User id: steam_76561198131832310)', '김 철수'],
        ['[2026-08-01 00:00:30] [LOG] Bob 2001:db8::7 connected the server. (User id: xbox_1)', 'Bob'],
      ],
      leave: [['[2026-07-17 17:46:12] [LOG] Woutahh left the server. (User id: steam_76561197989637791)', 'Woutahh']],
      saveEnd: [
        '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/save OK',
        'REST accessed endpoint /v1/api/save OK (x2)',
        '[2026-07-15 00:01:45] [LOG] RCON executed the command. Save',
      ],
      stopping: [
        'REST API stopped',
        'Shutdown handler: cleanup.',
        '[2025-10-29 18:58:00] [LOG] RCON executed the command. shutdown',
        '[2025-10-29 18:58:00] [LOG] REST accessed endpoint /v1/api/shutdown OK',
      ],
    },
    echo: [
      '[2026-07-15 00:01:45] [LOG] REST accessed endpoint /v1/api/info OK',
      '[2026-08-05 13:15:33] [LOG] REST accessed endpoint /v1/api/players OK (x6)',
      'REST accessed endpoint /v1/api/metrics OK',
      '[2025-02-03 01:51:43] [LOG] RCON executed the command. ShowPlayers',
    ],
    saveReply: { done: ['Complete Save'] },
    // Both come before it listens.
    not: { ready: ['Setting breakpad minidump AppID = 2394010', 'Shutdown handler: initialize.'] },
    chat: [(text) => `[2026-07-15 00:01:45] [CHAT] <bob> ${text}`],
  },
  minecraft: {
    patterns: {
      ready: [
        '[12:00:00] [Server thread/INFO]: Done (9.871s)! For help, type "help"',
        '[12:00:00 INFO]: Done (9,871s)! For help, type "help" or "?"',
      ],
      saveBegin: [
        '[12:00:00] [Server thread/INFO]: Saving the game (this may take a moment!)',
        '[12:00:00] [Server thread/INFO]: Saving...',
      ],
      saveEnd: ['[12:00:00] [Server thread/INFO]: Saved the game', '[12:00:00 INFO]: Saved the game'],
      join: [['[12:00:00] [Server thread/INFO]: Alex_1 joined the game', 'Alex_1']],
      leave: [['[12:00:00] [Server thread/INFO]: Alex_1 left the game', 'Alex_1']],
      stopping: ['[12:00:00] [Server thread/INFO]: Stopping the server'],
      crash: [
        '[12:00:00] [Server thread/ERROR]: This crash report has been saved to: /srv/crash-reports/a.txt',
        '[12:00:00] [Server Watchdog/FATAL]: Considering it to be crashed, server will forcibly shutdown.',
      ],
    },
    echo: [
      '[12:00:00] [RCON Listener #1/INFO]: Thread RCON Client /127.0.0.1 started',
      '[12:00:00] [RCON Client /127.0.0.1 #4/INFO]: Thread RCON Client /127.0.0.1 shutting down',
      '[12:00:00 INFO]: Thread RCON Client /0:0:0:0:0:0:0:1 shutting down',
      '[00:35:01] [RCON Listener #1/INFO]: Rcon connection from: /127.0.0.1',
      '[16:13:21] [Server thread/INFO]: [Essentials] Rcon issued server command: /list',
    ],
    saveReply: {
      done: ['Saving the game (this may take a moment!)Saved the game', 'Saving...Saved the world'],
      failed: ['Unable to save the game (is there enough disk space?)'],
    },
    not: {
      echo: ['[12:00:00] [RCON Listener #1/INFO]: Thread RCON Client /172.18.0.1 started'],
      ready: ['[12:00:00] [Server thread/INFO]: Preparing level "world"'],
      saveEnd: ['[12:00:00] [Server thread/INFO]: Saving the game (this may take a moment!)'],
      join: ['[12:00:00] [Server thread/INFO]: <bob> news: alice joined the game'],
      leave: ['[12:00:00] [Server thread/INFO]: <bob> news: alice left the game'],
      crash: ['[12:00:00] [Server thread/INFO]: <bob> This crash report has been saved to: mars'],
    },
    chat: [
      (text) => `[12:00:00] [Server thread/INFO]: <bob> ${text}`,
      (text) => `[12:00:00] [Async Chat Thread - #0/INFO]: [Not Secure] <bob> ${text}`,
      (text) => `[12:00:00 INFO]: <bob> ${text}`,
    ],
  },
  'minecraft-bedrock': {
    patterns: {
      ready: ['[2026-01-01 12:00:00:000 INFO] Server started.'],
      stopping: ['[2026-01-01 12:00:00:000 INFO] Server stop requested.', 'Server stop requested.'],
    },
    chat: [],
  },
  'ark-se': { saveReply: { done: ['World Saved'] }, chat: [] },
  'ark-sa': { saveReply: { done: ['World Saved'] }, chat: [] },
  valheim: {
    patterns: { ready: ['07/15/2026 00:01:45: Game server connected', '07/15/2026 00:01:45: DungeonDB Start 512'] },
    chat: [],
  },
  terraria: {
    patterns: {
      ready: ['Listening on port 7777'],
      join: [
        ['Bob the Great has joined.', 'Bob the Great'],
        [': 김철수 has joined.', '김철수'],
      ],
      leave: [['Bob the Great has left.', 'Bob the Great']],
    },
    chat: [(text) => `<bob> ${text}`, (text) => `: <bob> ${text}`],
  },
  factorio: {
    patterns: {
      ready: ['   2.113 Info ServerMultiplayerManager.cpp:808: Hosting game at IP ADDR:({0.0.0.0:34197})'],
      saveBegin: ['  70.1 Info AppManager.cpp:310: Saving to _autosave2 (blocking).'],
      saveEnd: ['  70.4 Info AppManagerStates.cpp:2095: Saving finished'],
      join: [['2026-07-15 00:01:45 [JOIN] alice joined the game', 'alice']],
      leave: [['2026-07-15 00:01:45 [LEAVE] alice left the game', 'alice']],
    },
    chat: [(text) => `2026-07-15 00:01:45 [CHAT] bob: ${text}`],
  },
  rust: {
    patterns: { ready: ['Server startup complete'], saveEnd: ['Saving complete'] },
    not: { saveEnd: ['Saved 41,234 ents, cache(0.01), write(0.01), disk(0.01).'] },
    chat: [(text) => `[CHAT] bob[76561198000000000] : ${text}`],
  },
  '7dtd': {
    patterns: { ready: ['2026-07-15T00:01:45 31.2 INF StartGame done'] },
    chat: [
      (text) => `2026-07-15T00:01:45 40.1 INF Chat (from 'Steam_7656', entity id '171', to 'Global'): 'bob': ${text}`,
    ],
  },
  cs2: {
    patterns: { ready: ['SV:  Connection to Steam servers successful.'] },
    chat: [(text) => `L 07/15/2026 - 00:01:45: "bob<2><[U:1:1]><CT>" say "${text}"`],
  },
  satisfactory: {
    patterns: { ready: ['[2026.07.15-00.01.45:123][  0]LogInit: Display: Game Engine Initialized.'] },
    chat: [],
  },
  'project-zomboid': {
    patterns: { ready: ['LOG  : General     , 1700000000000> *** SERVER STARTED ***'] },
    chat: [],
  },
  'v-rising': { chat: [] },
  enshrouded: { chat: [] },
  'core-keeper': { chat: [] },
  dst: { chat: [] },
  other: { chat: [] },
};
