import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { StoreSubject } from './subject.js';
import type { Table, Values } from './tables.js';

interface Statement {
  run(values: Values): void;
  bind(values: Values): boolean;
  step(): boolean;
  get(): unknown[];
  free(): boolean;
}

interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  export(): Uint8Array;
  close(): void;
}

type LoadSqlJs = () => Promise<{ Database: new (content?: Uint8Array) => Database }>;

/** sql.js as monitors use it: the database is in memory, and every flush writes all of it out in place of the old file. */
export function exportingSubject(table: Table): StoreSubject {
  let file: string;
  let database: Database;
  let insert: Statement;
  const save = (): void => {
    database.exec('COMMIT');
    const draft = `${file}.new`;
    writeFileSync(draft, database.export());
    renameSync(draft, file);
  };
  return {
    database: 'metrics.db',
    async open(folder) {
      file = path.join(folder, 'metrics.db');
      // The module lies beside the bundle, as it does in the product.
      const load = createRequire(__filename)('./sql-wasm.js') as LoadSqlJs;
      const sql = await load();
      database = new sql.Database(existsSync(file) ? readFileSync(file) : undefined);
      database.exec(table.schema);
      insert = database.prepare(table.insertion);
      database.exec('BEGIN');
    },
    add(at, rows) {
      for (const row of rows) insert.run(table.values(at, row));
    },
    flush() {
      save();
      database.exec('BEGIN');
    },
    query(query) {
      const select = database.prepare(table.selection(query));
      const found: unknown[][] = [];
      select.bind(table.asked(query));
      while (select.step()) found.push(select.get());
      select.free();
      return found;
    },
    close() {
      save();
      database.close();
    },
  };
}
