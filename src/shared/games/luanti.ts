import type { GameRow } from './row.js';

export const luanti: GameRow = {
  id: 'luanti',
  label: 'Luanti (Minetest)',
  icon: 'package',
  isLessKnown: true,
  proof: 'real',
  executables: ['minetestserver', 'luantiserver', 'luanti-server'],
  patterns: {
    ready: 'Server: Server for gameid=.+ listening on|Server for gameid=.+ listening on',
    join: 'ACTION\\[Server\\]: (\\S+) \\[.+\\] joins game',
    leave: 'ACTION\\[Server\\]: (\\S+) (?:leaves game|times out)',
    stopping: 'signal_handler\\(\\): got SIG|Server: Shutting down',
  },
  stop: { signal: 'SIGTERM' },
  announceSeconds: [],
};
