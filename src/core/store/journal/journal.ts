import { asideName, type StoreFile, type StoreFiles } from '../files.js';
import { encodeContents, readContents, type Contents } from './contents.js';
import { encodeFrame, type Damage } from './frame.js';

export interface Opened {
  journal: Journal;
  /** `newer`: the file is of a newer program; it stays untouched, and the journal refuses to write. */
  state: 'none' | 'read' | 'newer';
  /** JSON; null when there is none or it cannot be read. */
  header: unknown;
  /** All payloads that can be read, in order. */
  frames: Uint8Array[];
  /** Behind the last good frame: what was being written when program or machine went down. The next append goes over it. */
  tornBytes: number;
  /** Stretches that cannot be read although there are good frames behind them. */
  damaged: Damage[];
  /** What a damaged file was copied to; null also when that failed. */
  aside: string | null;
}

/**
 * A file that frames are appended to, each on the disk before it counts. One call at a time: whoever uses it queues; a
 * second one rejects. Not for two processes.
 */
export class Journal {
  private file: StoreFile | undefined;
  /** Something that does not count may stand behind the last good frame. */
  private isTailUnclean: boolean;
  /** The disk may not know yet that this file has the name: a loss of power would bring back the one before it. */
  private isNameUnsafe = true;
  private isBusy = false;

  private constructor(
    private readonly files: StoreFiles,
    private readonly name: string,
    private state: 'none' | 'open' | 'newer' | 'closed',
    /** Where the next frame goes. */
    private end: number,
    /** The last frame that was read; empty when it is known to be on the disk. */
    private unsure: Uint8Array = new Uint8Array(0),
    hasTail = false,
  ) {
    this.isTailUnclean = hasTail;
  }

  /**
   * Reads the journal; `now` (ms since 1970) dates the copy of a damaged one. Rejects when it cannot be read at all (no
   * rights, a failing disk): then nothing was changed.
   */
  static async open(files: StoreFiles, name: string, now: number): Promise<Opened> {
    const bytes = await files.read(name);
    const nothing = { header: null, frames: [], tornBytes: 0, damaged: [], aside: null };
    const contents = bytes && readContents(bytes);
    if (contents?.isNewer) {
      return { ...nothing, journal: new Journal(files, name, 'newer', bytes?.length ?? 0), state: 'newer' };
    }
    // What is left of a restart that was broken off. It would be written over anyway.
    await files.remove(temporaryOf(name)).catch(() => undefined);
    if (!bytes?.length || !contents) {
      return { ...nothing, journal: new Journal(files, name, 'none', 0), state: 'none' };
    }
    const { header, frames, lastAt, end, tornBytes, damaged } = contents;
    const aside = isDamaged(contents) ? await setAside(files, name, now) : null;
    const journal = new Journal(files, name, 'open', end, bytes.slice(lastAt, end), tornBytes > 0);
    return { journal, state: 'read', header, frames, tornBytes, damaged, aside };
  }

  /** How long the file is, up to the end of its last good frame. */
  get bytes(): number {
    return this.end;
  }

  /**
   * Appends one frame. Resolves when the disk has it, and all that was read at the open. Rejects otherwise, and then it may
   * be tried again, also with another payload: what is left of the failed one is written over. A frame that failed may
   * still be found at the next open, if the program ends before anything else is appended. Rejects a RangeError above
   * 16 MB, and anything before the first restart of a new journal.
   */
  append(payload: Uint8Array): Promise<void> {
    return this.alone(async () => {
      if (this.state !== 'open') throw new Error('the journal has not been started');
      const frame = encodeFrame(payload);
      // Also after the open: who replaced the file last may have been killed before that.
      if (this.isNameUnsafe) await this.secureName();
      try {
        this.file ??= await this.files.open(this.name, 'existing');
        // For tidiness only: what stands behind the new frame is no frame.
        if (this.isTailUnclean) await this.file.truncate(this.end).catch(() => undefined);
        this.isTailUnclean = true;
        // Also after a failed sync all of it is written again: the system forgets what it could not bring to the disk,
        // and the next sync would succeed without it. A program that was killed may have left its last frame like that.
        await this.file.write(Buffer.concat([this.unsure, frame]), this.end - this.unsure.length);
        await this.file.sync();
      } catch (error) {
        await this.letGo();
        throw error;
      }
      this.end += frame.length;
      this.isTailUnclean = false;
      this.unsure = new Uint8Array(0);
    });
  }

  /**
   * Replaces everything by this header (JSON) and these frames: a loss of power leaves the old or the new, whole. When it
   * rejects, the old is in use and complete. When it resolves, the new is. Should the folder alone have refused to be
   * synced, that is made up for before the next append counts; frames that were in no journal before are safe only then.
   */
  restart(header: unknown, frames: readonly Uint8Array[]): Promise<void> {
    return this.alone(async () => {
      const bytes = encodeContents(header, frames);
      const temporary = temporaryOf(this.name);
      try {
        await writeWhole(this.files, temporary, bytes);
        // Windows does not replace a file that is open.
        await this.letGo();
        await this.files.rename(temporary, this.name);
      } catch (error) {
        await this.files.remove(temporary).catch(() => undefined);
        throw error;
      }
      this.state = 'open';
      this.end = bytes.length;
      this.isTailUnclean = false;
      this.unsure = new Uint8Array(0);
      this.isNameUnsafe = true;
      await this.secureName().catch(() => undefined);
    });
  }

  /** Nothing can be appended afterwards. Call it when no append is under way. */
  async close(): Promise<void> {
    this.state = 'closed';
    await this.letGo();
  }

  private async secureName(): Promise<void> {
    await this.files.syncFolder();
    this.isNameUnsafe = false;
  }

  /** The next append opens the file anew. */
  private async letGo(): Promise<void> {
    const file = this.file;
    this.file = undefined;
    await file?.close().catch(() => undefined);
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    if (this.state === 'newer') throw new Error('the journal is of a newer program');
    if (this.state === 'closed') throw new Error('the journal is closed');
    if (this.isBusy) throw new Error('the journal is being written');
    this.isBusy = true;
    try {
      await work();
    } finally {
      this.isBusy = false;
    }
  }
}

function temporaryOf(name: string): string {
  return `${name}.tmp`;
}

/** A journal is never without its header: it is written beside, and only then gets its name. */
function isDamaged({ damaged, hasHeader }: Contents): boolean {
  return damaged.length > 0 || !hasHeader;
}

async function setAside(files: StoreFiles, name: string, now: number): Promise<string | null> {
  try {
    const aside = await asideName(files, name, now);
    await files.copy(name, aside);
    await files.syncFolder();
    return aside;
  } catch {
    // A full disk must not keep what can be read from being used.
    return null;
  }
}

async function writeWhole(files: StoreFiles, name: string, bytes: Uint8Array): Promise<void> {
  const file = await files.open(name, 'create');
  try {
    await file.truncate(0);
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
