import type { GameRow } from './row.js';

export const coreKeeper: GameRow = {
  id: 'core-keeper',
  label: 'Core Keeper',
  icon: 'key',
  proof: 'basic',
  executables: ['corekeeperserver', 'corekeeperserver.exe'],
  stop: { signal: 'SIGINT' },
  announceSeconds: [],
};
