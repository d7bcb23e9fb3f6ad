import type { GameRow } from './row.js';

export const openttd: GameRow = {
  id: 'openttd',
  label: 'OpenTTD',
  icon: 'milestone',
  isLessKnown: true,
  proof: 'real',
  executables: ['openttd', 'openttd.exe'],
  launchers: ['openttd', 'openttd.exe'],
  ports: { adminPort: 3977, queryPort: 3979 },
  // The ready and stopping lines are there only with `-d net=3`. What happens to players begins with an invisible
  // character, the mark for left-to-right text. A save that was asked for by its admin port is not in the log.
  patterns: {
    ready: 'Map generated, starting game',
    saveBegin: '^Saving map\\.\\.\\.',
    saveEnd: '^Map successfully saved',
    join: '^\\u200e?\\*\\*\\* (.+) has joined the game',
    leave: '^\\u200e?\\*\\*\\* (.+) has left the game',
    stopping: '^(?:\\[[^\\]]*\\] )?dbg: \\[net(?::\\d+)?\\] Shutting down network',
  },
  echo:
    '^(?:\\[[^\\]]*\\] )?dbg: \\[net(?::\\d+)?\\] \\[admin\\] (?:Client connected from \\S+ on frame \\d+|' +
    "'Game Server Panel' \\(1\\) has (?:dis)?connected|" +
    "Rcon command from 'Game Server Panel' \\(1\\): (?:clients|server_info))$",
  stop: { line: 'quit' },
  saveLine: 'save panel',
  // Each tenth minute from version 14 on, each month of the game before, which is about a minute.
  saveSeconds: 600,
  saveFiles: ['save/*.sav', 'save/autosave/*.sav'],
  sayLine: 'say "{text}"',
  announceSeconds: [],
};
