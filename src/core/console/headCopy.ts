import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsoleLimits } from './limits.js';

/** A multiple of every block and cluster size in use: only whole ones can be taken out of a file. */
const alignment = 64 * 1024;
const chunkBytes = 1024 * 1024;
/** After each chunk the disk and the processor are the game's for a moment. */
const pauseMs = 5;
/** So much may be left over: what follows the cut is written to the disk while the server waits, so it must be little. */
const restBytes = 1024 * 1024;
/** How fast a file grows is seen in this time. */
const watchMs = 100;
/** Growing by more than this in that time, and over its limit so many times already: copying it all would be for nothing. */
const floodBytes = 1024 * 1024;
const floodTimes = 3;

/** What has been copied and is to be cut off. */
export interface Copied {
  /** The head of the console file, bytes. */
  readonly bytes: number;
  /** How many files its newest part was copied to; the folder has them by number, the oldest with the lowest. */
  readonly pieces: number;
  /** Something in front of the first piece was not copied: nothing older joins on to it. */
  readonly isGap: boolean;
}

/**
 * Copies the head of a console file that grows into a folder, in pieces of about `rotateBytes`, as many as are kept; what
 * would be thrown away anyway is not copied, and in a flood only one piece is: the next ones push it out within seconds.
 * What comes meanwhile is copied too, until little is left. All of it is on the disk when this resolves; undefined when it
 * was called off. Rejects with what the file system says.
 */
export async function copyHead(
  file: string,
  folder: string,
  limits: ConsoleLimits,
  isCalledOff: () => boolean,
): Promise<Copied | undefined> {
  const source = await fs.promises.open(file, 'r');
  const pieces = new Pieces(folder, limits);
  try {
    const keep = (await isFlooding(source, limits)) ? 1 : limits.keepFiles;
    let end = headOf((await source.stat()).size);
    const start = Math.max(0, end - limits.rotateBytes * keep);
    let at = start;
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let last = Infinity; end - at > 0 && (at === start || end - at >= restBytes);) {
      // A server that prints faster than can be copied is not chased.
      if (end - at > last / 2) break;
      last = end - at;
      while (at < end) {
        if (isCalledOff()) return undefined;
        const wanted = Math.min(chunkBytes, await pieces.room(end - at));
        const { bytesRead } = await source.read(buffer, 0, wanted, at);
        if (bytesRead === 0) throw new Error('the file has become shorter');
        await pieces.write(buffer.subarray(0, bytesRead));
        at += bytesRead;
        await pause(pauseMs);
      }
      await pieces.sync();
      end = headOf((await source.stat()).size);
    }
    return { bytes: at, pieces: pieces.count, isGap: start > 0 || pieces.hasDropped };
  } finally {
    await pieces.close();
    await source.close();
  }
}

/** The longest head that can be taken off a file of this size: something has to stay. */
function headOf(size: number): number {
  return Math.max(0, Math.floor((size - 1) / alignment) * alignment);
}

async function isFlooding(source: fs.promises.FileHandle, { rotateBytes }: ConsoleLimits): Promise<boolean> {
  const before = (await source.stat()).size;
  if (before < rotateBytes * floodTimes) return false;
  await pause(watchMs);
  return (await source.stat()).size - before > floodBytes;
}

/** The files that a head is copied to. */
class Pieces {
  private handle: fs.promises.FileHandle | undefined;
  private bytes = 0;
  private first = 0;
  private next = 0;

  constructor(
    private readonly folder: string,
    private readonly limits: ConsoleLimits,
  ) {}

  get count(): number {
    return this.next - this.first;
  }

  get hasDropped(): boolean {
    return this.first > 0;
  }

  /** How much the next write may have; left: what is still to come, as far as is known. */
  async room(left: number): Promise<number> {
    const { rotateBytes } = this.limits;
    const free = rotateBytes - this.bytes;
    if (this.handle !== undefined && free > 0) return Math.min(left, free);
    // A little more is put to the last piece rather than into a tiny one of its own.
    const extra = Math.min(left, free + Math.floor(rotateBytes / 4));
    if (this.handle !== undefined && extra === left) return extra;
    await this.begin();
    return Math.min(left, rotateBytes);
  }

  async write(chunk: Buffer): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = (await this.handle?.write(chunk, done)) ?? { bytesWritten: 0 };
      if (bytesWritten === 0) throw new Error('nothing was written');
      done += bytesWritten;
    }
    this.bytes += chunk.length;
  }

  async sync(): Promise<void> {
    await this.handle?.sync();
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private async begin(): Promise<void> {
    await this.sync();
    await this.close();
    if (this.count === this.limits.keepFiles) {
      await fs.promises.rm(path.join(this.folder, String(this.first)));
      this.first++;
    }
    this.handle = await fs.promises.open(path.join(this.folder, String(this.next)), 'wx', 0o600);
    this.next++;
    this.bytes = 0;
  }
}
