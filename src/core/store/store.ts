import { performance } from 'node:perf_hooks';
import { Failure, messageOf } from '../../shared/failure.js';
import type { Disposable, EventQuery, HistoryEvent, Log } from '../ports.js';
import { exportCsv, type ExportQuery } from './csv.js';
import { Disk, inTime, type DiskTrouble } from './disk.js';
import type { StoreFiles } from './files.js';
import { collectGarbage, ImageCollector } from './garbage.js';
import type { History } from './history.js';
import type { MeasuredValues } from './scale.js';
import type { Journal } from './journal/journal.js';
import type { RangeQuery, RangeResult } from './query.js';
import { databaseName, recover, type Finding, type Recovered } from './recovery.js';
import { snapshotDue } from './snapshotRule.js';
import { Sweeper } from './sweeper.js';
import type { Retention } from './tiers/tiers.js';

export interface StoreSettings {
  readonly flushIntervalMs: number;
  /** Samples and events after which a batch does not wait any longer. */
  readonly flushRows: number;
  /** Of the database in memory; beyond it the past is kept for a shorter time. */
  readonly maxBytes: number;
  readonly retention: Retention;
}

/** Why the history cannot be written, or cannot be read. unreadable: the disk does not give it. newer: of a newer program. */
export type StoreTrouble = DiskTrouble | 'unreadable' | 'newer';

export interface StoreOptions {
  readonly files: StoreFiles;
  /** Where sql-wasm.js and sql-wasm.wasm are. */
  readonly engineFolder: string;
  readonly log: Log;
  settings(): StoreSettings;
  /** No server is just saving, and the PC has time. */
  isQuiet(): boolean;
  /** Told once when it begins, and with null when it is over. */
  trouble(trouble: StoreTrouble | null, detail: string): void;
  /** What was found to be wrong at the start, and what came of it. */
  found(finding: Finding): void;
  /** Unix milliseconds. */
  now?(): number;
  /** Milliseconds that nobody sets. */
  monotonic?(): number;
}

export interface StoreStatus {
  readonly rows: number;
  readonly bytes: number;
  readonly journalBytes: number;
  readonly lastFlushAt: number | null;
  readonly dropped: number;
}

/** After one that failed; twice as long after each that fails then, up to the limit. */
const snapshotRetryMs = 60_000;
const maxSnapshotRetryMs = 16 * 60_000;
const openRetryMs = 30_000;
/** Lifecycle events are on the disk so soon. */
const urgentMs = 500;
/** Whatever the disk does, the process ends. */
const closeMs = 4000;
const heapLimitBytes = 40 * 1024 * 1024;
const patientKinds = new Set<string>(['player-joined', 'player-left', 'save-begun', 'saved', 'settings']);
/** What waits while the files are still being read; then the oldest goes. */
const maxEarly = 20_000;

type Early = (history: History) => void;

/**
 * The history: takes samples and events at once and without ever waiting, hands them to the disk in batches, and answers
 * questions about the past. Nothing here throws at those who measure.
 */
export class Store implements Disposable {
  private history: History | undefined;
  private disk: Disk | undefined;
  private early: Early[] = [];
  private opening: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private urgent: NodeJS.Timeout | undefined;
  private sweeper: Sweeper | undefined;
  private lastFlushAt: number | null = null;
  private lastSnapshotAt: number;
  private nextSnapshotAt = 0;
  private failedSnapshots = 0;
  private readonly collector = new ImageCollector();
  /** How many make a batch: asked for once for each of them. */
  private flushRows: number | undefined;
  private snapshotting: Promise<boolean> | undefined;
  private needsSnapshot = false;
  private lost = 0;
  /** To count takes some milliseconds, and whoever asks asks often: not more than once per batch. */
  private counted = { at: '', rows: 0 };
  private trouble: StoreTrouble | null = null;
  private isClosed = false;

  constructor(private readonly options: StoreOptions) {
    this.lastSnapshotAt = this.monotonic();
  }

  /** Begins to read what is there. Resolves when questions are answered; never rejects. */
  open(): Promise<void> {
    this.opening ??= this.begin();
    return this.opening;
  }

  /** measured, more: by metric id, in the metrics' units; neither is changed from now on. at: Unix milliseconds. */
  add(at: number, id: string, measured: MeasuredValues, more?: MeasuredValues): void {
    const { history } = this;
    if (history === undefined) {
      this.take((later) => {
        later.add(at, id, measured, more);
      });
      return;
    }
    try {
      history.add(at, id, measured, more);
    } catch (error) {
      this.failed('add', error);
    }
    this.flushRows ??= this.options.settings().flushRows;
    if (history.pendingRows >= this.flushRows) void this.flush();
  }

