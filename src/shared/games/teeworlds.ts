import type { GameRow } from './row.js';

export const teeworlds: GameRow = {
  id: 'teeworlds',
  label: 'Teeworlds',
  icon: 'smiley',
  isLessKnown: true,
  proof: 'real',
  executables: ['teeworlds-server', 'teeworlds_srv'],
  patterns: {
    ready: '\\[server\\]: version ',
    stopping: "^\\[[^\\]]*\\]\\[server\\]: (?:cid|ClientID)=\\d+ (?:cmd|rcon)='shutdown'$",
  },
  // It does not read its stdin, and any signal just ends it. It keeps no world, so that is not worse than a lost round.
  channel: 'econ',
  stop: { line: 'shutdown' },
  sayLine: 'say "{text}"',
  announceSeconds: [],
};
