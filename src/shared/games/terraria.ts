import { usualCountdown, type GameRow } from './row.js';

export const terraria: GameRow = {
  id: 'terraria',
  label: 'Terraria',
  icon: 'layers',
  proof: 'basic',
  executables: ['terrariaserver', 'terrariaserver.exe', 'terrariaserver.bin.x86_64', 'tshock.server'],
  patterns: {
    ready: 'Listening on port',
    join: '^(?:: )?(?!<|: <)(.+) has joined\\.$',
    leave: '^(?:: )?(?!<|: <)(.+) has left\\.$',
  },
  stop: { line: 'exit' },
  signalsLoseWorld: true,
  saveLine: 'save',
  sayLine: 'say {text}',
  announceSeconds: usualCountdown,
};
