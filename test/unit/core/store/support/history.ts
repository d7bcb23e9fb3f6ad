import path from 'node:path';
import { afterEach } from 'vitest';
import { Translation } from '../../../../../src/core/store/batch.js';
import { History } from '../../../../../src/core/store/history.js';
import { HistoryDatabase } from '../../../../../src/core/store/sql/historyDatabase.js';
import { tiers, type TierName } from '../../../../../src/core/store/tiers/tiers.js';

export const engineFolder = path.resolve('node_modules/sql.js/dist');

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** The start of a day, so also of an hour, a quarter and a minute. */
export const start = Date.UTC(2026, 2, 3);

const opened: HistoryDatabase[] = [];
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
});

export async function openDatabase(bytes?: Uint8Array): Promise<HistoryDatabase> {
  const database = await HistoryDatabase.create(engineFolder, bytes);
  opened.push(database);
  return database;
}

/** Closed after the test. bytes: of a database. */
export async function openHistory(bytes?: Uint8Array): Promise<History> {
  return new History(await openDatabase(bytes));
}

/** As a program that begins anew finds it: a snapshot, and the batches that came after. */
export async function restarted(image: Uint8Array, batches: readonly Uint8Array[]): Promise<History> {
  const history = await openHistory(image);
  const translation = new Translation(history.catalogue);
  translation.learn(history.catalogue.dictionary());
  for (const batch of batches) history.apply(batch, translation);
  return history;
}

/** How many rows a tier has in all. */
export function countOf(history: History, tier: TierName): number {
  const table = tiers.find(({ name }) => name === tier)?.table ?? 'samples';
  return Number(history.database.value(`SELECT count(*) FROM ${table}`));
}

/** The time of a tier's oldest row, Unix milliseconds. */
export function oldestOf(history: History, tier: TierName): number {
  const table = tiers.find(({ name }) => name === tier)?.table ?? 'samples';
  return Number(history.database.value(`SELECT min(t) FROM ${table}`)) * 1000;
}

/** The largest value that is known; NaN where none is. */
export function largest(column: Float64Array): number {
  return column.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most), NaN);
}

export function smallest(column: Float64Array): number {
  return column.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least), NaN);
}
