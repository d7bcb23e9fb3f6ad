import type { GameRow } from './row.js';

export const valheim: GameRow = {
  id: 'valheim',
  label: 'Valheim',
  icon: 'compass',
  proof: 'basic',
  executables: ['valheim_server.x86_64', 'valheim_server.exe'],
  launchers: ['start_server.sh', 'start_headless_server.bat'],
  steamApp: 896_660,
  patterns: { ready: 'Game server connected|DungeonDB Start' },
  stop: { signal: 'SIGINT' },
  announceSeconds: [],
};
