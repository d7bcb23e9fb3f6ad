import zlib from 'node:zlib';
import { sourceKindOf } from '../../shared/metrics.js';
import type { Dictionary } from './catalogue.js';
import { crc32 } from './journal/crc32.js';
import { sequenceKey, snapshotKey } from './history.js';
import { HistoryDatabase } from './sql/historyDatabase.js';
import { applicationId, schemaVersion } from './sql/schema.js';

/** Ten times as fast, and not in every Node. */
const native: { readonly crc32?: (bytes: Uint8Array) => number } = zlib;

/** What the journal remembers of the snapshot that it goes on from. */
export interface Fingerprint {
  readonly bytes: number;
  readonly crc: number;
}

export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  return { bytes: bytes.length, crc: native.crc32?.(bytes) ?? crc32(bytes, 0, bytes.length) };
}

/** newer: of a version that this program does not know. foreign: a database, but not ours. */
export type FileState = 'good' | 'newer' | 'foreign' | 'damaged';

const headerBytes = 100;

/** Which snapshot a database is, and the last batch in it. */
export interface Standing {
  readonly number: number;
  readonly sequence: number;
}

/** undefined where its two places say different things, or nothing: a damaged one. */
export function standingOf(database: HistoryDatabase): Standing | undefined {
  const [sequence, both] = [sequenceKey, snapshotKey].map((key) =>
    String(database.value('SELECT value FROM meta WHERE key = ?', [key])),
  );
  const [, number, again] = /^([0-9]{1,15}) ([0-9]{1,15})$/.exec(both ?? '') ?? [];
  return number === undefined || again !== sequence ? undefined : { number: Number(number), sequence: Number(again) };
}

/** From here on its batches are counted. */
export function countFrom(database: HistoryDatabase, sequence: number): void {
  database.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', [sequenceKey, String(sequence)]);
}

/** Its numbers stand for the same as those of a dictionary, as far as that goes. */
export function agrees(database: HistoryDatabase, { sources, metrics }: Dictionary): boolean {
  const isSource = 'SELECT count(*) FROM source WHERE s = ? AND id = ?';
  const isMetric = 'SELECT count(*) FROM metric WHERE kind = ? AND slot = ? AND name = ? AND unit = ? AND per_unit = ?';
  return (
    sources.every((source) => database.value(isSource, source) === 1) &&
    metrics.every((metric) => database.value(isMetric, metric) === 1)
  );
}

/** What the file's own first page says; reads nothing else. */
export function firstLook(bytes: Uint8Array): FileState {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headerBytes));
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 'damaged';
  if (header.readUInt32BE(68) !== applicationId) return 'foreign';
  const version = header.readUInt32BE(60);
  if (version > schemaVersion && version < 1_000_000) return 'newer';
  return version === 0 || version > schemaVersion ? 'damaged' : 'good';
}

/** The same bytes, with this program's version in the place where a file says its own. */
export function withOurVersion(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(schemaVersion, 60);
  return copy;
}

/** Makes its names and sizes those of the dictionary, where they differ. */
export function putRight(database: HistoryDatabase, dictionary: Dictionary): void {
  if (agrees(database, dictionary)) return;
  database.transaction(() => {
    for (const [number, id] of dictionary.sources) {
      database.run('INSERT OR REPLACE INTO source VALUES (?, ?, ?)', [number, id, sourceKindOf(id)]);
    }
    for (const metric of dictionary.metrics)
      database.run('INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?, ?)', metric);
  });
}

/** Opens a file's bytes; undefined where they are damaged. isTrusted: they are exactly what was written. */
export async function openBytes(
  folder: string,
  bytes: Uint8Array,
  isTrusted: boolean,
): Promise<HistoryDatabase | undefined> {
  let database: HistoryDatabase | undefined;
  try {
    database = await HistoryDatabase.create(folder, bytes);
    if (isTrusted) return database;
    if (database.value('PRAGMA integrity_check(1)') === 'ok' && (await hasOurTables(folder, database))) return database;
  } catch {
    // Whatever it throws, also from inside SQLite: it cannot be used.
  }
  close(database);
  return undefined;
}

/** To SQLite a table that has lost a comma is another table, and as good as any. */
async function hasOurTables(folder: string, database: HistoryDatabase): Promise<boolean> {
  const fresh = await HistoryDatabase.create(folder);
  const sql = "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE type <> 'view'";
  const wanted = fresh.all(sql).flat();
  const there = new Set(database.all(sql).flat());
  fresh.close();
  return wanted.every((one) => there.has(one));
}

/** A module that has met damage may throw anything, also while it is closed. */
export function close(database: HistoryDatabase | undefined): void {
  try {
    database?.close();
  } catch {
    // Let go of either way.
  }
}
