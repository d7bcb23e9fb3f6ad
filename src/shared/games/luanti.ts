import type { GameRow } from './row.js';

export const luanti: GameRow = {
  id: 'luanti',
  label: 'Luanti (Minetest)',
  icon: 'package',
  isLessKnown: true,
  proof: 'real',
  executables: ['minetestserver', 'luantiserver', 'luanti-server'],
  launchers: ['luantiserver', 'minetestserver'],
  patterns: {
    ready: 'Server: Server for gameid=.+ listening on|Server for gameid=.+ listening on',
    join: 'ACTION\\[Server\\]: (\\S+) \\[.+\\] joins game',
    leave: 'ACTION\\[Server\\]: (\\S+) (?:leaves game|times out)',
    stopping: 'signal_handler\\(\\): got SIG|Server: Shutting down',
  },
  // Every five seconds what has changed is written, which is nothing where nobody plays; its log does not tell.
  saveFiles: ['map.sqlite', 'world/map.sqlite', 'worlds/*/map.sqlite'],
  stop: { signal: 'SIGTERM' },
  announceSeconds: [],
};
