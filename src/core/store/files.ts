import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { errorCode } from '../../node/files.js';

/** A file that is open for writing. */
export interface StoreFile {
  /** Writes all of the bytes at that position, however many calls that takes. Rejects with the file system's error. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Waits until the disk has what was written, and the file's length. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The file system as the history sees it: names within one folder. Everything rejects with the file system's error. */
export interface StoreFiles {
  /** What the file holds; undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** For writing, with what it holds; `create` makes it (for this user alone) where there is none. */
  open(name: string, how: 'create' | 'existing'): Promise<StoreFile>;
  /** Replaces `to`. Tried again for some seconds while somebody else has one of the two open, as happens on Windows. */
  rename(from: string, to: string): Promise<void>;
  /** To a name that must be free. The disk has the copy when this resolves; there is none when it rejects. */
  copy(from: string, to: string): Promise<void>;
  /** Nothing to do where there is none. */
  remove(name: string): Promise<void>;
  /** Makes names last through a loss of power; does nothing where the system has no such thing. */
  syncFolder(): Promise<void>;
}

/** Errors with which Windows answers while a virus scanner or a backup has the file open. */
const passing = new Set(['EPERM', 'EBUSY', 'EACCES']);
/** Between the attempts at a rename: about three seconds in all. */
const renamePausesMs = [20, 50, 100, 200, 400, 800, 1600];
/** Answers of file systems, mostly of networks, that cannot sync a folder. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS']);

/** A real folder, which must exist. */
export class DiskFiles implements StoreFiles {
  constructor(
    private readonly folder: string,
    private readonly pause: (ms: number) => Promise<unknown> = pauseFor,
  ) {}

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await fs.promises.readFile(this.at(name));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async open(name: string, how: 'create' | 'existing'): Promise<StoreFile> {
    const flags = fs.constants.O_WRONLY | (how === 'create' ? fs.constants.O_CREAT : 0);
    return new DiskFile(await fs.promises.open(this.at(name), flags, 0o600));
  }

  async rename(from: string, to: string): Promise<void> {
    for (const pauseMs of [...renamePausesMs, undefined]) {
      try {
        return await fs.promises.rename(this.at(from), this.at(to));
      } catch (error) {
        if (pauseMs === undefined || !passing.has(errorCode(error) ?? '')) throw error;
        await this.pause(pauseMs);
      }
    }
  }

  async copy(from: string, to: string): Promise<void> {
    await fs.promises.copyFile(this.at(from), this.at(to), fs.constants.COPYFILE_EXCL);
    try {
      const file = await this.open(to, 'existing');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await this.remove(to);
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await fs.promises.rm(this.at(name), { force: true });
  }

  async syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await fs.promises.open(this.folder, 'r');
    try {
      await handle.sync();
    } catch (error) {
      if (!cannotSync.has(errorCode(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
  }

  private at(name: string): string {
    return path.join(this.folder, name);
  }
}

class DiskFile implements StoreFile {
  constructor(private readonly handle: fs.promises.FileHandle) {}

  async write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, position + done);
      if (bytesWritten === 0) throw new Error('nothing was written');
      done += bytesWritten;
    }
  }

  async sync(): Promise<void> {
    await this.handle.datasync();
  }

  async truncate(length: number): Promise<void> {
    await this.handle.truncate(length);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** A free name under which a damaged file is set aside: `<name>-damaged-2026-11-22T18-52-39.123Z`. `now`: ms since 1970. */
export async function asideName(files: StoreFiles, name: string, now: number): Promise<string> {
  // Windows has no colons in names.
  const dated = `${name}-damaged-${new Date(now).toISOString().replaceAll(':', '-')}`;
  let free = dated;
  for (let n = 2; (await files.read(free)) !== undefined; n++) free = `${dated}-${n}`;
  return free;
}
