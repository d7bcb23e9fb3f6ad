import { usualCountdown, type GameRow } from './row.js';

export const projectZomboid: GameRow = {
  id: 'project-zomboid',
  label: 'Project Zomboid',
  icon: 'bug',
  proof: 'basic',
  executables: ['projectzomboid64', 'projectzomboid64.exe'],
  launchers: ['start-server.sh', 'startserver64.bat'],
  steamApp: 380_870,
  patterns: { ready: '\\*\\*\\* SERVER STARTED \\*\\*\\*' },
  stop: { line: 'quit' },
  signalsLoseWorld: true,
  saveLine: 'save',
  sayLine: 'servermsg "{text}"',
  crashReports: [{ kind: 'jvm' }],
  announceSeconds: usualCountdown,
};
