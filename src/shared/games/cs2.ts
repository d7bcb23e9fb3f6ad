import type { GameRow } from './row.js';

export const cs2: GameRow = {
  id: 'cs2',
  label: 'Counter-Strike 2',
  icon: 'target',
  proof: 'basic',
  executables: ['cs2', 'cs2.exe'],
  patterns: { ready: 'Connection to Steam servers successful' },
  rcon: 'source',
  stop: { line: 'quit' },
  sayLine: 'say {text}',
  announceSeconds: [],
};
