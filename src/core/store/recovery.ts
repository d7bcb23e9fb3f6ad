import { Translation } from './batch.js';
import type { Dictionary } from './catalogue.js';
import { close, fingerprintOf, firstLook, openBytes, type Fingerprint } from './database.js';
import { asideName, type StoreFiles } from './files.js';
import { History } from './history.js';
import { Journal, type Opened } from './journal/journal.js';
import { salvage } from './salvage.js';
import { HistoryDatabase } from './sql/historyDatabase.js';

export const databaseName = 'metrics.db';
export const journalName = 'metrics.journal';

/** What a journal's first frame says: what it goes on from, and what its numbers stand for. */
export interface JournalHeader {
  readonly snapshot: Fingerprint | null;
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
  /** The files are not as they should be: a snapshot mends that. */
  readonly needsSnapshot: boolean;
}

/** Reads what is there. Rejects only for what the disk does (no rights, a failing disk); then nothing has been changed. */
export async function recover(files: StoreFiles, engineFolder: string, now: number): Promise<Recovered> {
  const bytes = await files.read(databaseName);
  if (bytes !== undefined && firstLook(bytes) === 'newer') return await inMemory(engineFolder);
  const opened = await Journal.open(files, journalName, now);
  if (opened.state === 'newer') return await inMemory(engineFolder);
  const run = new Recovery(files, engineFolder, now, opened);
  const history = await run.history(bytes);
  run.replay(history);
  const { journal } = opened;
  const { findings } = run;
  const isStarted = opened.state === 'read';
  const needsSnapshot = run.isOld || !isStarted;
  return { history, journal, findings, isStarted, needsSnapshot, batches: opened.frames.length };
}

async function inMemory(engineFolder: string): Promise<Recovered> {
  const history = new History(await HistoryDatabase.create(engineFolder));
  return { history, journal: null, findings: [], isStarted: false, needsSnapshot: false, batches: 0 };
}

class Recovery {
  readonly findings: Finding[] = [];
  /** The files have to be written anew. */
  isOld = false;
  private readonly header: JournalHeader | undefined;

  constructor(
    private readonly files: StoreFiles,
    private readonly engineFolder: string,
    private readonly now: number,
    private readonly opened: Opened,
  ) {
    this.header = headerOf(opened.header);
    if (opened.tornBytes > 0) this.findings.push({ is: 'torn', bytes: opened.tornBytes });
    if (opened.damaged.length > 0 || (opened.state === 'read' && this.header === undefined)) {
      this.isOld = true;
      this.findings.push({ is: 'journal-damaged', aside: opened.aside, batches: opened.frames.length });
    }
  }

  async history(bytes: Uint8Array | undefined): Promise<History> {
    if (bytes === undefined || bytes.length === 0) return await this.without();
    const look = firstLook(bytes);
    const print = look === 'good' ? fingerprintOf(bytes) : undefined;
    const { snapshot } = this.header ?? {};
    const isTrusted = print !== undefined && snapshot?.bytes === print.bytes && snapshot.crc === print.crc;
    const database = look === 'good' ? await openBytes(this.engineFolder, bytes, isTrusted) : undefined;
    if (database !== undefined) {
      try {
        const history = new History(database);
        // Between a snapshot and its journal there is a moment in which the snapshot is the newer one. Not the other way.
        if (this.header !== undefined && history.sequence < this.header.sequence) this.older();
        return history;
      } catch {
        // Its pages are whole, and what is on them makes no sense.
        close(database);
      }
    }
    return await this.carriedOver(bytes, look === 'foreign');
  }

  replay(history: History): void {
    const { frames } = this.opened;
    const translation = new Translation(history.catalogue);
    // The journal's own words count where they differ.
    translation.learn(history.catalogue.dictionary());
    if (this.header !== undefined) translation.learn(this.header.dictionary);
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
  }

  private older(): void {
    this.isOld = true;
    this.findings.push({ is: 'database-older' });
  }

  private async without(): Promise<History> {
    const history = new History(await HistoryDatabase.create(this.engineFolder));
    this.isOld = true;
    if (this.header?.snapshot != null) {
      this.findings.push({ is: 'database-missing', batches: this.opened.frames.length });
    }
    return history;
  }

  private async carriedOver(bytes: Uint8Array, isForeign: boolean): Promise<History> {
    this.isOld = true;
    const aside = await asideName(this.files, databaseName, this.now);
    // A copy: until the new file is written, the old one stays where it is.
    await this.files.copy(databaseName, aside);
    if (isForeign) {
      this.findings.push({ is: 'database-foreign', aside });
      return new History(await HistoryDatabase.create(this.engineFolder));
    }
    const { database, rows, hasHoles } = await salvage(this.engineFolder, bytes, this.header?.dictionary, this.now);
    this.findings.push({ is: 'database-damaged', aside, rows, hasHoles });
    if (this.header !== undefined && database.value('SELECT value FROM meta') === null) {
      database.run("INSERT INTO meta VALUES ('sequence', ?)", [String(this.header.sequence)]);
    }
    return new History(database);
  }
}

function headerOf(header: unknown): JournalHeader | undefined {
  if (typeof header !== 'object' || header === null) return undefined;
  const { snapshot, sequence, dictionary } = header as Partial<JournalHeader>;
  if (typeof sequence !== 'number' || !Array.isArray(dictionary?.sources) || !Array.isArray(dictionary.metrics)) {
    return undefined;
  }
  return { snapshot: snapshot ?? null, sequence, dictionary };
}