  addEvent(event: HistoryEvent): void {
    this.take((history) => {
      history.addEvent(event);
    });
    if (patientKinds.has(event.kind) || this.isClosed) return;
    this.urgent ??= setTimeout(() => void this.flush(), urgentMs);
  }

  /** Everything that was added until now. True when it is on the disk. Never rejects. */
  async flush(): Promise<boolean> {
    clearTimeout(this.urgent);
    this.urgent = undefined;
    this.flushRows = undefined;
    const { history, disk } = this;
    if (history === undefined) return false;
    // What the disk gets comes first: it must not be lost over what the memory cannot take.
    this.guarded('seal', () => {
      const batch = history.seal();
      if (batch !== undefined) disk?.push(batch);
    });
    this.guarded('write', () => {
      history.write();
      const { retention, maxBytes } = this.options.settings();
      this.sweeper?.review({ now: this.now(), monotonic: this.monotonic(), retention, maxBytes });
    });
    if (disk === undefined) return false;
    // The very first time, the journal begins with a snapshot.
    if (!disk.isStarted && this.snapshotting !== undefined) await inTime(this.snapshotting);
    return await disk.drain();
  }

  /** What has to be done now and then. True when what was due has worked. Never rejects. */
  async tick(): Promise<boolean> {
    const flushed = this.flush();
    const { history } = this;
    if (history === undefined) return await flushed;
    const written = this.isSnapshotDue(history) ? this.snapshot() : Promise.resolve(true);
    if (history.database.heapBytes > heapLimitBytes) await this.shrink();
    return (await flushed) && (await written);
  }

  /** Rejects io where the history cannot be read at all. */
  async range(query: RangeQuery): Promise<RangeResult> {
    return (await this.ready()).range(query, this.now(), this.options.settings().retention);
  }

  async find(query: EventQuery): Promise<HistoryEvent[]> {
    return (await this.ready()).find(query);
  }

  /** Resolves with how many lines were written, without the first. Rejects io, invalid-definition. */
  async export(query: ExportQuery): Promise<number> {
    const history = await this.ready();
    history.complete(query.id);
    return await exportCsv(history, query, this.now(), this.options.settings().retention);
  }

  /** Something was ever recorded of it. */
  async knows(id: string): Promise<boolean> {
    return (await this.ready()).catalogue.find(id) !== undefined;
  }

  /** From the oldest to the newest numbers that are there of it, Unix milliseconds; undefined where nothing is. */
  async span(id: string): Promise<{ from: number; to: number } | undefined> {
    const { catalogue, query } = await this.ready();
    const source = catalogue.find(id);
    return source && query.span(source.number);
  }

  status(): StoreStatus {
    const { history, disk, lastFlushAt } = this;
    const at = `${String(history?.sequence)} ${String(this.sweeper?.lastAt)}`;
    if (at !== this.counted.at) this.counted = { at, rows: history?.countRows() ?? 0 };
    const { rows } = this.counted;
    const dropped = this.lost + (disk?.dropped ?? 0);
    return { rows, bytes: this.bytes, journalBytes: disk?.journalBytes ?? 0, lastFlushAt, dropped };
  }

  /** Of the database in memory. */
  get bytes(): number {
    return this.history?.database.bytes ?? 0;
  }

  /** Gives back what memory it can. Never rejects. */
  async shrink(): Promise<void> {
    try {
      collectGarbage();
      await this.history?.database.reload();
      setImmediate(collectGarbage);
    } catch (error) {
      this.options.log.write('warn', 'store', 'memory was not given back', { error: messageOf(error) });
    }
  }

  /** Writes everything as one file. True when that has worked. Never rejects. */
  async snapshot(): Promise<boolean> {
    const { history, disk } = this;
    if (history === undefined || disk === undefined) return false;
    this.snapshotting ??= this.writeSnapshot(history, disk).finally(() => {
      this.snapshotting = undefined;
      if (!this.isClosed) this.collector.after(history.database.bytes, this.monotonic());
    });
    return await this.snapshotting;
  }

