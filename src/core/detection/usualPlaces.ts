import os from 'node:os';
import path from 'node:path';
import type { Look } from './look.js';

/** Where to look on this PC. Full paths; what is not there is passed over. */
export interface UsualPlaces {
  /** Folders in which Steam or SteamCMD may be. */
  readonly steam: readonly string[];
  /** Steam libraries that no Steam has to tell of. */
  readonly libraries: readonly string[];
  /** Folders that may hold a game, or one level below. */
  readonly folders: readonly string[];
  /** The full path of Wine; null where there is none. */
  readonly wine: string | null;
  readonly isWindows: boolean;
}

export async function usualPlaces(look: Look): Promise<UsualPlaces> {
  const home = os.homedir();
  return process.platform === 'win32' ? windowsPlaces(home) : await posixPlaces(look, home);
}

async function posixPlaces(look: Look, home: string): Promise<UsualPlaces> {
  const others = (await look.list('/home'))?.folders.map((name) => path.join('/home', name)) ?? [];
  const homes = [...new Set([home, ...others])];
  const inHomes = (...names: string[]): string[] =>
    homes.flatMap((one) => names.map((name) => path.join(one, ...name.split('/'))));
  return {
    steam: inHomes(
      '.steam/steam',
      '.local/share/Steam',
      'Steam',
      'steamcmd',
      '.var/app/com.valvesoftware.Steam/.local/share/Steam',
      'snap/steam/common/.local/share/Steam',
    ),
    libraries: inHomes('SteamLibrary'),
    folders: [
      ...inHomes('servers', 'games', 'Servers', 'Games', 'Desktop', 'Documents'),
      ...homes,
      ...['/opt', '/srv', '/srv/games', '/opt/games', '/srv/servers'],
    ],
    wine: await wineOnPath(look),
    isWindows: false,
  };
}

async function wineOnPath(look: Look): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const wine = path.join(folder, 'wine');
    if (path.isAbsolute(folder) && (await look.isFile(wine))) return wine;
  }
  return null;
}

function windowsPlaces(home: string): UsualPlaces {
  const drives = Array.from('CDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => `${letter}:\\`);
  const onDrives = (...names: string[]): string[] => drives.flatMap((drive) => names.map((name) => drive + name));
  return {
    steam: ['C:\\Program Files (x86)\\Steam', ...onDrives('Steam', 'steamcmd')],
    libraries: onDrives('SteamLibrary'),
    folders: [
      ...onDrives('Servers', 'GameServers', 'Games'),
      ...['Servers', 'Games', 'Desktop', 'Documents', ''].map((name) => path.join(home, name)),
    ],
    wine: null,
    isWindows: true,
  };
}
