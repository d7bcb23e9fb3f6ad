import path from 'node:path';

/**
 * Where a server's console commands arrive: a named pipe, so that any later launcher can write to it. On Windows a note that
 * says where the pipe is.
 */
export function stdinPath(dataDir: string, id: string): string {
  return path.join(dataDir, 'run', `${id}.in`);
}
