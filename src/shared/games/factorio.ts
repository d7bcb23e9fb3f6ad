import { usualCountdown, type GameRow } from './row.js';

export const factorio: GameRow = {
  id: 'factorio',
  label: 'Factorio',
  icon: 'gear',
  proof: 'basic',
  executables: ['factorio', 'factorio.exe'],
  patterns: {
    ready: 'Hosting game at IP ADDR',
    join: '\\[JOIN\\] (\\S+) joined',
    leave: '\\[LEAVE\\] (\\S+) left',
    saveBegin: 'Saving to .+ \\(blocking\\)',
    saveEnd: 'Saving finished',
  },
  rcon: 'factorio',
  readsStdin: true,
  stop: { line: '/quit' },
  saveLine: '/server-save',
  sayLine: '{text}',
  announceSeconds: usualCountdown,
};
