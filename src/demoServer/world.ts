import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What WORLD holds. `saves` and `savedAt` are what tools may rely on. */
export interface WorldData {
  /** How often this world was saved. */
  saves: number;
  /** Unix milliseconds of the last save. */
  savedAt: number;
  day: number;
  tick: number;
  /** Everybody who was ever here. */
  players: string[];
  /** Tells two states of the map apart. */
  blocks: number;
}

export const newWorld = (): WorldData => ({ saves: 0, savedAt: 0, day: 1, tick: 0, players: [], blocks: 0 });

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The world in this text; undefined when it is damaged. */
export function parseWorld(text: string): WorldData | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { saves, savedAt, day, tick, players, blocks } = raw as Record<string, unknown>;
  if (!isCount(saves) || !isCount(savedAt)) return undefined;
  const known = Array.isArray(players) ? players.filter((p): p is string => typeof p === 'string') : [];
  return {
    saves,
    savedAt,
    day: isCount(day) ? day : 1,
    tick: isCount(tick) ? tick : 0,
    players: known,
    blocks: isCount(blocks) ? blocks : 0,
  };
}

export interface Loaded {
  readonly world: WorldData;
  /** Where the damaged file went, if it was damaged. */
  readonly movedTo: string | null;
}

/** Reads the world; creates its folder. Throws when it is there but cannot be read: then it must not be replaced. */
export async function loadWorld(path: string, now: number): Promise<Loaded> {
  await mkdir(dirname(path), { recursive: true });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { world: newWorld(), movedTo: null };
    throw error;
  }
  const world = parseWorld(text);
  if (world !== undefined) return { world, movedTo: null };
  const movedTo = `${path}.broken-${now}`;
  await rename(path, movedTo);
  return { world: newWorld(), movedTo };
}

/** Writes the regions, then the world itself, so that a world never speaks of regions which are not there. */
export async function saveWorld(
  path: string,
  world: WorldData,
  regions: (file: FileHandle) => Promise<number>,
): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  let bytes = 0;
  await replaceFile(`${path}.regions`, async (file) => {
    bytes += await regions(file);
  });
  const text = `${JSON.stringify(world)}\n`;
  await replaceFile(path, (file) => file.writeFile(text));
  return bytes + Buffer.byteLength(text);
}

/** Either the old content or the new one, also after a power cut. */
async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  // One fixed name: what a killed save leaves behind is overwritten by the next.
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameOver(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Windows refuses while a virus scanner looks at the file. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (process.platform !== 'win32' || attempt === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 20));
    }
  }
}

/** Makes a rename last. Windows has no such thing, and some network file systems have not either. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}
