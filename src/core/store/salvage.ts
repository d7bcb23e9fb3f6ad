import type { BindParams, Database, SqlValue } from 'sql.js';
import type { Dictionary } from './catalogue.js';
import { loadEngine } from './sql/engine.js';
import { HistoryDatabase } from './sql/historyDatabase.js';
import { sourceKindOf } from '../../shared/metrics.js';
import { slotsPerRow, tiers } from './tiers/tiers.js';

const dayMs = 86_400_000;
/** How often a stretch of time that cannot be read whole is tried in parts, per source and table. */
const attemptsPerKey = 400;
const wholeTime: [number, number] = [0, 2 ** 50];
const columns = 4 + slotsPerRow * 3 + 1;

export interface Salvaged {
  readonly database: HistoryDatabase;
  /** Rows that could be read. */
  readonly rows: number;
  /** Something in between could not. */
  readonly hasHoles: boolean;
}

/**
 * Carries everything readable of a damaged database into a new one. dictionary: what the journal knows of the numbers in
 * it, for where the database itself has lost that. isOurs: it is no other program's. Never throws for what is in the bytes.
 */
export async function salvage(
  folder: string,
  bytes: Uint8Array,
  dictionary: Dictionary | undefined,
  now: number,
  isOurs: boolean,
): Promise<Salvaged> {
  const target = await HistoryDatabase.create(folder);
  const fresh = target.export();
  const run = new Salvage(target, now);
  run.know(dictionary);
  await run.from(folder, bytes);
  // Where the page is damaged that says where everything is, nothing can be read. In all our files it is the same.
  if (run.hasHoles && isOurs) await run.from(folder, withPageOne(bytes, fresh));
  return { database: target, rows: run.countRows(), hasHoles: run.hasHoles };
}

const pageBytes = 4096;

function withPageOne(bytes: Uint8Array, fresh: Uint8Array): Uint8Array {
  const copy = Buffer.alloc(Math.ceil(bytes.length / pageBytes) * pageBytes);
  copy.set(bytes);
  copy.set(fresh.subarray(0, pageBytes));
  copy.writeUInt32BE(copy.length / pageBytes, 28);
  return copy;
}

class Salvage {
  hasHoles = false;
  private mostRows = 0;

  constructor(
    private readonly target: HistoryDatabase,
    private readonly now: number,
  ) {}

  /** Goes before what the file itself says of its numbers. */
  know(dictionary: Dictionary | undefined): void {
    for (const [number, id] of dictionary?.sources ?? []) this.put('source', [number, id, sourceKindOf(id)]);
    for (const metric of dictionary?.metrics ?? []) this.put('metric', metric);
  }

  async from(folder: string, bytes: Uint8Array): Promise<void> {
    try {
      this.everything((await loadEngine(folder)).open(bytes), bytes.length);
    } catch {
      // Not a database at all, or one that SQLite itself breaks off on: what was carried over until then stays.
      this.hasHoles = true;
    }
  }

  countRows(): number {
    const tables = ['samples', 'event', ...tiers.map(({ table }) => table)];
    return tables.reduce((sum, table) => sum + Number(this.target.value(`SELECT count(*) FROM ${table}`)), 0);
  }

  private everything(source: Database, size: number): void {
    // A row takes more than that: who finds more of them goes round in circles.
    this.mostRows = size / 4;
    this.copy(source, 'meta', 2);
    this.copy(source, 'source', 3);
    this.copy(source, 'metric', 5);
    const sources = this.target.all('SELECT s FROM source').map(([number]) => Number(number));
    const groups = Number(this.target.value(`SELECT coalesce(max(slot), 0) / ${String(slotsPerRow)} FROM metric`));
    for (const number of sources) {
      for (const { table } of tiers) {
        for (let group = 0; group <= groups; group++) {
          this.stretch(source, table, 't', `s = ${String(number)} AND g = ${String(group)} AND`, columns, this.seconds);
        }
      }
      this.stretch(source, 'samples', 't', `s = ${String(number)} AND`, 4, this.seconds);
    }
    this.copy(source, 'event_kind', 2);
    this.stretch(source, 'event', 'at', '', 5, [this.now - 410 * dayMs, this.now + dayMs]);
  }

  private get seconds(): [number, number] {
    return [Math.floor((this.now - 410 * dayMs) / 1000), Math.ceil((this.now + dayMs) / 1000)];
  }

  private copy(source: Database, table: string, width: number): void {
    this.keep(table, width, this.read(source, `SELECT * FROM ${table}`));
  }

  /** A tree is read from both ends of every part of it, so that a bad page costs no more than itself. */
  private stretch(
    source: Database,
    table: string,
    key: string,
    which: string,
    width: number,
    span: readonly [number, number],
  ): void {
    const sql = `SELECT * FROM ${table} WHERE ${which} ${key} >= ? AND ${key} < ?`;
    let attempts = attemptsPerKey;
    const visit = (from: number, to: number): void => {
      if (attempts-- <= 0) return;
      const rows = this.read(source, sql, [from, to]);
      if (rows !== undefined) this.keep(table, width, rows);
      else if (to - from > 1) {
        const middle = Math.floor((from + to) / 2);
        visit(middle, to);
        visit(from, middle);
      }
    };
    const whole = this.read(source, sql, [...wholeTime]);
    if (whole !== undefined) this.keep(table, width, whole);
    else visit(span[0], span[1]);
  }

  /** All rows, or undefined where one of them cannot be read. Throws only what SQLite cannot go on after. */
  private read(source: Database, sql: string, params: BindParams = []): SqlValue[][] | undefined {
    try {
      const statement = source.prepare(sql);
      try {
        const rows: SqlValue[][] = [];
        statement.bind(params);
        while (statement.step()) {
          rows.push(statement.get());
          if (rows.length > this.mostRows) throw new RangeError('more rows than there is room for');
        }
        return rows;
      } finally {
        statement.free();
      }
    } catch (error) {
      this.hasHoles = true;
      if (error instanceof Error && error.name === 'RuntimeError') throw error;
      return undefined;
    }
  }

  private keep(table: string, width: number, rows: readonly SqlValue[][] | undefined): void {
    if (rows === undefined || rows.length === 0) return;
    // A table that has lost a column has lost what it was made with, and nothing of what it holds.
    if (rows[0]?.length !== width) this.hasHoles = true;
    else {
      this.target.transaction(() => {
        for (const row of rows) this.put(table, row);
      });
    }
  }

  private put(table: string, row: readonly SqlValue[]): void {
    try {
      this.target.run(`INSERT OR IGNORE INTO ${table} VALUES (${row.map(() => '?').join(', ')})`, [...row]);
    } catch {
      // Not what such a row can hold: a cell of the damaged page.
      this.hasHoles = true;
    }
  }
}
