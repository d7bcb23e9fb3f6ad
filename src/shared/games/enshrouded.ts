import type { GameRow } from './row.js';

export const enshrouded: GameRow = {
  id: 'enshrouded',
  label: 'Enshrouded',
  icon: 'eye',
  proof: 'basic',
  executables: ['enshrouded_server.exe'],
  steamApp: 2_278_520,
  stop: { signal: 'SIGINT' },
  announceSeconds: [],
};
