import type { EventQuery, HistoryEvent } from '../ports.js';
import { decodeBatch, encodeBatch, type Translation } from './batch.js';
import { Catalogue } from './catalogue.js';
import { News } from './news.js';
import { Query, type RangeQuery, type RangeResult } from './query.js';
import { Scale, type MeasuredValues } from './scale.js';
import type { HistoryDatabase } from './sql/historyDatabase.js';
import { Columns } from './tiers/columns.js';
import { EventWriter } from './tiers/eventWriter.js';
import { SampleWriter } from './tiers/sampleWriter.js';
import type { Retention } from './tiers/tiers.js';

/** No clock is set later than a date can be. */
const latest = 8.64e15;
export const sequenceKey = 'sequence';
/** The snapshot's own number and, once more, the sequence: one changed byte cannot make both say the same other thing. */
export const snapshotKey = 'snapshot';

/** A batch on its way to the disk. rows: samples and events in it. */
export interface SealedBatch {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly rows: number;
}

/** The whole history in memory, and what of it has not been handed to the disk yet. Knows no files. */
export class History {
  readonly catalogue: Catalogue;
  readonly query: Query;
  private readonly samples: SampleWriter;
  private readonly events: EventWriter;
  private readonly pending = new Map<number, Columns>();
  private readonly scales = new Map<string, Scale>();
  private pendingEvents: HistoryEvent[] = [];
  private unwrittenEvents: HistoryEvent[] = [];
  private readonly news = new News();
  private rows = 0;
  /** Of the last batch that was sealed or applied. */
  private last: number;

  constructor(readonly database: HistoryDatabase) {
    this.catalogue = new Catalogue(database);
    this.query = new Query(database, this.catalogue);
    this.samples = new SampleWriter(database);
    this.events = new EventWriter(database, this.catalogue);
    this.last = Number(database.value('SELECT value FROM meta WHERE key = ?', [sequenceKey]) ?? 0);
  }

  get sequence(): number {
    return this.last;
  }

  /** Samples and events that no batch has taken yet. */
  get pendingRows(): number {
    return this.rows;
  }

  /** at: Unix milliseconds. What is no number, or absurd, is left out; `more` where `measured` has nothing. */
  add(at: number, id: string, measured: MeasuredValues, more: MeasuredValues = {}): void {
    if (!isTime(at)) return;
    const { number, kind } = this.catalogue.source(id);
    const scale = this.scaleOf(kind);
    if (!scale.take(measured, more)) return;
    let columns = this.pending.get(number);
    if (columns === undefined) this.pending.set(number, (columns = new Columns()));
    columns.push(at, scale.values);
    this.samples.add(number, at, scale.values);
    this.rows++;
  }

  /** Throws TypeError for what cannot be written: later it would keep everything else from being written too. */
  addEvent(event: HistoryEvent): void {
    if (!isTime(event.at)) throw new TypeError('no time');
    JSON.stringify(event.data);
    // Named now, so that the batch that holds it can say what its numbers mean.
    this.catalogue.source(event.id);
    this.catalogue.eventKind(event.kind);
    this.pendingEvents.push(event);
    this.unwrittenEvents.push(event);
    this.rows++;
  }

  private scaleOf(kind: string): Scale {
    const known = this.scales.get(kind);
    if (known !== undefined) return known;
    const scale = new Scale(this.catalogue, kind);
    this.scales.set(kind, scale);
    return scale;
  }

  /** Makes a batch of everything that is pending; undefined where nothing is. */
  seal(): SealedBatch | undefined {
    if (this.rows === 0) return undefined;
    const sequence = ++this.last;
    const { pending: samples, pendingEvents: events, rows } = this;
    const dictionary = this.news.next(this.catalogue.takeNews());
    const payload = encodeBatch({ sequence, dictionary, samples, events });
    // Their memory is of use again in a moment, but of those that have gone.
    for (const [number, columns] of samples) if (columns.length === 0) samples.delete(number);
    for (const columns of samples.values()) columns.clear();
    this.pendingEvents = [];
    this.rows = 0;
    return { sequence, payload, rows };
  }

  /**
   * Takes in a batch from the journal, once; `write` brings what follows from many of them into the database. False where
   * it was there already. Throws for bytes that are no batch.
   */
  apply(payload: Uint8Array, translation: Translation): boolean {
    const { sequence, dictionary, events, packs } = decodeBatch(payload);
    if (dictionary !== undefined) translation.learn(dictionary);
    if (sequence <= this.last) return false;
    for (const { source, packed } of packs) {
      translation.samples(source, packed, (number, at, values) => {
        this.samples.add(number, at, values);
      });
    }
    for (const event of events) {
      this.unwrittenEvents.push(event);
    }
    this.last = sequence;
    return true;
  }

  /** The file as it is to be on the disk: with every sealed batch, and nothing that is still pending. `number`: of the snapshot. */
  image(number = 0): Uint8Array {
    if (this.rows > 0) throw new Error('seal first');
    this.write();
    this.database.transaction(() => {
      this.samples.writeAll();
      const sql = 'INSERT OR REPLACE INTO meta VALUES (?, ?), (?, ?)';
      const last = String(this.last);
      this.database.run(sql, [sequenceKey, last, snapshotKey, `${String(number)} ${last}`]);
    });
    return this.database.export();
  }

  range(query: RangeQuery, now: number, retention: Retention): RangeResult {
    this.complete(query.id);
    return this.query.range(query, now, retention);
  }

  /** Makes what is read next of a source complete. */
  complete(id: string): void {
    const number = this.catalogue.find(id)?.number;
    if (number === undefined) return;
    this.database.transaction(() => {
      this.samples.writeAll(number);
    });
  }

  find(query: EventQuery): HistoryEvent[] {
    this.write();
    return this.events.find(query);
  }

  /** Writes what is over into the database, and whatever else belongs to the same transaction. */
  write(more?: () => void): void {
    if (more === undefined && this.unwrittenEvents.length === 0 && !this.samples.hasClosed) return;
    this.database.transaction(() => {
      this.samples.writeClosed();
      for (const event of this.unwrittenEvents) this.events.write(event);
      more?.();
    });
    this.unwrittenEvents = [];
  }

  /** Samples, rows of the tiers, and events that are there. */
  countRows(): number {
    const tables = ['samples', 'minutes', 'quarters', 'hours', 'event'];
    return tables.reduce((sum, table) => sum + Number(this.database.value(`SELECT count(*) FROM ${table}`)), 0);
  }
}

function isTime(at: number): boolean {
  return at >= 0 && at <= latest;
}
