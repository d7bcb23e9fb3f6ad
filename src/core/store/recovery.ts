import { decodeBatch, Translation } from './batch.js';
import type { Dictionary } from './catalogue.js';
import {
  agrees,
  close,
  countFrom,
  fingerprintOf,
  firstLook,
  openBytes,
  putRight,
  standingOf,
  withOurVersion,
  type Fingerprint,
} from './database.js';
import { asideName, type StoreFiles } from './files.js';
import { History, sequenceKey } from './history.js';
import { readContents } from './journal/contents.js';
import { Journal, type Opened } from './journal/journal.js';
import { salvage } from './salvage.js';
import { HistoryDatabase } from './sql/historyDatabase.js';

export const databaseName = 'metrics.db';
export const journalName = 'metrics.journal';

/** What a journal's first frame says: what it goes on from, and what its numbers stand for. */
export interface JournalHeader {
  readonly snapshot: Fingerprint | null;
  /** Of that snapshot. The one after it has the next number, however often it had to be tried. */
  readonly number: number;
  /** The last batch that is in that snapshot. */
  readonly sequence: number;
  readonly dictionary: Dictionary;
}

/** Of a journal that is read again: so much of it waits in memory to be written into the database. */
const batchesPerWrite = 64;

/** Something that was found at the start and that people should know. Names are of files in the data directory. */
export type Finding =
  | { readonly is: 'torn'; readonly bytes: number }
  | { readonly is: 'journal-damaged'; readonly aside: string | null; readonly batches: number }
  | { readonly is: 'database-damaged'; readonly aside: string; readonly rows: number; readonly hasHoles: boolean }
  | { readonly is: 'database-missing'; readonly batches: number }
  | { readonly is: 'database-foreign'; readonly aside: string }
  | { readonly is: 'database-older' }
  | { readonly is: 'database-changed' }
  | { readonly is: 'journal-missing' }
  | { readonly is: 'batches-missing'; readonly batches: number }
  | { readonly is: 'unreadable-batches'; readonly batches: number };

export interface Recovered {
  readonly history: History;
  /** null: a newer program's files are there; they stay as they are, and nothing is written. */
  readonly journal: Journal | null;
  readonly findings: readonly Finding[];
  /** There is a journal that can be appended to. */
  readonly isStarted: boolean;
  /** How many batches stand in it. */
  readonly batches: number;
  /** What the next snapshot is called. */
  readonly nextNumber: number;
  /** The files are not as they should be: a snapshot mends that. */
  readonly needsSnapshot: boolean;
}

/** Reads what is there. Rejects only for what the disk does (no rights, a failing disk); then nothing has been changed. */
export async function recover(files: StoreFiles, engineFolder: string, now: number): Promise<Recovered> {
  const bytes = await files.read(databaseName);
  if (bytes !== undefined && firstLook(bytes) === 'newer' && !(await isOurs(files, bytes))) {
    return await inMemory(engineFolder);
  }
  const opened = await Journal.open(files, journalName, now);
  if (opened.state === 'newer') return await inMemory(engineFolder);
  const run = new Recovery(files, engineFolder, now, opened);
  const history = await run.history(bytes);
  const isSame = run.replay(history);
  const { findings, nextNumber } = run;
  // Numbers that mean something else in this journal must not be appended to it.
  const isStarted = opened.state === 'read' && isSame;
  const needsSnapshot = run.isOld || !isStarted;
  const { journal, frames } = opened;
  return { history, journal, findings, isStarted, needsSnapshot, nextNumber, batches: frames.length };
}

/** One changed byte can make a file look like a newer program's. Put right, it is what the journal goes on from. */
async function isOurs(files: StoreFiles, bytes: Uint8Array): Promise<boolean> {
  const journal = await files.read(journalName);
  const { header, isNewer } = readContents(journal ?? new Uint8Array(0));
  const snapshot = isNewer ? undefined : headerOf(header)?.snapshot;
  return snapshot?.bytes === bytes.length && fingerprintOf(withOurVersion(bytes)).crc === snapshot.crc;
}

async function inMemory(engineFolder: string): Promise<Recovered> {
  const history = new History(await HistoryDatabase.create(engineFolder));
  return { history, journal: null, findings: [], isStarted: false, needsSnapshot: false, nextNumber: 0, batches: 0 };
}

class Recovery {
  readonly findings: Finding[] = [];
  /** The files have to be written anew. */
  isOld = false;
  nextNumber = 0;
  private readonly header: JournalHeader | undefined;

  constructor(
    private readonly files: StoreFiles,
    private readonly engineFolder: string,
    private readonly now: number,
    private readonly opened: Opened,
  ) {
    this.header = headerOf(opened.header);
    if (this.header !== undefined) this.nextNumber = this.header.number + 1;
    if (opened.tornBytes > 0) this.findings.push({ is: 'torn', bytes: opened.tornBytes });
    if (opened.damaged.length > 0 || (opened.state === 'read' && this.header === undefined)) {
      this.isOld = true;
      this.findings.push({ is: 'journal-damaged', aside: opened.aside, batches: opened.frames.length });
    }
  }

