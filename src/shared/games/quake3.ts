import type { GameRow } from './row.js';

export const quake3: GameRow = {
  id: 'quake3',
  label: 'OpenArena / Quake III',
  icon: 'target',
  isLessKnown: true,
  proof: 'real',
  executables: ['openarena-server', 'ioq3ded', 'oa_ded.x86_64', 'ioq3ded.x86_64'],
  // A crash that its handler catches ends with the same words and the number of that signal.
  patterns: {
    ready: 'AAS initialized',
    stopping: '^-+ Server Shutdown \\((?:Server quit|Received signal (?:2|15))\\)',
  },
  stop: { line: 'quit' },
  sayLine: 'say {text}',
  announceSeconds: [],
};
