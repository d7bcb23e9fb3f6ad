import type { GameRow } from './row.js';

export const freeciv: GameRow = {
  id: 'freeciv',
  label: 'Freeciv',
  icon: 'globe',
  isLessKnown: true,
  proof: 'real',
  executables: ['freeciv-server'],
  patterns: { ready: 'Now accepting new client connections', saveEnd: 'Game saved as', stopping: '^Goodbye\\.$' },
  stop: { line: 'quit' },
  saveLine: 'save',
  announceSeconds: [],
};
