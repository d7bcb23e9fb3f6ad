import path from 'node:path';
import { games } from '../../shared/games.js';
import type { Look } from './look.js';
import type { UsualPlaces } from './usualPlaces.js';
import { parseVdf } from './vdf.js';

const gameOfApp = new Map(
  games.flatMap(({ id, steamApp }) => (steamApp === undefined ? [] : [[steamApp, id] as const])),
);

/** Folders into which Steam has installed servers of known games. */
export async function steamServers(look: Look, places: UsualPlaces): Promise<{ game: string; folder: string }[]> {
  const libraries = new Set([...places.steam, ...places.libraries]);
  for (const steam of places.steam) {
    for (const library of await librariesOf(look, steam)) libraries.add(library);
  }
  const found = [];
  for (const library of libraries) {
    const apps = path.join(library, 'steamapps');
    for (const name of (await look.list(apps))?.files ?? []) {
      const game = gameOfApp.get(Number(/^appmanifest_(\d+)\.acf$/i.exec(name)?.[1]));
      if (game === undefined) continue;
      const folder = installFolder((await look.text(path.join(apps, name))) ?? '');
      if (folder !== undefined) found.push({ game, folder: path.join(apps, 'common', folder) });
    }
  }
  return found;
}

async function librariesOf(look: Look, steam: string): Promise<string[]> {
  for (const folder of ['steamapps', 'config']) {
    const text = await look.text(path.join(steam, folder, 'libraryfolders.vdf'));
    if (text === undefined) continue;
    const { libraryfolders: all } = parseVdf(text);
    if (typeof all !== 'object') continue;
    // Older ones have the path in place of the block.
    const paths = Object.values(all).map((one) => (typeof one === 'object' ? one.path : one));
    return paths.filter((one) => typeof one === 'string' && path.isAbsolute(one)) as string[];
  }
  return [];
}

/** A name: what would lead out of the library is none. */
function installFolder(text: string): string | undefined {
  const { appstate: app } = parseVdf(text);
  const name = typeof app === 'object' ? app.installdir : undefined;
  return typeof name === 'string' && /^[^\\/\0]+$/.test(name) && !/^\.+$/.test(name) ? name : undefined;
}
