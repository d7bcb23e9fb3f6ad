import { usualCountdown, type GameRow } from './row.js';

export const rust: GameRow = {
  id: 'rust',
  label: 'Rust',
  icon: 'tools',
  proof: 'basic',
  executables: ['rustdedicated', 'rustdedicated.exe'],
  steamApp: 258_550,
  patterns: { ready: 'Server startup complete', saveEnd: '^Saving complete' },
  stop: { signal: 'SIGINT' },
  announceSeconds: usualCountdown,
};
