import type { GameRow } from './row.js';

export const quake3: GameRow = {
  id: 'quake3',
  label: 'OpenArena / Quake III',
  icon: 'target',
  isLessKnown: true,
  proof: 'real',
  executables: ['openarena-server', 'ioq3ded', 'oa_ded.x86_64', 'ioq3ded.x86_64'],
  launchers: ['oa_ded.x86_64', 'oa_ded.exe', 'ioq3ded.x86_64', 'ioq3ded.exe'],
  ports: { queryPort: 27_960 },
  // It says in the same words that a player has come and that a bot has: who plays is asked, not read. A crash that its
  // handler catches ends with the words of an orderly end and the number of that signal.
  patterns: {
    ready: 'AAS initialized',
    stopping: '^-+ Server Shutdown \\((?:Server quit|Received signal (?:2|15))\\)',
  },
  stop: { line: 'quit' },
  sayLine: 'say {text}',
  // What goes over its network has a dot for each other byte.
  sayAscii: true,
  announceSeconds: [],
};
