import type { GameRow } from './row.js';

export const satisfactory: GameRow = {
  id: 'satisfactory',
  label: 'Satisfactory',
  icon: 'server-process',
  proof: 'basic',
  executables: ['factoryserver-linux-shipping', 'factoryserver-win64-shipping-cmd.exe'],
  launchers: ['factoryserver.sh', 'factoryserver.exe'],
  steamApp: 1_690_800,
  patterns: { ready: 'Game Engine Initialized' },
  stop: { signal: 'SIGINT' },
  crashReports: [{ kind: 'unreal', project: 'FactoryGame' }],
  announceSeconds: [],
};
