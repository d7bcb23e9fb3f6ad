import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../../node/files.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { History } from './history.js';
import { countOf } from './tiers/bucket.js';
import { keptMs, groupOf, slotsPerRow, tiers, type Retention, type Tier } from './tiers/tiers.js';

export interface ExportQuery {
  readonly id: string;
  /** Unix milliseconds; `to` is not included. */
  readonly from: number;
  readonly to: number;
  /** Absolute; replaced as a whole when everything is written. */
  readonly path: string;
}

interface Column {
  readonly name: string;
  readonly slot: number;
  readonly perUnit: number;
}

/** So much of the past is read at once; between two reads everybody else has his turn. */
const stretchMs = 6 * 3_600_000;

/**
 * One line per sample or bucket, each stretch of time as fine as it is kept: `time` (ISO 8601, UTC), `seconds` of the
 * bucket (0: a single sample), `samples`, then of each metric mean, min and max. Rejects io, invalid-definition.
 */
export async function exportCsv(
  history: History,
  query: ExportQuery,
  now: number,
  retention: Retention,
): Promise<number> {
  if (!path.isAbsolute(query.path))
    throw new Failure('invalid-definition', { field: 'path', detail: 'must be absolute' });
  // A name that nobody else has: neither another export to the same place nor another program.
  const name = `.${path.basename(query.path)}.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(query.path), name);
  try {
    const rows = await writeLines(temporary, lines(history, query, now, retention));
    await fs.rename(temporary, query.path);
    return rows;
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw new Failure('io', { file: query.path, detail: errorCode(error) ?? null }, messageOf(error));
  }
}

async function writeLines(file: string, batches: Iterable<string[]>): Promise<number> {
  let rows = -1;
  const pieces = async function* (): AsyncGenerator<string> {
    for (const batch of batches) {
      rows += batch.length;
      if (batch.length > 0) yield `${batch.join('\n')}\n`;
      await new Promise(setImmediate);
    }
  };
  await pipeline(pieces, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  return rows;
}

/** The header line first; then batches, oldest first. */
function* lines(history: History, query: ExportQuery, now: number, retention: Retention): Generator<string[]> {
  const source = history.catalogue.find(query.id);
  const metrics = [...history.catalogue.metricsOf(source?.kind ?? 'server').values()];
  const columns: Column[] = metrics.map(({ name, slot, perUnit }) => ({ name, slot, perUnit }));
  yield [
    ['time', 'seconds', 'samples', ...columns.flatMap(({ name }) => [name, `${name}_min`, `${name}_max`])].join(','),
  ];
  const span = source && history.query.span(source.number);
  if (source === undefined || span === undefined) return;
  const begin = Math.max(query.from, span.from);
  const to = Math.min(query.to, span.to);
  let from = begin;
  for (const tier of [...tiers].reverse()) {
    // Where the next finer tier begins, this one ends.
    const finer = tiers[tiers.indexOf(tier) - 1]?.name ?? 'raw';
    const lost = history.query.lostUntil(finer, source.number, begin, to) ?? -Infinity;
    const end = Math.min(to, alignedUp(Math.max(now - keptMs(retention, finer), lost), tier.step * 1000));
    for (const [start, stop] of stretches(from, end))
      yield tierLines(history, source.number, tier, columns, start, stop);
    from = Math.max(from, end);
  }
  for (const [start, stop] of stretches(from, to)) yield rawLines(history, source.number, columns, start, stop);
}

function* stretches(from: number, to: number): Generator<[number, number]> {
  for (let start = from; start < to; start += stretchMs) yield [start, Math.min(to, start + stretchMs)];
}

function tierLines(
  history: History,
  source: number,
  { table, step }: Tier,
  columns: readonly Column[],
  from: number,
  to: number,
): string[] {
  const byTime = new Map<number, { samples: number; cells: string[] }>();
  const sql = `SELECT * FROM ${table} WHERE s = ? AND g = ? AND t >= ? AND t < ?`;
  for (const group of new Set([0, ...columns.map(({ slot }) => groupOf(slot))])) {
    history.database.each(sql, [source, group, Math.ceil(from / 1000), Math.ceil(to / 1000)], (row) => {
      const time = Number(row[2]);
      const line = byTime.get(time) ?? { samples: Number(row[3]), cells: Array<string>(columns.length * 3).fill('') };
      byTime.set(time, line);
      for (const [index, { slot, perUnit }] of columns.entries()) {
        if (groupOf(slot) !== group) continue;
        const at = 4 + (slot % slotsPerRow) * 3;
        const mean = row[at];
        if (typeof mean !== 'number' || countOf(row[3], row.at(-1), slot % slotsPerRow) === 0) continue;
        const values = [mean, mean - Number(row[at + 1]), mean + Number(row[at + 2])];
        line.cells.splice(index * 3, 3, ...values.map((value) => inUnits(value, perUnit)));
      }
    });
  }
  return [...byTime].map(([time, { samples, cells }]) => {
    return [new Date(time * 1000).toISOString(), step, samples, ...cells].join(',');
  });
}

function rawLines(history: History, source: number, columns: readonly Column[], from: number, to: number): string[] {
  return history.query.samples(source, from, to).map(({ at, index, columns: values }) => {
    const cells = columns.flatMap(({ slot, perUnit }) => {
      const value = values.get(slot)?.[index];
      const cell = value === null || value === undefined ? '' : inUnits(value, perUnit);
      return [cell, cell, cell];
    });
    return [new Date(at).toISOString(), 0, 1, ...cells].join(',');
  });
}

/** No more digits than were kept. */
function inUnits(steps: number, perUnit: number): string {
  return String(Number((steps / perUnit).toFixed(3)));
}

function alignedUp(at: number, stepMs: number): number {
  return Math.ceil(at / stepMs) * stepMs;
}
