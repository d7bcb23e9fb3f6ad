import type { StopSignal } from '../ports.js';

/** What is sent under that name, as people call it: Windows has no signals. */
export function signalWord(signal: StopSignal, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return signal;
  return signal === 'SIGTERM' ? 'close window' : 'Ctrl+C';
}
