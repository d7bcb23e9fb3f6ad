import { usualCountdown, type GameRow } from './row.js';

export const arkSa: GameRow = {
  id: 'ark-sa',
  label: 'ARK: Survival Ascended',
  icon: 'flame',
  proof: 'protocol',
  executables: ['arkascendedserver.exe'],
  channel: 'rcon',
  rcon: 'ark',
  stop: { signal: 'SIGINT' },
  crashReports: [{ kind: 'unreal', project: 'ShooterGame' }],
  announceSeconds: usualCountdown,
};
