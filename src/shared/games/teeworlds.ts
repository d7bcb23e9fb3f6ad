import type { GameRow } from './row.js';

export const teeworlds: GameRow = {
  id: 'teeworlds',
  label: 'Teeworlds',
  icon: 'smiley',
  isLessKnown: true,
  proof: 'real',
  executables: ['teeworlds-server', 'teeworlds_srv'],
  launchers: ['teeworlds_srv', 'teeworlds_srv.exe'],
  ports: { queryPort: 8303, econPort: 8304 },
  // Who changes sides joins a team, too, and is told with an arrow.
  patterns: {
    ready: '\\[server\\]: version ',
    join: "^\\[[^\\]]*\\]\\[game\\]: team_join player='\\d+:(.+)' team=-?\\d+$",
    leave: "^\\[[^\\]]*\\]\\[game\\]: leave player='\\d+:(.+)'$",
    stopping: "^\\[[^\\]]*\\]\\[server\\]: (?:cid|ClientID)=\\d+ (?:cmd|rcon)='shutdown'$",
  },
  echo:
    '^\\[[^\\]]*\\]\\[(?:econ\\]: (?:client accepted|client dropped|cid=\\d+ authed)|' +
    "[Ss]erver\\]: (?:cid=\\d+ cmd='status'$|id=\\d+ addr=\\S+ ))",
  // It does not read its stdin, and any signal just ends it. It keeps no world, so that is not worse than a lost round.
  channel: 'econ',
  stop: { line: 'shutdown' },
  sayLine: 'say "{text}"',
  announceSeconds: [],
};
