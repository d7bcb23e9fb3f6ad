import type { GameRow } from './row.js';

export const bzflag: GameRow = {
  id: 'bzflag',
  label: 'BZFlag',
  icon: 'shield',
  isLessKnown: true,
  proof: 'real',
  executables: ['bzfs'],
  // All but the stopping line are there only with `-d`.
  patterns: {
    ready: 'listening on',
    join: '^Player (.+) \\[\\d+\\] has joined from',
    leave: '^Player (.+) \\[\\d+\\] removed at',
    stopping: 'Shutting down server',
  },
  stop: { signal: 'SIGTERM' },
  announceSeconds: [],
};
