import { fstatSync, writeSync } from 'node:fs';

export type Level = 'INFO' | 'WARN' | 'ERROR';

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

// A stream that failed once (disk full) stays failed. A file is therefore written directly, as the stream would, so that
// lines come again as soon as there is room.
const toFile = isFile(1);

// Whoever read the lines may have gone; a game goes on.
process.stdout.on('error', () => undefined);

export function log(level: Level, text: string): void {
  const line = `[${clock(new Date())}] [${level}] ${text}\n`;
  if (!toFile) {
    process.stdout.write(line);
    return;
  }
  try {
    writeSync(1, line);
  } catch {
    // Nowhere to complain.
  }
}

/** Calls back when every line before it has left this process: only needed before dying at once. */
export function flushed(then: () => void): void {
  if (toFile || process.stdout.destroyed) then();
  else process.stdout.write('', then);
}

function clock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}
