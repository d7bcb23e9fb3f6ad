import type { GameRow } from './row.js';

export const openttd: GameRow = {
  id: 'openttd',
  label: 'OpenTTD',
  icon: 'milestone',
  isLessKnown: true,
  proof: 'real',
  executables: ['openttd', 'openttd.exe'],
  // The ready and stopping lines are there only with `-d net=3`. What happens to players begins with an invisible
  // character, the mark for left-to-right text.
  patterns: {
    ready: 'Map generated, starting game',
    saveBegin: '^Saving map\\.\\.\\.',
    saveEnd: '^Map successfully saved',
    join: '^\\u200e?\\*\\*\\* (.+) has joined the game',
    leave: '^\\u200e?\\*\\*\\* (.+) has left the game',
    stopping: '^(?:\\[[^\\]]*\\] )?dbg: \\[net(?::\\d+)?\\] Shutting down network',
  },
  stop: { line: 'quit' },
  saveLine: 'save panel',
  sayLine: 'say "{text}"',
  announceSeconds: [],
};
