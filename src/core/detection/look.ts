import fs from 'node:fs/promises';
import path from 'node:path';

const limits = {
  /** Names in one folder. */
  folder: 5000,
  /** Names in all. */
  entries: 100_000,
  /** Folders that are looked into. */
  folders: 3000,
  fileBytes: 256 * 1024,
};

/** The names in a folder. */
export interface Listing {
  readonly folder: string;
  /** The same without links. */
  readonly real: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * One look at the disk: bounded, and over when it is called off. What cannot be read is passed over; a folder that has been
 * looked into is not looked into again, whatever link leads there. Nothing of it rejects.
 */
export class Look {
  private readonly seen = new Set<string>();
  private entries = 0;

  constructor(private readonly signal: AbortSignal) {}

  get isOver(): boolean {
    return this.signal.aborted || this.entries > limits.entries || this.seen.size > limits.folders;
  }

  /** Undefined where there is none that can be read, or where it was listed before. */
  async list(folder: string): Promise<Listing | undefined> {
    if (this.isOver) return undefined;
    const real = await fs.realpath(folder).catch(() => undefined);
    if (real === undefined || this.isOver || this.seen.has(real)) return undefined;
    this.seen.add(real);
    const listing = { folder, real, files: [] as string[], folders: [] as string[] };
    try {
      const open = await fs.opendir(folder);
      let count = 0;
      // Leaving the loop closes the folder.
      for await (const entry of open) {
        if (++count > limits.folder || this.isOver) break;
        this.entries++;
        if (entry.isFile()) listing.files.push(entry.name);
        else if (entry.isDirectory()) listing.folders.push(entry.name);
        else if (entry.isSymbolicLink()) {
          const stat = await fs.stat(path.join(folder, entry.name)).catch(() => undefined);
          if (stat?.isFile() === true) listing.files.push(entry.name);
          else if (stat?.isDirectory() === true) listing.folders.push(entry.name);
        }
      }
    } catch {
      return undefined;
    }
    listing.files.sort();
    listing.folders.sort();
    return listing;
  }

  async isFile(file: string): Promise<boolean> {
    if (this.isOver) return false;
    return await fs.stat(file).then(
      (stat) => stat.isFile(),
      () => false,
    );
  }

  /** The text of a small file; undefined where it cannot be read. */
  async text(file: string): Promise<string | undefined> {
    if (this.isOver) return undefined;
    try {
      const stat = await fs.stat(file);
      return stat.isFile() && stat.size <= limits.fileBytes ? await fs.readFile(file, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  }
}
