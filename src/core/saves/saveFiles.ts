import path from 'node:path';
import type { Effective } from '../../shared/definition.js';
import { FileFinder, type FileStamp } from './fileFinder.js';

/** Where a server's saves are. */
export interface SavePlace {
  /** The definition's folders, full paths: whatever is written below them is a save. They win over patterns. */
  readonly own: readonly string[];
  /** Where its game's patterns may begin, likeliest first: the first with any match is it. */
  readonly folders: readonly string[];
  readonly patterns: readonly string[];
}

/** The newest save file's time, Unix milliseconds, and the bytes of its save; null where not all could be looked at. */
export interface SaveSeen {
  readonly newestAt: number;
  readonly bytes: number | null;
}

interface Found {
  readonly at: number;
  /** Of a game's patterns: the files that match, and nothing else. */
  readonly isByPattern: boolean;
  readonly files: Map<string, FileStamp>;
  readonly folders: Map<string, number>;
  isPartial: boolean;
}

const deadlineMs = 5000;
const mostEntries = 2000;
/** Everything is looked for anew this often. */
const wholeEveryMs = 10 * 60_000;
/** Of a folder's files so many are looked at each time: those that were written last. */
const mostAgain = 64;
/** What was written so long before the newest file belongs to the same save. */
const sameSaveMs = 2 * 60_000;

/** cwd: the folder that it runs in, a full path, null where nobody knows; folders: that one and those above it. */
export function savePlaceOf(
  { definition, game }: Effective,
  cwd: string | null,
  folders: readonly string[],
): SavePlace {
  const own = (definition.save?.folders ?? []).flatMap((folder) => {
    if (folder === '') return [];
    if (path.isAbsolute(folder)) return [folder];
    return cwd === null ? [] : [path.join(cwd, folder)];
  });
  return { own, folders: folders.slice(0, 2), patterns: game.saveFiles ?? [] };
}

/**
 * Looks at one server's save files now and then. Cheap: it remembers which they are, and looks for all of them only every
 * ten minutes or while there are none.
 */
export class SaveFiles {
  private found: Found | undefined;
  private latest: SaveSeen | null = null;
  private looking: Promise<SaveSeen | null> | undefined;

  constructor(
    private readonly place: SavePlace,
    private readonly now: (this: void) => number = Date.now,
  ) {}

  /** Null where there is nothing, or where it could not be read in five seconds. Never rejects; never two looks at once. */
  async look(): Promise<SaveSeen | null> {
    // A disk that does not answer gets no second question; and where there is nothing to look for there is none.
    if (this.looking !== undefined || !this.hasPlace) return null;
    const finder = new FileFinder(mostEntries);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => {
        finder.isOver = true;
        resolve(null);
      }, deadlineMs);
    });
    this.looking = this.lookWith(finder)
      .catch(() => null)
      .finally(() => {
        this.looking = undefined;
      });
    try {
      return await Promise.race([this.looking, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private get hasPlace(): boolean {
    const { own, folders, patterns } = this.place;
    return own.length > 0 || (folders.length > 0 && patterns.length > 0);
  }

  private async lookWith(finder: FileFinder): Promise<SaveSeen | null> {
    const { found } = this;
    const isFresh = found !== undefined && Math.abs(this.now() - found.at) < wholeEveryMs && found.files.size > 0;
    if (!isFresh || !(await again(found, finder))) this.found = await this.whole(finder);
    // What a look that was called off has found is a part of it.
    if (finder.isOver) {
      this.found = undefined;
      return null;
    }
    return await this.seen(finder);
  }

  private async whole(finder: FileFinder): Promise<Found> {
    const { own, folders, patterns } = this.place;
    const files = new Map<string, FileStamp>();
    const lists = new Map<string, number>();
    const isByPattern = own.length === 0;
    for (const folder of own) {
      const below = await finder.walk(folder);
      for (const [file, stamp] of below.files) files.set(file, stamp);
      for (const [list, at] of below.folders) lists.set(list, at);
    }
    for (const folder of isByPattern ? folders : []) {
      for (const pattern of patterns) {
        const matching = await finder.match(folder, pattern);
        for (const [file, stamp] of matching.files) files.set(file, stamp);
        for (const [list, at] of matching.folders) lists.set(list, at);
      }
      if (files.size > 0) break;
    }
    return { at: this.now(), isByPattern, files, folders: lists, isPartial: finder.isPartial };
  }

  private async seen(finder: FileFinder): Promise<SaveSeen | null> {
    const found = this.found;
    if (found === undefined || found.files.size === 0) return (this.latest = null);
    const [newest, stamp] = [...found.files].reduce((a, b) => (b[1].at > a[1].at ? b : a));
    const newestAt = Math.floor(stamp.at);
    if (!found.isByPattern) {
      return (this.latest = { newestAt, bytes: found.isPartial ? null : bytesOf(found.files, stamp.at) });
    }
    // Beside the file that tells of the save lies what else was saved: looked at once for each save.
    if (this.latest?.newestAt === newestAt) return this.latest;
    finder.isPartial = false;
    const beside = await finder.walk(path.dirname(newest), 1);
    return (this.latest = { newestAt, bytes: finder.isPartial ? null : bytesOf(beside.files, stamp.at) });
  }
}

/** Looks again at what is known. False where it is gone, so that all has to be looked for. */
async function again(found: Found, finder: FileFinder): Promise<boolean> {
  if (found.isByPattern) {
    const stamps = await finder.stamps([...found.files.keys()]);
    const isSame = stamps.size === found.files.size;
    for (const [file, stamp] of stamps) found.files.set(file, stamp);
    // Many a game gives each save a name of its own.
    for (const [folder, at] of found.folders) if ((await finder.folderAt(folder)) !== at) return false;
    return isSame;
  }
  const last = [...found.files].sort((a, b) => b[1].at - a[1].at).slice(0, mostAgain);
  for (const [file] of last) {
    const stamp = await finder.stamp(file);
    if (stamp === null) found.files.delete(file);
    else found.files.set(file, stamp);
  }
  for (const [folder, before] of found.folders) {
    const at = await finder.folderAt(folder);
    if (at === null) return false;
    if (at === before) continue;
    found.folders.set(folder, at);
    const list = await finder.list(folder);
    // A folder in it that is new holds files that nobody knows yet.
    if (list.folders.some((one) => !found.folders.has(one))) return false;
    for (const [file, stamp] of list.files) found.files.set(file, stamp);
  }
  found.isPartial ||= finder.isPartial;
  return true;
}

function bytesOf(files: ReadonlyMap<string, FileStamp>, newestAt: number): number {
  let bytes = 0;
  for (const stamp of files.values()) if (newestAt - stamp.at <= sameSaveMs) bytes += stamp.bytes;
  return bytes;
}
