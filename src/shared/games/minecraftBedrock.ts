import { usualCountdown, type GameRow } from './row.js';

export const minecraftBedrock: GameRow = {
  id: 'minecraft-bedrock',
  label: 'Minecraft (Bedrock)',
  icon: 'package',
  proof: 'basic',
  executables: ['bedrock_server', 'bedrock_server.exe'],
  patterns: { ready: 'Server started\\.', stopping: '^(?:\\[[^\\]]*\\] )?Server stop requested\\.' },
  stop: { line: 'stop' },
  signalsLoseWorld: true,
  sayLine: 'say {text}',
  announceSeconds: usualCountdown,
};
