import type { GameRow } from './row.js';

export const vRising: GameRow = {
  id: 'v-rising',
  label: 'V Rising',
  icon: 'heart',
  proof: 'basic',
  executables: ['vrisingserver.exe'],
  launchers: ['start_server.bat', 'start_server_example.bat'],
  steamApp: 1_829_350,
  stop: { signal: 'SIGINT' },
  announceSeconds: [],
};
