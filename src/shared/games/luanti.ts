import type { GameRow } from './row.js';

/** The time, where its log says it. */
const head = '^(?:[\\d-]+ [\\d:]+: )?';

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
    // What players say in the chat is in the log, too, behind who says it.
    join: `${head}ACTION\\[Server\\]: (\\S+) \\[\\S+\\] joins game`,
    leave: `${head}ACTION\\[Server\\]: (\\S+) (?:leaves game|times out)`,
    stopping:
      `${head}(?:\\[\\w+\\]: )?(?:INFO(?:\\[\\w+\\])?: )?signal_handler\\(\\): got SIG|` +
      `${head}ACTION\\[\\w+\\]: Server: Shutting down`,
  },
  // Every five seconds what has changed is written, which is nothing where nobody plays; its log does not tell.
  saveFiles: ['map.sqlite', 'world/map.sqlite', 'worlds/*/map.sqlite'],
  stop: { signal: 'SIGTERM' },
  announceSeconds: [],
};
