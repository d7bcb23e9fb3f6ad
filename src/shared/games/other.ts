import type { GameRow } from './row.js';

export const other: GameRow = {
  id: 'other',
  label: 'Other',
  icon: 'terminal',
  proof: 'basic',
  executables: [],
  stop: { signal: 'SIGTERM' },
  announceSeconds: [],
};
