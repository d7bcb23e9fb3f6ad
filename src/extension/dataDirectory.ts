import os from 'node:os';
import path from 'node:path';
import { defaultDataDirectory } from '../node/dataDirectory.js';

/** The data directory in use. A leading ~ is the home folder; anything else that is not a full path is not taken. */
export function dataDirectoryFrom(
  setting: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home = os.homedir(),
): string {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const trimmed = setting.trim();
  const full = /^~(?=$|[/\\])/.test(trimmed) ? paths.join(home, trimmed.slice(1)) : trimmed;
  return paths.isAbsolute(full) ? paths.normalize(full) : defaultDataDirectory(env, platform, home);
}
