import path from 'node:path';
import type { StoreSubject } from './subject.js';
import type { Table, Values } from './tables.js';

interface Statement {
  run(...values: Values): unknown;
  all(...values: Values): unknown[];
}

interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A commit per row is for flushes of this size; what is stored beforehand comes in one transaction, or it would take hours. */
const mostCommits = 1_000;

function openDatabase(file: string): Database {
  const sqlite = process.getBuiltinModule('node:sqlite') as
    { DatabaseSync: new (file: string) => Database } | undefined;
  if (!sqlite) throw new Error(`Node ${process.versions.node} has no node:sqlite`);
  return new sqlite.DatabaseSync(file);
}

/** SQLite on disk, as Node has it from 22.5 on. `pragmas` are executed at each opening. */
export function nodeSqliteSubject(how: { table: Table; pragmas: string; commit: 'flush' | 'row' }): StoreSubject {
  const { table } = how;
  let database: Database;
  let insert: Statement;
  let waiting: Values[] = [];
  const flush = (): void => {
    const isOne = how.commit === 'flush' || waiting.length > mostCommits;
    if (isOne) database.exec('BEGIN');
    for (const values of waiting) insert.run(...values);
    if (isOne) database.exec('COMMIT');
    waiting = [];
  };
  return {
    database: 'metrics.db',
    open(folder) {
      database = openDatabase(path.join(folder, 'metrics.db'));
      database.exec(`${how.pragmas};${table.schema}`);
      insert = database.prepare(table.insertion);
    },
    add(at, rows) {
      for (const row of rows) waiting.push(table.values(at, row));
    },
    flush,
    query: (query) => database.prepare(table.selection(query)).all(...table.asked(query)),
    close() {
      flush();
      database.close();
    },
  };
}
