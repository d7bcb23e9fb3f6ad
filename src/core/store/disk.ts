import { errorCode } from '../../node/files.js';
import { fingerprintOf } from './database.js';
import type { StoreFiles } from './files.js';
import type { SealedBatch } from './history.js';
import type { Journal } from './journal/journal.js';
import { databaseName, type JournalHeader } from './recovery.js';

/** What keeps the history from the disk. */
export type DiskTrouble = 'disk-full' | 'read-only' | 'failing' | 'slow';

export interface DiskEvents {
  /** null: it works again. Told once per change. */
  trouble(trouble: DiskTrouble | null, detail: string): void;
  /** A batch is on the disk. */
  written(batch: SealedBatch): void;
}

const temporaryName = `${databaseName}.tmp`;
/** What waits for the disk; at one batch of half a kilobyte in ten seconds it is reached after most of a day. */
const maxWaitingBytes = 4 * 1024 * 1024;
const slowMs = 30_000;

/**
 * Everything that the history writes goes through here, one thing after another, and nobody waits for it. A batch that
 * cannot be written stays and is tried again with the next.
 */
export class Disk {
  private waiting: SealedBatch[] = [];
  private waitingBytes = 0;
  /** On the disk in the present journal, and not in the snapshot that is being written. */
  private sinceImage: Uint8Array[] | undefined;
  private work: Promise<unknown> = Promise.resolve();
  private draining: Promise<void> | undefined;
  private trouble: DiskTrouble | null = null;
  /** Rows that only the memory has: a snapshot makes them safe. */
  private unsafe = 0;

  constructor(
    private readonly files: StoreFiles,
    private readonly journal: Journal,
    /** There is a journal already; otherwise the first snapshot begins one, and nothing can be appended before. */
    private hasJournal: boolean,
    /** The journal holds batches. */
    private hasWritten: boolean,
    private readonly events: DiskEvents,
  ) {}

  get journalBytes(): number {
    return this.journal.bytes;
  }

  /** Rows that did not fit into what waits for the disk: they would be lost if this process ended now. */
  get dropped(): number {
    return this.unsafe;
  }

  get isStarted(): boolean {
    return this.hasJournal;
  }

  /** There is something that no snapshot has. */
  get hasNews(): boolean {
    return this.waiting.length > 0 || this.hasWritten;
  }

  push(batch: SealedBatch): void {
    this.waiting.push(batch);
    this.waitingBytes += batch.payload.length;
    while (this.waitingBytes > maxWaitingBytes && this.waiting.length > 1) {
      const [oldest] = this.waiting.splice(0, 1);
      this.waitingBytes -= oldest?.payload.length ?? 0;
      this.unsafe += oldest?.rows ?? 0;
    }
  }

  /** Writes what waits. Resolves when that is done or has failed; true when nothing waits any more. */
  async drain(): Promise<boolean> {
    if (!this.hasJournal) return false;
    // One in the queue is enough: it takes whatever is there when its turn comes.
    this.draining ??= this.enqueue(async () => {
      this.draining = undefined;
      await this.writeWaiting();
    });
    await this.draining;
    return this.waiting.length === 0;
  }

  /**
   * Puts an image of the whole history in place, and begins a journal that goes on from it. Call it in the same turn in
   * which the image was made. Rejects with the file system's error; what is on the disk is complete then as well.
   */
  async snapshot(image: Uint8Array, header: Omit<JournalHeader, 'snapshot'>): Promise<void> {
    this.sinceImage = [];
    try {
      await this.writeImage(image);
      await this.enqueue(async () => {
        const snapshot = fingerprintOf(image);
        // Of what still waits, the image has everything up to its own number.
        this.forget(header.sequence);
        const since = this.sinceImage ?? [];
        await this.journal.restart({ ...header, snapshot }, since);
        this.hasWritten = since.length > 0;
      });
      this.hasJournal = true;
      this.unsafe = 0;
      this.say(null, '');
    } catch (error) {
      this.say(troubleOf(error), String(error));
      throw error;
    } finally {
      this.sinceImage = undefined;
    }
  }

  async close(): Promise<void> {
    await this.enqueue(() => this.journal.close());
  }

  private async writeImage(image: Uint8Array): Promise<void> {
    const { files } = this;
    const file = await files.open(temporaryName, 'create');
    try {
      await file.truncate(0);
      await file.write(image, 0);
      await file.sync();
    } catch (error) {
      await file.close().catch(() => undefined);
      await files.remove(temporaryName).catch(() => undefined);
      throw error;
    }
    await file.close();
    await files.rename(temporaryName, databaseName);
    await files.syncFolder();
  }

  private async writeWaiting(): Promise<void> {
    for (let batch = this.waiting[0]; batch !== undefined; batch = this.waiting[0]) {
      const watch = setTimeout(() => {
        this.say('slow', '');
      }, slowMs);
      try {
        await this.journal.append(batch.payload);
      } catch (error) {
        this.say(troubleOf(error), String(error));
        return;
      } finally {
        clearTimeout(watch);
      }
      this.hasWritten = true;
      this.sinceImage?.push(batch.payload);
      this.remove(batch);
      this.events.written(batch);
    }
    // What did not fit is not there: that is only over with a snapshot.
    if (this.unsafe === 0) this.say(null, '');
  }

  private remove(batch: SealedBatch): void {
    const index = this.waiting.indexOf(batch);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    this.waitingBytes -= batch.payload.length;
  }

  private forget(sequence: number): void {
    for (const batch of this.waiting.filter((one) => one.sequence <= sequence)) this.remove(batch);
  }

  private say(trouble: DiskTrouble | null, detail: string): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.events.trouble(trouble, detail);
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.work.then(work);
    this.work = done.catch(() => undefined);
    return done;
  }
}

function troubleOf(error: unknown): DiskTrouble {
  const code = errorCode(error) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  return ['EROFS', 'EACCES', 'EPERM', 'EBUSY'].includes(code) ? 'read-only' : 'failing';
}
