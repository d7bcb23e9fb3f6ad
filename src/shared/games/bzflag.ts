import type { GameRow } from './row.js';

export const bzflag: GameRow = {
  id: 'bzflag',
  label: 'BZFlag',
  icon: 'shield',
  isLessKnown: true,
  proof: 'real',
  executables: ['bzfs'],
  launchers: ['bzfs', 'bzfs.exe'],
  ports: { queryPort: 5154 },
  // All but the stopping line are there only with `-d`.
  patterns: {
    ready: 'listening on',
    join: '^Player (.+) \\[\\d+\\] has joined from',
    leave: '^Player (.+) \\[\\d+\\] removed at',
    stopping: 'Shutting down server',
  },
  echo: '^Player \\[\\d+\\] accept\\(\\) from (?:127\\.0\\.0\\.1|\\[?::1\\]?):|^Player  \\[\\d+\\] removed at ',
  stop: { signal: 'SIGTERM' },
  announceSeconds: [],
};
