import { usualCountdown, type GameRow } from './row.js';

/** What its log puts before a line: the time, and what kind of line it is. What players say in the chat is `[CHAT]`. */
const time = '^(?:\\[[\\d: -]+\\] )?';
const log = `${time}(?:\\[LOG\\] )?`;
/** A line that comes again and again may be counted instead: `… OK (x6)`. */
const again = '(?: \\(x\\d+\\))?$';
const address = '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[\\da-fA-F]*:[\\da-fA-F:.]+)';

export const palworld: GameRow = {
  id: 'palworld',
  label: 'Palworld',
  icon: 'squirrel',
  proof: 'protocol',
  executables: ['palserver-linux-shipping', 'palserver-win64-shipping-cmd.exe', 'palserver-win64-shipping.exe'],
  launchers: ['palserver.sh', 'palserver.exe'],
  steamApp: 2_394_010,
  ports: { restPort: 8212, rconPort: 25_575 },
  // Somebody who comes is told twice: when they connect, and when they have been let into the world.
  patterns: {
    ready: `${log}Running Palworld dedicated server on`,
    join: `${time}\\[LOG\\] (.+?)(?: joined|(?: ${address})? connected) the server\\. \\(User id: [^()]*\\)$`,
    leave: `${time}\\[LOG\\] (.+?) left the server\\. \\(User id: [^()]*\\)$`,
    saveEnd: `${log}(?:REST accessed endpoint /v1/api/save OK|RCON executed the command\\. [Ss]ave)${again}`,
    stopping:
      `${log}(?:REST API stopped|Shutdown handler: cleanup|REST accessed endpoint /v1/api/(?:shutdown|stop) OK` +
      '|RCON executed the command\\. (?:[Ss]hutdown|[Dd]o[Ee]xit))',
  },
  echo:
    `${log}(?:REST accessed endpoint /v1/api/(?:info|metrics|players|settings) OK` +
    `|RCON executed the command\\. (?:ShowPlayers|Info))${again}`,
  channel: 'rcon',
  rcon: 'palworld',
  stop: { line: 'Shutdown 1', signal: 'SIGINT' },
  saveLine: 'Save',
  saveReply: { done: 'Complete Save' },
  saveSeconds: 30,
  tickRate: 60,
  saveFiles: ['Pal/Saved/SaveGames/0/*/Level.sav'],
  crashReports: [{ kind: 'unreal', project: 'Pal' }],
  announceSeconds: usualCountdown,
};
