import { usualCountdown, type GameRow } from './row.js';

export const arkSa: GameRow = {
  id: 'ark-sa',
  label: 'ARK: Survival Ascended',
  icon: 'flame',
  proof: 'protocol',
  executables: ['arkascendedserver.exe'],
  launchers: ['arkascendedserver.exe'],
  steamApp: 2_430_930,
  ports: { rconPort: 27_020 },
  channel: 'rcon',
  rcon: 'ark',
  // Where it has no RCON, Ctrl+C: that saves as well.
  stop: { line: 'DoExit', signal: 'SIGINT' },
  saveLine: 'SaveWorld',
  saveReply: { done: 'World Saved' },
  saveSeconds: 900,
  saveFiles: ['ShooterGame/Saved/SavedArks/*.ark', 'ShooterGame/Saved/SavedArks/*/*.ark'],
  crashReports: [{ kind: 'unreal', project: 'ShooterGame' }],
  sayLine: 'Broadcast {text}',
  // Its RCON makes question marks of all else (arkmanager/ark-server-tools#314).
  sayAscii: true,
  announceSeconds: usualCountdown,
};
