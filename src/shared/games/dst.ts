import { usualCountdown, type GameRow } from './row.js';

export const dst: GameRow = {
  id: 'dst',
  label: "Don't Starve Together",
  icon: 'flame',
  proof: 'basic',
  executables: [
    'dontstarve_dedicated_server_nullrenderer',
    'dontstarve_dedicated_server_nullrenderer_x64',
    'dontstarve_dedicated_server_nullrenderer.exe',
  ],
  steamApp: 343_050,
  stop: { line: 'c_shutdown()' },
  saveLine: 'c_save()',
  sayLine: 'c_announce("{text}")',
  announceSeconds: usualCountdown,
};
