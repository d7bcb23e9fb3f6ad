import fs from 'node:fs';
import path from 'node:path';

export interface FileStamp {
  /** When it was written, Unix milliseconds. */
  readonly at: number;
  readonly bytes: number;
}

/** As deep below a folder of saves. */
const deepest = 8;
/** Asked for at a time: the file system's threads are shared with all else that is read and written. */
const together = 8;
/** Of one folder so many names are read, of which those are looked at that sort last: autosaves are numbered and dated. */
const mostNames = 20_000;

/** One look: it looks at so many entries at most, and at none any more once it is over. Nothing here throws. */
export class FileFinder {
  isOver = false;
  /** Something was left out: there was too much, or it could not be read. */
  isPartial = false;

  constructor(private left: number) {}

  async stamp(file: string): Promise<FileStamp | null> {
    const stat = await this.stat(file);
    return stat?.isFile() === true ? { at: stat.mtimeMs, bytes: stat.size } : null;
  }

  /** When the folder's list of names was last different; null where it is none. */
  async folderAt(folder: string): Promise<number | null> {
    const stat = await this.stat(folder);
    return stat?.isDirectory() === true ? stat.mtimeMs : null;
  }

  /** The files right in a folder, and the folders in it; links to folders are not followed. */
  async list(folder: string): Promise<{ files: Map<string, FileStamp>; folders: string[] }> {
    const entries = await this.entries(folder);
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
    const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name);
    const files = await this.stamps(names.map((name) => path.join(folder, name)));
    return { files, folders };
  }

  /** Everything below a folder, and the folders, each with the time of its list. */
  async walk(
    folder: string,
    depth = deepest,
  ): Promise<{ files: Map<string, FileStamp>; folders: Map<string, number> }> {
    const files = new Map<string, FileStamp>();
    const folders = new Map<string, number>();
    let level = [folder];
    for (let deep = 0; deep <= depth && level.length > 0; deep++) {
      const next: string[] = [];
      for (const one of level) {
        // Before it is listed: what is new since then is seen at the next look.
        const at = await this.folderAt(one);
        if (at === null) continue;
        folders.set(one, at);
        const found = await this.list(one);
        for (const [file, stamp] of found.files) files.set(file, stamp);
        next.push(...this.affordable(found.folders, next));
      }
      level = next;
    }
    return { files, folders };
  }

  /**
   * The files that a pattern with * for any part of one name stands for, from a folder. Links are followed. folders: those in
   * which a file of a new name may come, each with the time of its list.
   */
  async match(
    folder: string,
    pattern: string,
  ): Promise<{ files: Map<string, FileStamp>; folders: Map<string, number> }> {
    const folders = new Map<string, number>();
    const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
    let places = parts.length === 0 || parts.includes('..') ? [] : [folder];
    for (const [index, part] of parts.entries()) {
      const next: string[] = [];
      for (const place of places) {
        if (!part.includes('*')) next.push(path.join(place, part));
        else {
          const at = index === parts.length - 1 ? await this.folderAt(place) : null;
          if (at !== null) folders.set(place, at);
          const entries = await this.entries(place, nameTest(part));
          next.push(...this.affordable(entries, next).map(({ name }) => path.join(place, name)));
        }
      }
      places = next;
    }
    return { files: await this.stamps(places), folders };
  }

  async stamps(files: readonly string[]): Promise<Map<string, FileStamp>> {
    const found = new Map<string, FileStamp>();
    for (let from = 0; from < files.length; from += together) {
      const some = files.slice(from, from + together);
      const stamps = await Promise.all(some.map(async (file) => await this.stamp(file)));
      for (const [index, file] of some.entries()) {
        const stamp = stamps[index];
        if (stamp != null) found.set(file, stamp);
      }
    }
    return found;
  }

  /** As many of them as can be looked at beside those that wait already. */
  private affordable<T>(more: readonly T[], waiting: readonly unknown[]): readonly T[] {
    const room = Math.max(0, this.left - waiting.length);
    if (more.length > room) this.isPartial = true;
    return more.slice(0, room);
  }

  /** Those of a folder's entries that sort last, as many as may still be looked at. */
  private async entries(folder: string, fits: (name: string) => boolean = () => true): Promise<fs.Dirent[]> {
    if (this.left <= 0 || this.isOver) {
      this.isPartial = true;
      return [];
    }
    const entries: fs.Dirent[] = [];
    try {
      const names = await fs.promises.opendir(folder, { bufferSize: 256 });
      let read = 0;
      for await (const entry of names) {
        if (fits(entry.name)) entries.push(entry);
        if (++read < mostNames && !this.isOver) continue;
        this.isPartial = true;
        break;
      }
    } catch {
      // Gone, no folder, or not ours to read.
      this.isPartial = true;
    }
    if (entries.length <= this.left) return entries;
    this.isPartial = true;
    return entries.sort((a, b) => (a.name < b.name ? 1 : -1)).slice(0, this.left);
  }

  private async stat(file: string): Promise<fs.Stats | null> {
    if (this.left <= 0 || this.isOver) {
      this.isPartial = true;
      return null;
    }
    this.left--;
    try {
      return await fs.promises.stat(file);
    } catch {
      return null;
    }
  }
}

function nameTest(part: string): (name: string) => boolean {
  const literal = part.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${literal.join('.*')}$`, 'su');
  return (name) => pattern.test(name);
}
