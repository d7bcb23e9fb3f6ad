import type { Database } from 'sql.js';
import { groupOf, slotsPerRow, tiers } from '../tiers/tiers.js';

/** "GSP1": what tells our file from anybody else's. */
export const applicationId = 0x47535031;

const slots = Array.from({ length: slotsPerRow }, (_, slot) => slot);

/**
 * Rows of a tier: one per source (s), group of six metrics (g) and bucket (t, its start in Unix seconds). Of each metric
 * the mean (m) and how far below (d) and above it (u) the values went: small numbers take fewer bytes. n: samples in the
 * bucket; c: how many of them had a value, per metric as JSON, where that is fewer.
 */
const tierTable = (table: string): string => `
  CREATE TABLE ${table} (
    s INTEGER NOT NULL, g INTEGER NOT NULL, t INTEGER NOT NULL, n INTEGER NOT NULL,
    ${slots.map((slot) => `m${String(slot)} INTEGER, d${String(slot)} INTEGER, u${String(slot)} INTEGER`).join(',\n    ')},
    c TEXT,
    PRIMARY KEY (s, g, t)
  ) WITHOUT ROWID;`;

const first = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE source (s INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
  CREATE TABLE metric (
    kind TEXT NOT NULL, slot INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, per_unit REAL NOT NULL,
    PRIMARY KEY (kind, slot), UNIQUE (kind, name)
  ) WITHOUT ROWID;
  CREATE TABLE samples (
    s INTEGER NOT NULL, t INTEGER NOT NULL, n INTEGER NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (s, t)
  ) WITHOUT ROWID;
  ${tiers.map(({ table }) => tierTable(table)).join('')}
  CREATE TABLE event_kind (k INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE event (
    at INTEGER NOT NULL, n INTEGER NOT NULL, s INTEGER NOT NULL, k INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (at, n)
  ) WITHOUT ROWID;
  CREATE VIEW events AS
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', event.at / 1000.0, 'unixepoch') AS at, source.id AS source,
      event_kind.name AS kind, event.data AS data
    FROM event JOIN source USING (s) JOIN event_kind USING (k);`;

/** What leads from each version of the file to the next. Never change one that was released: add another. */
const migrations: readonly string[] = [first];

export const schemaVersion = migrations.length;

export function versionOf(database: Database): number {
  return Number(database.exec('PRAGMA user_version')[0]?.values[0]?.[0] ?? 0);
}

/** Brings a file of an older version, or an empty one, to this one's. All of it or nothing. */
export function migrate(database: Database): void {
  const version = versionOf(database);
  if (version >= schemaVersion) return;
  // Has to be said before the first table: lets a file shrink in small steps.
  if (version === 0) database.run(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${String(applicationId)}`);
  database.run('BEGIN');
  try {
    for (const step of migrations.slice(version)) database.run(step);
    database.run(`PRAGMA user_version = ${String(schemaVersion)}`);
    database.run('COMMIT');
  } catch (error) {
    database.run('ROLLBACK');
    throw error;
  }
}

export interface StoredMetric {
  readonly kind: string;
  readonly slot: number;
  readonly name: string;
  readonly perUnit: number;
}

/** Views for people, in the metrics' own units: `server_by_minute` and so on. Made anew when a metric has been added. */
export function createViews(database: Database, kind: string, metrics: readonly StoredMetric[]): void {
  const groups = [...new Set(metrics.map(({ slot }) => groupOf(slot)))].sort((a, b) => a - b);
  const [base, ...others] = groups;
  if (base === undefined) return;
  const columns = metrics.flatMap(({ slot, name, perUnit }) => {
    const row = `r${String(groupOf(slot))}`;
    const column = String(slot % slotsPerRow);
    const mean = `${row}.m${column}`;
    const inUnits = (steps: string): string => `${steps} / ${JSON.stringify(perUnit)}`;
    return [
      `${inUnits(`${mean} * 1.0`)} AS ${quoted(name)}`,
      `${inUnits(`(${mean} - ${row}.d${column}) * 1.0`)} AS ${quoted(`${name}_min`)}`,
      `${inUnits(`(${mean} + ${row}.u${column}) * 1.0`)} AS ${quoted(`${name}_max`)}`,
    ];
  });
  for (const { table, view } of tiers) {
    const start = `r${String(base)}`;
    const joins = others.map((group) => {
      const row = `r${String(group)}`;
      return `LEFT JOIN ${table} ${row} ON ${row}.s = ${start}.s AND ${row}.t = ${start}.t AND ${row}.g = ${String(group)}`;
    });
    const viewName = quoted(`${kind}_${view}`);
    database.run(`DROP VIEW IF EXISTS ${viewName}`);
    database.run(`CREATE VIEW ${viewName} AS
      SELECT source.id AS source, strftime('%Y-%m-%dT%H:%M:%SZ', ${start}.t, 'unixepoch') AS at, ${start}.t AS t,
        ${start}.n AS samples, ${columns.join(',\n        ')}
      FROM ${table} ${start} JOIN source ON source.s = ${start}.s ${joins.join(' ')}
      WHERE ${start}.g = ${String(base)} AND source.kind = '${kind.replaceAll("'", "''")}'`);
  }
}

/** Names come from files too. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
