import path from 'node:path';

const folder = 'game-server-panel';

/**
 * The per-user data directory of this platform. One for all of a user's windows and VS Code profiles, so that there is one
 * monitoring process per user. XDG_DATA_HOME below ~/snap is ignored: it belongs to one snap and changes with its updates.
 */
export function defaultDataDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? '';
    return path.win32.join(path.win32.isAbsolute(local) ? local : path.win32.join(home, 'AppData', 'Local'), folder);
  }
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', folder);
  const xdg = env.XDG_DATA_HOME;
  const insideSnap = xdg?.startsWith(path.posix.join(home, 'snap') + '/') ?? false;
  const base =
    xdg !== undefined && path.posix.isAbsolute(xdg) && !insideSnap ? xdg : path.posix.join(home, '.local', 'share');
  return path.posix.join(base, folder);
}
