import { usualCountdown, type GameRow } from './row.js';

export const arkSe: GameRow = {
  id: 'ark-se',
  label: 'ARK: Survival Evolved',
  icon: 'flame',
  proof: 'protocol',
  executables: ['shootergameserver', 'shootergameserver.exe'],
  launchers: ['shootergameserver', 'shootergameserver.exe'],
  steamApp: 376_030,
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
