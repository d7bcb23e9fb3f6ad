import { usualCountdown, type GameRow } from './row.js';

/** Some servers colour their lines also where nobody sees colours. */
const colours = '(?:\\u001b\\[[0-9;]*m)*';
/** Time, thread, with Forge the part of the game; since 26.3 what the game says to all as well. */
const said = `^(?:\\[[^\\]]*\\] ?)+: ${colours}(?:System chat: )?${colours}`;
/** Where the console did not ask for it, whoever did stands before it. */
const onDemand = (text: string): string => `${said}(?:${text}|\\[[^\\s:\\]]+: (?:${text})\\])${colours}$`;
/** No sign in it that stands around a name where somebody talks: `<bob> joined the game` is what bob says. */
const name = '([\\w.*+-]+)(?: \\(formerly known as [\\w.*+-]+\\))?';
const here = '/(?:127\\.0\\.0\\.1|0:0:0:0:0:0:0:1|\\[?::1\\]?)';

export const minecraft: GameRow = {
  id: 'minecraft',
  label: 'Minecraft (Java)',
  icon: 'package',
  proof: 'protocol',
  executables: [],
  launchers: [
    ...['run.sh', 'start.sh', 'startserver.sh', 'serverstart.sh', 'launchserver.sh', 'launch.sh'],
    ...['run.bat', 'start.bat', 'startserver.bat', 'serverstart.bat', 'launchserver.bat', 'launch.bat'],
  ],
  ports: { queryPort: 25_565, rconPort: 25_575 },
  patterns: {
    ready: '^[^<>]*\\bDone \\([0-9.,]+s\\)! For help',
    saveBegin: `${said}Saving(?: the game \\(this may take a moment!\\)|\\.\\.\\.)${colours}$`,
    saveEnd: onDemand('Saved the (?:game|world)'),
    join: `${said}${name} joined the game${colours}$`,
    leave: `${said}${name} left the game${colours}$`,
    stopping: onDemand('Stopping (?:the )?server'),
    crash:
      '^(?:\\[[^\\]]*\\] ?)+: (?:This crash report has been saved to: |Considering it to be crashed, server will )',
  },
  echo:
    `^(?:\\[[^\\]]*\\] ?)+: (?:Thread RCON Client ${here} (?:started|shutting down)|Rcon connection from: ${here}|` +
    '\\[Essentials\\] Rcon issued server command: /(?:list|tick query|tps|forge tps))$',
  rcon: 'minecraft',
  readsStdin: true,
  stop: { line: 'stop' },
  saveLine: 'save-all flush',
  saveReply: { done: 'Saved the (?:game|world)', failed: 'Unable to save the game|Saving failed' },
  saveSeconds: 300,
  tickRate: 20,
  // The folder is called as the world is.
  saveFiles: ['*/level.dat'],
  crashReports: [{ kind: 'minecraft' }, { kind: 'jvm' }],
  sayLine: 'say {text}',
  announceSeconds: usualCountdown,
};
