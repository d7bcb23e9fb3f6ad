import type { BindParams, Database, SqlValue, Statement } from 'sql.js';
import { loadEngine, type Engine } from './engine.js';
import { migrate } from './schema.js';

/** Some are as many as there are ways to ask. */
const maxStatements = 100;

/**
 * The history in memory: an SQLite database of which nothing is on the disk but what is exported. Errors of SQLite are
 * thrown as they come.
 */
export class HistoryDatabase {
  private readonly statements = new Map<string, Statement>();
  private database: Database;

  private constructor(
    private engine: Engine,
    private readonly folder: string,
    bytes: Uint8Array | undefined,
  ) {
    this.database = open(engine, bytes);
  }

  /** folder: where SQLite's two files are. bytes: of a database of this or an older version; without them an empty one. */
  static async create(folder: string, bytes?: Uint8Array): Promise<HistoryDatabase> {
    const made = new HistoryDatabase(await loadEngine(folder), folder, bytes);
    try {
      migrate(made.database);
    } catch (error) {
      made.close();
      throw error;
    }
    return made;
  }

  run(sql: string, params: BindParams = null): void {
    this.statement(sql).run(params);
  }

  /** Calls `each` with every row; the array is the callee's to keep. */
  each(sql: string, params: BindParams, each: (row: SqlValue[]) => void): void {
    const statement = this.statement(sql);
    try {
      statement.bind(params);
      while (statement.step()) each(statement.get());
    } finally {
      statement.reset();
    }
  }

  all(sql: string, params: BindParams = null): SqlValue[][] {
    const rows: SqlValue[][] = [];
    this.each(sql, params, (row) => rows.push(row));
    return rows;
  }

  /** The first column of the first row; null where there is none. */
  value(sql: string, params: BindParams = null): SqlValue {
    return this.all(sql, params)[0]?.[0] ?? null;
  }

  /** All that `work` writes, or nothing. */
  transaction(work: () => void): void {
    this.run('BEGIN');
    try {
      work();
      this.run('COMMIT');
    } catch (error) {
      this.run('ROLLBACK');
      throw error;
    }
  }

  /** Runs statements that are needed once. */
  exec(sql: string): void {
    this.database.run(sql);
  }

  /** For what needs the library's own interface. */
  get raw(): Database {
    return this.database;
  }

  /** Of the database; memory and file are the same size. */
  get bytes(): number {
    return Number(this.value('PRAGMA page_count')) * Number(this.value('PRAGMA page_size'));
  }

  /** Pages that hold nothing, as a part of all, 0..1. */
  get freePart(): number {
    return Number(this.value('PRAGMA freelist_count')) / Math.max(1, Number(this.value('PRAGMA page_count')));
  }

  get heapBytes(): number {
    return this.engine.heapBytes();
  }

  /** A copy of the whole database as a file has it. */
  export(): Uint8Array {
    return this.database.export();
  }

  /** Gives back all memory but the database's own size: a new instance of SQLite, and the old one let go. */
  async reload(): Promise<void> {
    const engine = await loadEngine(this.folder);
    // From here on nothing waits, so nobody sees a database half gone.
    const bytes = this.export();
    const next = open(engine, bytes);
    this.close();
    this.database = next;
    this.engine = engine;
  }

  close(): void {
    this.freeStatements();
    this.database.close();
  }

  private freeStatements(): void {
    for (const statement of this.statements.values()) statement.free();
    this.statements.clear();
  }

  private statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      if (this.statements.size >= maxStatements) this.freeStatements();
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

/** What is read from a file is not trusted: neither its cells nor what its schema would call. */
function open(engine: Engine, bytes: Uint8Array | undefined): Database {
  const database = engine.open(bytes);
  try {
    database.run(`PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1000;
      PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF`);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}
