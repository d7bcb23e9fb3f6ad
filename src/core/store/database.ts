import zlib from 'node:zlib';
import { HistoryDatabase } from './sql/historyDatabase.js';
import { applicationId, schemaVersion } from './sql/schema.js';

/** What the journal remembers of the snapshot that it goes on from. */
export interface Fingerprint {
  readonly bytes: number;
  readonly crc: number;
}

export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  return { bytes: bytes.length, crc: zlib.crc32(bytes) };
}

/** newer: of a version that this program does not know. foreign: a database, but not ours. */
export type FileState = 'good' | 'newer' | 'foreign' | 'damaged';

const headerBytes = 100;

/** What the file's own first page says; reads nothing else. */
export function firstLook(bytes: Uint8Array): FileState {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headerBytes));
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 'damaged';
  if (header.readUInt32BE(68) !== applicationId) return 'foreign';
  const version = header.readUInt32BE(60);
  if (version > schemaVersion && version < 1_000_000) return 'newer';
  return version === 0 || version > schemaVersion ? 'damaged' : 'good';
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
    if (isTrusted || database.value('PRAGMA integrity_check(1)') === 'ok') return database;
  } catch {
    // Whatever it throws, also from inside SQLite: it cannot be used.
  }
  close(database);
  return undefined;
}

/** A module that has met damage may throw anything, also while it is closed. */
export function close(database: HistoryDatabase | undefined): void {
  try {
    database?.close();
  } catch {
    // Let go of either way.
  }
}
