import { usualCountdown, type GameRow } from './row.js';

export const palworld: GameRow = {
  id: 'palworld',
  label: 'Palworld',
  icon: 'squirrel',
  proof: 'protocol',
  executables: ['palserver-linux-shipping', 'palserver-win64-shipping-cmd.exe', 'palserver-win64-shipping.exe'],
  patterns: { ready: 'Running Palworld dedicated server on' },
  channel: 'rcon',
  rcon: 'palworld',
  stop: { signal: 'SIGINT' },
  crashReports: [{ kind: 'unreal', project: 'Pal' }],
  announceSeconds: usualCountdown,
};
