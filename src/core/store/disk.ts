import { errorCode } from '../../node/files.js';
import { fingerprintOf } from './database.js';
import type { StoreFiles } from './files.js';
import type { SealedBatch } from './history.js';
import type { Journal } from './journal/journal.js';
import { databaseName, type JournalHeader, type Recovered } from './recovery.js';

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
/** So long a call of the disk may take before it counts as hanging. */
const slowMs = 30_000;

/** What was appended since an image was made: the journal that goes on from the image begins with it. */
interface Since {
  /** The last batch in the image. */
  readonly after: number;
  readonly payloads: Uint8Array[];
  bytes: number;
  /** The snapshot has failed, or takes so long that this would grow without end. */
  isGivenUp: boolean;
}

/**
 * Everything that the history writes goes through here, one thing after another, and nobody waits for it. A batch that
 * cannot be written stays and is tried again with the next.
 */
export class Disk {
  private waiting: SealedBatch[] = [];
  private waitingBytes = 0;
  private since: Since | undefined;
  private work: Promise<unknown> = Promise.resolve();
  private draining: Promise<void> | undefined;
  private told: DiskTrouble | null = null;
  /** Of batches and of snapshots: one can go well while the other does not. */
  private readonly troubles = { batches: null as DiskTrouble | null, snapshots: null as DiskTrouble | null };
  private isClosed = false;
  /** Rows that only the memory has: a snapshot makes them safe. */
  private unsafe = 0;

  /** There is a journal that may be appended to; otherwise the first snapshot begins one. */
  private hasJournal: boolean;
  /** The journal holds batches. */
  private hasWritten: boolean;
  private number: number;
  private isRestarting = false;

  constructor(
    private readonly files: StoreFiles,
    private readonly journal: Journal,
    { isStarted, batches, nextNumber }: Pick<Recovered, 'isStarted' | 'batches' | 'nextNumber'>,
    private readonly events: DiskEvents,
  ) {
    this.hasJournal = isStarted;
    this.hasWritten = batches > 0;
    this.number = nextNumber;
  }

  /** Of the next snapshot; the same until its journal has begun. */
  get nextNumber(): number {
    return this.number;
  }

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

  /**
   * Writes what waits. Resolves when that is done or has failed, or the disk hangs; true when everything there ever was is
   * on the disk.
   */
  async drain(): Promise<boolean> {
    if (!this.hasJournal || this.isClosed) return false;
    // One in the queue is enough: it takes whatever is there when its turn comes.
    this.draining ??= this.enqueue(async () => {
      this.draining = undefined;
      await this.writeWaiting();
    });
    return (await inTime(this.draining)) && this.waiting.length === 0 && this.unsafe === 0;
  }

  /**
   * Puts an image of the whole history in place, and begins a journal that goes on from it. Call it in the same turn in
   * which the image was made, and not while another is under way. Rejects with the file system's error; what is on the
   * disk is complete then as well.
   */
  async snapshot(image: Uint8Array, header: Omit<JournalHeader, 'snapshot'>): Promise<void> {
    // What hangs may still happen: two journals that begin differently would be mistaken for each other.
    if (this.isRestarting) throw new Error('the disk hangs');
    const since: Since = { after: header.sequence, payloads: [], bytes: 0, isGivenUp: false };
    this.since = since;
    // What is dropped from now on is not in the image.
    const unsafe = this.unsafe;
    const stopWatch = this.watch('snapshots');
    try {
      await this.writeImage(image);
      // It has everything up to its own number, whether or not a journal begins with it.
      this.forget(header.sequence);
      this.unsafe -= unsafe;
      const restarted = this.enqueue(() => this.restart({ ...header, snapshot: fingerprintOf(image) }, since));
      if (!(await inTime(restarted))) throw new Error('the disk hangs');
      this.say('snapshots', null, '');
      if (this.waiting.length === 0 && this.unsafe === 0) this.say('batches', null, '');
    } catch (error) {
      since.isGivenUp = true;
      this.say('snapshots', troubleOf(error), String(error));
      throw error;
    } finally {
      stopWatch();
      if (this.since === since) this.since = undefined;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.enqueue(() => this.journal.close());
  }

  private async restart(header: JournalHeader, since: Since): Promise<void> {
    if (since.isGivenUp) throw new Error('the snapshot has taken too long');
    this.isRestarting = true;
    try {
      await this.journal.restart(header, since.payloads);
    } finally {
      this.isRestarting = false;
    }
    this.number = header.number + 1;
    this.hasWritten = since.payloads.length > 0;
    this.hasJournal = true;
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
      const stopWatch = this.watch('batches');
      try {
        await this.journal.append(batch.payload);
      } catch (error) {
        this.say('batches', troubleOf(error), String(error));
        return;
      } finally {
        stopWatch();
      }
      this.hasWritten = true;
      this.remember(batch);
      this.remove(batch);
      this.events.written(batch);
    }
    // What did not fit is not there: that is only over with a snapshot.
    if (this.unsafe === 0) this.say('batches', null, '');
  }

  private remember({ sequence, payload }: SealedBatch): void {
    const { since } = this;
    if (since === undefined || since.isGivenUp || sequence <= since.after) return;
    since.payloads.push(payload);
    since.bytes += payload.length;
    if (since.bytes <= maxWaitingBytes) return;
    since.isGivenUp = true;
    since.payloads.length = 0;
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

  /** Says that the disk is slow when it is not stopped in time. */
  private watch(what: 'batches' | 'snapshots'): () => void {
    const timer = setTimeout(() => {
      this.say(what, 'slow', '');
    }, slowMs).unref();
    return () => {
      clearTimeout(timer);
    };
  }

  private say(what: 'batches' | 'snapshots', trouble: DiskTrouble | null, detail: string): void {
    this.troubles[what] = trouble;
    const told = this.troubles.batches ?? this.troubles.snapshots;
    if (told === this.told) return;
    this.told = told;
    this.events.trouble(told, detail);
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.work.then(work);
    this.work = done.catch(() => undefined);
    return done;
  }
}

/** False where it is not done in time; it goes on all the same. Rejects as it does. */
export async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, slowMs).unref();
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function troubleOf(error: unknown): DiskTrouble {
  const code = errorCode(error) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  return ['EROFS', 'EACCES', 'EPERM', 'EBUSY'].includes(code) ? 'read-only' : 'failing';
}
