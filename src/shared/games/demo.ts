import type { GameRow } from './row.js';

export const demo: GameRow = {
  id: 'demo',
  label: 'Demo server',
  icon: 'beaker',
  proof: 'real',
  executables: [],
  patterns: {
    ready: 'Ready for players',
    saveBegin: 'Saving world',
    saveEnd: 'World saved',
    join: '^\\[[0-9:]+\\] \\[INFO\\] (\\S+) joined the game$',
    leave: '^\\[[0-9:]+\\] \\[INFO\\] (\\S+) left the game$',
    stopping: 'Stopping server',
    crash: '\\] \\[ERROR\\] Fatal error',
  },
  stop: { line: 'stop' },
  saveLine: 'save',
  sayLine: 'say {text}',
  tickRate: 20,
  announceSeconds: [],
};
