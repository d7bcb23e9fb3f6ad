import type { HistoryDatabase } from '../sql/historyDatabase.js';
import { Bucket, countsColumn, type TierRow } from './bucket.js';
import { Columns, type SlotValues } from './columns.js';
import { pack, unpack } from './packing.js';
import { tiers, type Tier } from './tiers.js';

/** Larger packs would spill out of their page of the tree, and take whole pages for the rest. */
const packBytes = 880;
const largestPack = 150;
/** Nothing is looked for further back than this before a moment. */
export const packSpanMs = 15 * 60_000;

interface OpenSource {
  readonly number: number;
  /** The newest second and buckets that have been begun: what is newer than these is in no row yet. */
  newestPack: number;
  readonly newest: Map<Tier, number>;
  pack: Columns | undefined;
  readonly buckets: Map<Tier, Bucket>;
}

/** Listed, so that the tree is searched and not read through. */
const groups = Array.from({ length: 8 }, (_, group) => group).join(', ');
const placeholders = Array<string>(countsColumn + 1)
  .fill('?')
  .join(', ');

/**
 * Turns samples into rows: packs of raw ones, and one row per bucket of each tier, written when the bucket is over. What
 * is not over yet waits here.
 */
export class SampleWriter {
  private readonly open = new Map<number, OpenSource>();
  private closed: { table: string; row: TierRow }[] = [];
  private closedPacks: { source: number; pack: Columns }[] = [];

  constructor(private readonly database: HistoryDatabase) {}

  /** values: what was measured, in stored steps. Any order of times is taken. */
  add(source: number, at: number, values: SlotValues): void {
    const state = this.stateOf(source);
    this.addRaw(state, at, values);
    for (const tier of tiers) this.bucketAt(state, tier, at).add(values);
  }

  get hasClosed(): boolean {
    return this.closed.length > 0 || this.closedPacks.length > 0;
  }

  /** Writes what is over. Part of the caller's transaction. */
  writeClosed(): void {
    for (const { table, row } of this.closed) this.put(table, row);
    for (const { source, pack: columns } of this.closedPacks) this.putPack(source, columns);
    this.closed = [];
    this.closedPacks = [];
  }

  /** Writes also what is not over, of one source or all: what is read next is complete. Part of the caller's transaction. */
  writeAll(source?: number): void {
    this.writeClosed();
    for (const state of source === undefined ? this.open.values() : [this.open.get(source)]) {
      if (state === undefined) continue;
      for (const [tier, bucket] of state.buckets) {
        for (const row of bucket.rows(state.number)) this.put(tier.table, row);
      }
      if (state.pack !== undefined) this.putPack(state.number, state.pack);
    }
  }

  private stateOf(source: number): OpenSource {
    const known = this.open.get(source);
    if (known !== undefined) return known;
    const newestOf = (table: string): number =>
      Number(this.database.value(`SELECT max(t) FROM ${table} WHERE s = ? AND g = 0`, [source]) ?? -1);
    const newestPack = Number(this.database.value('SELECT max(t) FROM samples WHERE s = ?', [source]) ?? -1);
    const newest = new Map(tiers.map((tier) => [tier, newestOf(tier.table)]));
    const made = { number: source, newestPack, newest, pack: undefined, buckets: new Map<Tier, Bucket>() };
    this.open.set(source, made);
    return made;
  }

  private addRaw(state: OpenSource, at: number, values: SlotValues): void {
    let columns = state.pack;
    if (columns !== undefined && isOver(columns, at)) {
      this.closedPacks.push({ source: state.number, pack: columns });
      columns = undefined;
    }
    columns ??= this.packAt(state, at);
    state.pack = columns;
    columns.push(at, values);
  }

  /** One that begins in the same second, as after a clock was set back, is gone on with: it would be replaced otherwise. */
  private packAt(state: OpenSource, at: number): Columns {
    const columns = new Columns();
    const second = secondOf(at);
    if (second > state.newestPack) {
      state.newestPack = second;
      return columns;
    }
    if (this.hasClosed) this.writeClosed();
    const packed = this.database.value('SELECT packed FROM samples WHERE s = ? AND t = ?', [state.number, second]);
    if (packed instanceof Uint8Array) addAll(columns, packed);
    return columns;
  }

  private bucketAt(state: OpenSource, tier: Tier, at: number): Bucket {
    const start = Math.floor(at / 1000 / tier.step) * tier.step;
    const current = state.buckets.get(tier);
    if (current?.start === start) return current;
    if (current !== undefined) {
      for (const row of current.rows(state.number)) this.closed.push({ table: tier.table, row });
    }
    const bucket = new Bucket(start);
    state.buckets.set(tier, bucket);
    if (start > (state.newest.get(tier) ?? -1)) {
      state.newest.set(tier, start);
      return bucket;
    }
    // A row may be there already: of a program before this one, or of a time that comes twice.
    if (this.hasClosed) this.writeClosed();
    const sql = `SELECT * FROM ${tier.table} WHERE s = ? AND g IN (${groups}) AND t = ?`;
    this.database.each(sql, [state.number, start], (row) => bucket.addRow(row));
    return bucket;
  }

  private put(table: string, row: TierRow): void {
    this.database.run(`INSERT OR REPLACE INTO ${table} VALUES (${placeholders})`, row);
  }

  private putPack(source: number, columns: Columns): void {
    const [first] = columns.at;
    if (first === undefined) return;
    const row = [source, secondOf(first), columns.at.length, pack(columns)];
    this.database.run('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)', row);
  }
}

function isOver(pack: Columns, now: number): boolean {
  const { at } = pack;
  const first = at[0] ?? now;
  const last = at.at(-1) ?? now;
  if (now < last || now - first >= packSpanMs) return true;
  return at.length >= largestPack || pack.packedBytes >= packBytes;
}

function addAll(columns: Columns, packed: Uint8Array): void {
  try {
    columns.continue(unpack(packed));
  } catch {
    // Damaged, and of no use to anybody: written over.
  }
}

function secondOf(at: number): number {
  return Math.floor(at / 1000);
}
