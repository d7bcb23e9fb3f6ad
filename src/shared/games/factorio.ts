import { usualCountdown, type GameRow } from './row.js';

export const factorio: GameRow = {
  id: 'factorio',
  label: 'Factorio',
  icon: 'gear',
  proof: 'basic',
  executables: ['factorio', 'factorio.exe'],
  patterns: {
    ready: 'Hosting game at IP ADDR',
    join: '^[\\d-]+ [\\d:]+ \\[JOIN\\] (\\S+) joined',
    leave: '^[\\d-]+ [\\d:]+ \\[LEAVE\\] (\\S+) left',
    saveBegin: '^ *[\\d.]+ Info [^ ]+: Saving to .+ \\(blocking\\)',
    saveEnd: '^ *[\\d.]+ Info [^ ]+: Saving finished',
  },
  rcon: 'factorio',
  readsStdin: true,
  stop: { line: '/quit' },
  saveLine: '/server-save',
  sayLine: '{text}',
  announceSeconds: usualCountdown,
};
