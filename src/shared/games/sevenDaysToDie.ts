import { usualCountdown, type GameRow } from './row.js';

export const sevenDaysToDie: GameRow = {
  id: '7dtd',
  label: '7 Days to Die',
  icon: 'bug',
  proof: 'basic',
  executables: ['7daystodieserver.x86_64', '7daystodieserver.exe'],
  launchers: ['startserver.sh', 'startdedicated.bat'],
  steamApp: 294_420,
  patterns: { ready: 'INF StartGame done' },
  stop: { signal: 'SIGINT' },
  announceSeconds: usualCountdown,
};
