import type { GameRow } from './row.js';

export const armagetron: GameRow = {
  id: 'armagetron',
  label: 'Armagetron Advanced',
  icon: 'zap',
  isLessKnown: true,
  proof: 'real',
  executables: ['armagetronad-dedicated', 'armagetronad-dedicated.real'],
  launchers: ['armagetronad-dedicated', 'armagetronad-dedicated.exe'],
  patterns: { ready: 'Bound socket to', stopping: '^Closing socket bound to' },
  stop: { line: 'QUIT' },
  sayLine: 'SAY {text}',
  // It is Latin-1 throughout.
  sayAscii: true,
  announceSeconds: [],
};