  /** Brings everything to the disk, within some seconds whatever the disk does. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.dispose();
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (deadline = setTimeout(resolve, closeMs)));
    await Promise.race([this.end(), late]);
    clearTimeout(deadline);
  }

  /** Stops writing at once: what no batch has taken is gone. */
  dispose(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    clearTimeout(this.urgent);
  }

  private async begin(): Promise<void> {
    const { files, engineFolder, log } = this.options;
    try {
      this.use(await recover(files, engineFolder, this.now()));
    } catch (error) {
      // What cannot be read is not written over either.
      const detail = messageOf(error);
      log.write('error', 'store', 'the history cannot be read', { error: detail });
      this.tell('unreadable', detail);
      this.tryOpenAgain();
    }
  }

  private use(recovered: Recovered): void {
    const { history, journal, findings } = recovered;
    this.sweeper = new Sweeper(history, this.options.log);
    if (journal !== null) this.disk = this.makeDisk(journal, recovered);
    this.tell(journal === null ? 'newer' : null, '');
    this.needsSnapshot = recovered.needsSnapshot;
    this.history = history;
    for (const finding of findings) {
      this.guarded('found', () => {
        this.options.found(finding);
      });
    }
    for (const add of this.early) {
      this.guarded('early', () => {
        add(history);
      });
    }
    this.early = [];
    if (this.isClosed) return;
    this.schedule();
    if (this.needsSnapshot) void this.snapshot();
  }

  private tryOpenAgain(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.opening = this.begin();
    }, openRetryMs);
  }

  private makeDisk(journal: Journal, recovered: Recovered): Disk {
    return new Disk(this.options.files, journal, recovered, {
      trouble: (trouble, detail) => {
        this.tell(trouble, detail);
      },
      written: () => {
        this.lastFlushAt = this.now();
      },
    });
  }

  private tell(trouble: StoreTrouble | null, detail: string): void {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.options.trouble(trouble, detail);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.beat();
    }, this.options.settings().flushIntervalMs);
  }

  private beat(): void {
    // Not waited for: a disk that hangs must not keep the next batch from being made.
    void this.tick();
    if (!this.isClosed) this.schedule();
  }

  private isSnapshotDue({ database }: History): boolean {
    const { disk } = this;
    const now = this.monotonic();
    if (disk === undefined || now < this.nextSnapshotAt) return false;
    if (this.needsSnapshot || disk.dropped > 0) return true;
    if (!disk.hasNews) return false;
    const { journalBytes } = disk;
    const due = snapshotDue({ journalBytes, databaseBytes: database.bytes, ageMs: now - this.lastSnapshotAt });
    return due === 'now' || (due === 'when-quiet' && this.options.isQuiet());
  }

  private async writeSnapshot(history: History, disk: Disk): Promise<boolean> {
    try {
      const batch = history.seal();
      if (batch !== undefined) disk.push(batch);
      const { sequence, catalogue } = history;
      const number = disk.nextNumber;
      const done = disk.snapshot(history.image(number), { number, sequence, dictionary: catalogue.dictionary() });
      void disk.drain();
      await done;
      this.failedSnapshots = 0;
      this.needsSnapshot = false;
      this.lastSnapshotAt = this.monotonic();
      void disk.drain();
      return true;
    } catch (error) {
      this.nextSnapshotAt =
        this.monotonic() + Math.min(maxSnapshotRetryMs, snapshotRetryMs * 2 ** this.failedSnapshots++);
      this.options.log.write('warn', 'store', 'no snapshot was written', { error: messageOf(error) });
      return false;
    }
  }

  private async end(): Promise<void> {
    await this.opening;
    await this.flush();
    if ((this.disk?.hasNews ?? false) || this.needsSnapshot) await this.snapshot();
    await this.disk?.close();
  }

  private async ready(): Promise<History> {
    // A disk that does not answer is told as one that cannot be read.
    await inTime(this.open());
    if (this.history === undefined) throw new Failure('io', { file: databaseName, detail: this.trouble });
    return this.history;
  }

  private take(add: Early): void {
    const { history } = this;
    if (history !== undefined) this.guarded('add', () => add(history));
    else if (this.early.push(add) > maxEarly) {
      this.early.shift();
      this.lost++;
    }
  }

  /** Whoever measures must not suffer from what goes wrong here. */
  private guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failed(what, error);
    }
  }

  private failed(what: string, error: unknown): void {
    this.options.log.write('error', 'store', `failed: ${what}`, { error: messageOf(error) });
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }

  private monotonic(): number {
    return this.options.monotonic?.() ?? performance.now();
  }
}
