import path from 'node:path';
import type { Definition } from '../../shared/contract.js';
import type { OwnSettings } from '../ports.js';
import type { Read, SettingsFiles } from './settingsFiles.js';

/** Where a definition's game is. Full paths. */
export interface Place {
  /** Where it is started. */
  readonly cwd: string;
  /** cwd, the program's folder, and those above them, nearest first. */
  readonly folders: readonly string[];
  readonly args: readonly string[];
  /** A program for Windows, be it run by Wine. */
  readonly isForWindows: boolean;
}

/** One game's way to its own settings; undefined where it has none that can be read. Never throws. */
export type ReadOwnSettings = (place: Place, files: SettingsFiles) => OwnSettings | undefined;

/** A program may lie this deep in its game's folder, as PalServer-Linux-Shipping does in Pal/Binaries/Linux. */
const depth = 4;

/** Undefined where nothing says which folder it is. */
export function placeOf({ launch }: Pick<Definition, 'launch'>, dataDir: string): Place | undefined {
  const fill = (text: string): string => text.replaceAll('${dataDir}', dataDir);
  const command = fill(launch.command);
  const asked = launch.cwd === undefined ? undefined : fill(launch.cwd);
  const starts = [asked, path.isAbsolute(command) ? path.dirname(command) : undefined].filter(
    (folder) => folder !== undefined && path.isAbsolute(folder),
  ) as string[];
  const [cwd] = starts;
  if (cwd === undefined) return undefined;
  const args = (launch.args ?? []).map(fill);
  return {
    cwd,
    folders: [...new Set(starts.flatMap(upwards))],
    args,
    isForWindows: process.platform === 'win32' || [command, ...args.slice(0, 2)].some((part) => /\.exe$/i.test(part)),
  };
}

function upwards(folder: string): string[] {
  const all = [folder];
  for (let above = path.dirname(folder); all.length <= depth && above !== all.at(-1); above = path.dirname(above)) {
    all.push(above);
  }
  return all;
}

/** Where the games of the Unreal engine keep a settings file, most likely first. */
export function unrealFiles(place: Place, project: string, name: string): string[] {
  const systems = ['LinuxServer', 'WindowsServer'];
  if (place.isForWindows) systems.reverse();
  return systems.flatMap((system) =>
    place.folders.map((folder) => path.join(folder, project, 'Saved', 'Config', system, name)),
  );
}

/** The first of these files that can be read. */
export function firstOf<T>(
  paths: readonly string[],
  files: SettingsFiles,
  parse: (text: string) => T,
): Read<T> | undefined {
  for (const file of paths) {
    const read = files.read(file, parse);
    if (read !== undefined) return read;
  }
  return undefined;
}
