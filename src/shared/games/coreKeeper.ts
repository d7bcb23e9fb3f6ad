import type { GameRow } from './row.js';

export const coreKeeper: GameRow = {
  id: 'core-keeper',
  label: 'Core Keeper',
  icon: 'key',
  proof: 'basic',
  executables: ['corekeeperserver', 'corekeeperserver.exe'],
  launchers: ['_launch.sh', 'launch.bat'],
  steamApp: 1_963_720,
  stop: { signal: 'SIGINT' },
  announceSeconds: [],
};
