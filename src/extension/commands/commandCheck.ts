import fs from 'node:fs/promises';
import path from 'node:path';

export type CommandFault = 'empty' | 'relative' | 'missing' | 'folder' | 'not-executable' | 'not-on-path';

/**
 * What is wrong with a program that somebody wants to start, as far as can be seen from here. A bare name is looked for on
 * PATH; it may be another PATH than the one at the start, so that is a doubt and not a fault.
 */
export async function checkCommand(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<CommandFault | undefined> {
  if (command === '') return 'empty';
  const paths = platform === 'win32' ? path.win32 : path.posix;
  if (paths.isAbsolute(command)) return await fileFault(command, platform);
  if (/[/\\]/.test(command)) return 'relative';
  const endings = platform === 'win32' ? ['', ...(env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  for (const folder of (env.PATH ?? env.Path ?? '').split(paths.delimiter).filter((part) => part !== '')) {
    for (const ending of endings) {
      if ((await fileFault(paths.join(folder, command + ending), platform)) === undefined) return undefined;
    }
  }
  return 'not-on-path';
}

async function fileFault(file: string, platform: NodeJS.Platform): Promise<CommandFault | undefined> {
  try {
    if ((await fs.stat(file)).isDirectory()) return 'folder';
  } catch {
    return 'missing';
  }
  if (platform === 'win32') return undefined;
  return await fs.access(file, fs.constants.X_OK).then(
    () => undefined,
    () => 'not-executable' as const,
  );
}
