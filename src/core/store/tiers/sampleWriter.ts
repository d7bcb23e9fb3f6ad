import type { SqlValue } from 'sql.js';
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

interface OpenTier {
  readonly tier: Tier;
  /** The newest bucket that has been begun: what is newer is in no row yet. */
  newest: number;
  bucket: Bucket | undefined;
}

interface OpenSource {
  readonly number: number;
  /** The newest second of which a pack has been begun. */
  newestPack: number;
  readonly pack: Columns;
  /** What came since the tiers were told: of one stretch of the finest of them. */
  readonly fresh: Bucket;
  readonly tiers: readonly OpenTier[];
}

/** Seconds; the steps of the others are whole numbers of it. */
const finest = Math.min(...tiers.map(({ step }) => step));

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
  private closedPacks: SqlValue[][] = [];

  constructor(private readonly database: HistoryDatabase) {}

  /** values: what was measured, in stored steps. Any order of times is taken. */
  add(source: number, at: number, values: SlotValues): void {
    const state = this.stateOf(source);
    this.addRaw(state, at, values);
    const second = at / 1000;
    if (!state.fresh.covers(second)) this.turn(state, second);
    state.fresh.add(values);
  }

  get hasClosed(): boolean {
    return this.closed.length > 0 || this.closedPacks.length > 0;
  }

  /** Writes what is over. Part of the caller's transaction. */
  writeClosed(): void {
    for (const { table, row } of this.closed) this.put(table, row);
    for (const row of this.closedPacks) this.putPack(row);
    this.closed = [];
    this.closedPacks = [];
  }

  /** Writes also what is not over, of one source or all: what is read next is complete. Part of the caller's transaction. */
  writeAll(source?: number): void {
    this.writeClosed();
    for (const state of source === undefined ? this.open.values() : [this.open.get(source)]) {
      if (state === undefined) continue;
      this.tellTiers(state);
      for (const { tier, bucket } of state.tiers) {
        for (const row of bucket?.rows(state.number) ?? []) this.put(tier.table, row);
      }
      const packed = packRow(state);
      if (packed !== undefined) this.putPack(packed);
    }
  }

  private stateOf(source: number): OpenSource {
    const known = this.open.get(source);
    if (known !== undefined) return known;
    const newestOf = (table: string): number =>
      Number(this.database.value(`SELECT max(t) FROM ${table} WHERE s = ? AND g = 0`, [source]) ?? -1);
    const newestPack = Number(this.database.value('SELECT max(t) FROM samples WHERE s = ?', [source]) ?? -1);
    const ofTiers = tiers.map((tier) => ({ tier, newest: newestOf(tier.table), bucket: undefined }));
    const made = { number: source, newestPack, pack: new Columns(), fresh: new Bucket(0, 0), tiers: ofTiers };
    this.open.set(source, made);
    return made;
  }

  private addRaw(state: OpenSource, at: number, values: SlotValues): void {
    const { pack: columns } = state;
    if (columns.length > 0 && isOver(columns, at)) {
      const row = packRow(state);
      if (row !== undefined) this.closedPacks.push(row);
      columns.clear();
    }
    if (columns.length === 0) this.beginPack(state, at);
    columns.push(at, values);
  }

  /** One that begins in the same second, as after a clock was set back, is gone on with: it would be replaced otherwise. */
  private beginPack(state: OpenSource, at: number): void {
    const second = secondOf(at);
    if (second > state.newestPack) {
      state.newestPack = second;
      return;
    }
    if (this.hasClosed) this.writeClosed();
    const packed = this.database.value('SELECT packed FROM samples WHERE s = ? AND t = ?', [state.number, second]);
    if (packed instanceof Uint8Array) addAll(state.pack, packed);
  }

  /** What comes now is of this second. What ended before is over. */
  private turn(state: OpenSource, second: number): void {
    this.tellTiers(state);
    for (const open of state.tiers) if (open.bucket?.covers(second) === false) this.close(state.number, open);
    const start = Math.floor(second / finest) * finest;
    state.fresh.become(start, start + finest);
  }

  /** Each sample is added up once, and then what they come to. */
  private tellTiers({ number, fresh, tiers }: OpenSource): void {
    if (fresh.isEmpty) return;
    for (const open of tiers) {
      const { bucket } = open;
      (bucket?.covers(fresh.start) === true ? bucket : this.begin(number, open, fresh.start)).addAll(fresh);
    }
    fresh.clear();
  }

  private close(source: number, open: OpenTier): void {
    for (const row of open.bucket?.rows(source) ?? []) this.closed.push({ table: open.tier.table, row });
    open.bucket = undefined;
  }

  /** The bucket of this second. What there was is over. */
  private begin(source: number, open: OpenTier, second: number): Bucket {
    const { tier } = open;
    const start = Math.floor(second / tier.step) * tier.step;
    this.close(source, open);
    const bucket = new Bucket(start, start + tier.step);
    open.bucket = bucket;
    if (start > open.newest) {
      open.newest = start;
      return bucket;
    }
    // A row may be there already: of a program before this one, or of a time that comes twice.
    if (this.hasClosed) this.writeClosed();
    const sql = `SELECT * FROM ${tier.table} WHERE s = ? AND g IN (${groups}) AND t = ?`;
    this.database.each(sql, [source, start], (row) => bucket.addRow(row));
    return bucket;
  }

  private put(table: string, row: TierRow): void {
    this.database.run(`INSERT OR REPLACE INTO ${table} VALUES (${placeholders})`, row);
  }

  private putPack(row: SqlValue[]): void {
    this.database.run('INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?)', row);
  }
}

function packRow({ number, pack: columns }: OpenSource): SqlValue[] | undefined {
  const first = columns.timeOf(0);
  return first === undefined ? undefined : [number, secondOf(first), columns.length, pack(columns)];
}

function isOver(pack: Columns, now: number): boolean {
  const first = pack.timeOf(0) ?? now;
  const last = pack.timeOf(pack.length - 1) ?? now;
  if (now < last || now - first >= packSpanMs) return true;
  return pack.length >= largestPack || pack.packedBytes >= packBytes;
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