  async history(bytes: Uint8Array | undefined): Promise<History> {
    if (bytes === undefined || bytes.length === 0) return await this.without(bytes !== undefined);
    const look = firstLook(bytes);
    const print = look === 'good' ? fingerprintOf(bytes) : undefined;
    const { snapshot } = this.header ?? {};
    const isTrusted = print !== undefined && snapshot?.bytes === print.bytes && snapshot.crc === print.crc;
    const database = look === 'good' ? await openBytes(this.engineFolder, bytes, isTrusted) : undefined;
    if (database !== undefined) {
      const before = this.findings.length;
      try {
        if (!isTrusted) this.place(database, bytes.length === snapshot?.bytes);
        return this.begin(database);
      } catch {
        // Its pages are whole, and what is on them makes no sense.
        this.findings.length = before;
        close(database);
      }
    }
    return await this.carriedOver(bytes, look === 'foreign');
  }

  /** False where the history has other numbers for the same names than the journal. */
  replay(history: History): boolean {
    const { frames } = this.opened;
    const translation = new Translation(history.catalogue);
    // The journal's own words count where they differ.
    if (this.header === undefined) translation.learn(history.catalogue.dictionary());
    else translation.learn(this.header.dictionary);
    for (const frame of frames) translation.fill(saidIn(frame));
    translation.fill(history.catalogue.dictionary());
    let missing = 0;
    let unreadable = 0;
    for (const frame of frames) {
      const before = history.sequence;
      try {
        if (history.apply(frame, translation)) missing += history.sequence - before - 1;
        if (history.sequence % batchesPerWrite === 0) history.write();
      } catch {
        unreadable++;
      }
    }
    history.write();
    if (unreadable > 0) this.findings.push({ is: 'unreadable-batches', batches: unreadable });
    const isExplained = this.findings.some(({ is }) => is !== 'torn');
    if (missing > 0 && !isExplained) this.findings.push({ is: 'batches-missing', batches: missing });
    return translation.isIdentity;
  }

  /** Whether a file that is not exactly the journal's snapshot may be what it says. */
  private place(database: HistoryDatabase, isSameSize: boolean): void {
    const standing = standingOf(database);
    const { header } = this;
    if (header === undefined) {
      // Only the very first snapshot is ever without a journal.
      if (this.opened.state === 'none' && standing?.number !== 0) this.findings.push({ is: 'journal-missing' });
      this.nextNumber = (standing?.number ?? 0) + 1;
      return;
    }
    // Between a snapshot and its journal there is a moment in which the snapshot is the newer one.
    const isNext = standing?.number === header.number + 1 && standing.sequence >= header.sequence;
    if (isNext && agrees(database, header.dictionary)) return;
    this.isOld = true;
    const isOlder = standing !== undefined && standing.sequence < header.sequence;
    this.findings.push({ is: isOlder ? 'database-older' : 'database-changed' });
    // This very snapshot, with something in it that nobody of us has written: names and sizes are known better.
    const isThis = isSameSize && standing?.number === header.number && standing.sequence === header.sequence;
    if (isThis) putRight(database, header.dictionary);
    // Its own count is worth nothing: by it, batches of the journal might be taken for known.
    if (!isOlder) countFrom(database, header.sequence);
  }

  private async without(isEmpty = false): Promise<History> {
    this.isOld = true;
    if (isEmpty || this.header?.snapshot != null) {
      this.findings.push({ is: 'database-missing', batches: this.opened.frames.length });
    }
    return this.begin(await HistoryDatabase.create(this.engineFolder));
  }

  private async carriedOver(bytes: Uint8Array, isForeign: boolean): Promise<History> {
    this.isOld = true;
    const aside = await asideName(this.files, databaseName, this.now);
    // A copy: until the new file is written, the old one stays where it is.
    await this.files.copy(databaseName, aside);
    await this.files.syncFolder().catch(() => undefined);
    const { database, rows, hasHoles } = await salvage(
      this.engineFolder,
      bytes,
      this.header?.dictionary,
      this.now,
      !isForeign,
    );
    if (isForeign && rows === 0) this.findings.push({ is: 'database-foreign', aside });
    else this.findings.push({ is: 'database-damaged', aside, rows, hasHoles });
    const standing = standingOf(database);
    const { header } = this;
    const isNext = standing?.number === (header?.number ?? 0) + 1 && standing.sequence >= (header?.sequence ?? 0);
    if (header !== undefined && !isNext) countFrom(database, header.sequence);
    return this.begin(database);
  }

  /** Batches are never counted twice, also where the database is an older one. */
  private begin(database: HistoryDatabase): History {
    const own = Number(database.value('SELECT value FROM meta WHERE key = ?', [sequenceKey]) ?? 0);
    const least = this.header?.sequence ?? 0;
    if (!Number.isSafeInteger(own) || own < least) countFrom(database, least);
    return new History(database);
  }
}

function saidIn(frame: Uint8Array): Dictionary {
  try {
    return decodeBatch(frame).dictionary ?? nothing;
  } catch {
    return nothing;
  }
}

const nothing: Dictionary = { sources: [], metrics: [] };

function headerOf(header: unknown): JournalHeader | undefined {
  if (typeof header !== 'object' || header === null) return undefined;
  const { snapshot, number, sequence, dictionary } = header as Partial<JournalHeader>;
  if (typeof sequence !== 'number' || !Array.isArray(dictionary?.sources) || !Array.isArray(dictionary.metrics)) {
    return undefined;
  }
  return { snapshot: snapshot ?? null, number: number ?? 0, sequence, dictionary };
}
