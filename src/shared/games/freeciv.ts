import type { GameRow } from './row.js';

export const freeciv: GameRow = {
  id: 'freeciv',
  label: 'Freeciv',
  icon: 'globe',
  isLessKnown: true,
  proof: 'real',
  executables: ['freeciv-server'],
  launchers: ['freeciv-server', 'freeciv-server.exe'],
  patterns: { ready: 'Now accepting new client connections', saveEnd: 'Game saved as', stopping: '^Goodbye\\.$' },
  stop: { line: 'quit' },
  // With every turn, however long people take for one.
  saveFiles: ['freeciv-*.sav*', 'saves/freeciv-*.sav*'],
  saveLine: 'save',
  announceSeconds: [],
};
