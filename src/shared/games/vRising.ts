import type { GameRow } from './row.js';

export const vRising: GameRow = {
  id: 'v-rising',
  label: 'V Rising',
  icon: 'heart',
  proof: 'basic',
  executables: ['vrisingserver.exe'],
  stop: { signal: 'SIGINT' },
  announceSeconds: [],
};
