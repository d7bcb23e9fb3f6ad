import type { RowLines } from './rowLines.js';

/** Lines of the games that are run by the tests, as they were printed there. */
export const installed: Readonly<Record<string, RowLines>> = {
  luanti: {
    patterns: {
      ready: ['ACTION[Main]: Server for gameid="minetest" listening on 127.0.0.1:30001.'],
      join: [['ACTION[Server]: alice [127.0.0.1] joins game. List of players: alice', 'alice']],
      leave: [
        ['ACTION[Server]: alice leaves game. List of players: ', 'alice'],
        ['ACTION[Server]: alice times out. List of players: ', 'alice'],
        ['2026-11-22 15:52:26: ACTION[Server]: alice leaves game. List of players: ', 'alice'],
      ],
      stopping: [
        'INFO: signal_handler(): got SIGTERM, shutting down.',
        '2026-11-22 15:52:26: [Main]: INFO: signal_handler(): got SIGTERM, shutting down.',
        'ACTION[Main]: Server: Shutting down',
      ],
    },
    chat: [
      (text) => `2026-11-22 15:52:26: ACTION[Server]: CHAT: <bob> ${text}`,
      (text) => `ACTION[Server]: CHAT: bob: ${text}`,
    ],
  },
  openttd: {
    patterns: {
      ready: ['dbg: [net] Map generated, starting game'],
      saveBegin: ['Saving map...'],
      saveEnd: ["Map successfully saved to 'x.sav'."],
      // What it says of players begins with an invisible character.
      join: [['\u200e*** bota has joined the game (Client #2)', 'bota']],
      leave: [
        ['\u200e*** bota has left the game (connection lost)', 'bota'],
        ['*** Bob the Great has left the game (leaving)', 'Bob the Great'],
      ],
      stopping: ['dbg: [net] Shutting down network', '[2026-11-22 15:52:26] dbg: [net:3] Shutting down network'],
    },
    echo: [
      'dbg: [net] [admin] Client connected from 127.0.0.1 on frame 65',
      "[2026-11-22 15:52:26] dbg: [net:3] [admin] 'Game Server Panel' (1) has connected",
      "dbg: [net] [admin] Rcon command from 'Game Server Panel' (1): clients",
    ],
    not: {
      saveEnd: ['Saving map...'],
      echo: [
        "dbg: [net] [admin] Rcon command from 'Game Server Panel' (1): kick 3",
        "dbg: [net] [admin] Rcon command from 'mallory' (1.0): clients",
      ],
    },
    chat: [(text) => `[All] mallory: ${text}`],
  },
  quake3: {
    patterns: {
      ready: ['AAS initialized.'],
      stopping: ['----- Server Shutdown (Server quit) -----', '----- Server Shutdown (Received signal 15) -----'],
    },
    not: {
      ready: ['-----------------------------------'],
      stopping: ['----- Server Shutdown (Received signal 11) -----'],
    },
    chat: [(text) => `say: mallory: ${text}`],
  },
  teeworlds: {
    patterns: {
      ready: ['[server]: version 0.7 802f1be60a05665f'],
      join: [
        ["[2026-11-22 15:52:26][game]: team_join player='0:nameless tee' team=0", 'nameless tee'],
        ["[2026-11-22 15:52:26][game]: team_join player='12:it's me' team=-1", "it's me"],
      ],
      leave: [["[2026-11-22 15:52:26][game]: leave player='0:nameless tee'", 'nameless tee']],
      stopping: [
        "[2026-11-22 15:52:26][server]: cid=0 cmd='shutdown'",
        "[2026-11-22 15:52:26][server]: ClientID=2 rcon='shutdown'",
      ],
    },
    echo: [
      "[2026-11-22 22:29:58][econ]: client accepted. cid=0 addr=127.0.0.1:59498'",
      '[2026-11-22 22:29:59][econ]: cid=0 authed',
      "[2026-11-22 22:30:00][server]: cid=0 cmd='status'",
      "[2026-11-22 22:30:00][server]: id=0 addr=127.0.0.1:54321 client=705 name='nameless tee' score=0",
    ],
    not: {
      join: ["[2026-11-22 15:52:26][game]: team_join player='0:nameless tee' team=0->1"],
      stopping: [
        "[2026-11-22 15:52:26][chat]: 0:0:mallory: cmd='shutdown'",
        "[2026-11-22 15:52:26][chat]: 0:0:mallory: [server]: cid=0 cmd='shutdown'",
      ],
    },
    chat: [(text) => `[2026-11-22 15:52:26][chat]: 0:0:mallory: ${text}`],
  },
  armagetron: {
    patterns: {
      ready: ['Bound socket to 127.0.0.1:30534.'],
      stopping: ['Closing socket bound to 127.0.0.1:30534.'],
    },
    chat: [(text) => `mallory: ${text}`],
  },
  freeciv: {
    patterns: {
      ready: ['2: Now accepting new client connections on port 30555.'],
      saveEnd: ['Game saved as freeciv-T0012-Y-3450-auto.sav.xz'],
      stopping: ['Goodbye.'],
    },
    not: { stopping: ['mallory: Goodbye.'] },
    chat: [],
  },
  bzflag: {
    patterns: {
      ready: ['listening on 127.0.0.1:30154'],
      join: [['Player bot1 [0] has joined from 127.0.0.1 at 2026-11-22 15:52:26 with token ""', 'bot1']],
      leave: [['Player bot1 [0] removed at 2026-11-22 15:52:26: Disconnected', 'bot1']],
      stopping: ['Shutting down server: uptime 15 secs'],
    },
    echo: ['Player [0] accept() from 127.0.0.1:48976 on 7', 'Player  [0] removed at 2026-11-22 22:30:08: Disconnected'],
    not: {
      join: ['says: Player bot1 [0] has joined from 127.0.0.1'],
      echo: ['Player [0] accept() from 198.51.100.7:48976 on 7'],
    },
    chat: [],
  },
  demo: {
    patterns: {
      ready: ['[12:00:00] [INFO] Ready for players'],
      saveBegin: ['[12:00:00] [INFO] Saving world'],
      saveEnd: ['[12:00:00] [INFO] World saved'],
      join: [['[12:00:00] [INFO] alice joined the game', 'alice']],
      leave: [['[12:00:00] [INFO] alice left the game', 'alice']],
      stopping: ['[12:00:00] [INFO] Stopping server'],
      crash: ['[12:00:00] [ERROR] Fatal error: out of cheese'],
    },
    not: {
      ready: ['[12:00:00] [INFO] Starting demo server'],
      join: ['[12:00:00] [INFO] <bob> alice joined the game'],
    },
    // Its players have nothing to say.
    chat: [],
  },
};
