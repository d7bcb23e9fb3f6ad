import { usualCountdown, type GameRow } from './row.js';

export const arkSe: GameRow = {
  id: 'ark-se',
  label: 'ARK: Survival Evolved',
  icon: 'flame',
  proof: 'protocol',
  executables: ['shootergameserver', 'shootergameserver.exe'],
  channel: 'rcon',
  rcon: 'ark',
  stop: { signal: 'SIGINT' },
  crashReports: [{ kind: 'unreal', project: 'ShooterGame' }],
  announceSeconds: usualCountdown,
};
