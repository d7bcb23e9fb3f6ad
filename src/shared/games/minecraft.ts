import { usualCountdown, type GameRow } from './row.js';

export const minecraft: GameRow = {
  id: 'minecraft',
  label: 'Minecraft (Java)',
  icon: 'package',
  proof: 'protocol',
  executables: [],
  patterns: {
    ready: 'Done \\([0-9.,]+s\\)! For help',
    saveEnd: '^(?:\\[[^\\]]*\\] ?)+: Saved the game$',
    join: '^(?:\\[[^\\]]*\\] ?)+: (\\S+) joined the game$',
    leave: '^(?:\\[[^\\]]*\\] ?)+: (\\S+) left the game$',
    stopping: '^(?:\\[[^\\]]*\\] ?)+: Stopping the server$',
    crash:
      '^(?:\\[[^\\]]*\\] ?)+: (?:This crash report has been saved to: |Considering it to be crashed, server will )',
  },
  rcon: 'minecraft',
  readsStdin: true,
  stop: { line: 'stop' },
  saveLine: 'save-all flush',
  sayLine: 'say {text}',
  crashReports: [{ kind: 'minecraft' }, { kind: 'jvm' }],
  announceSeconds: usualCountdown,
};
