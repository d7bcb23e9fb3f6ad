import type { SqlValue } from 'sql.js';
import type { EventQuery, HistoryEvent } from '../../ports.js';
import type { Catalogue } from '../catalogue.js';
import type { HistoryDatabase } from '../sql/historyDatabase.js';

/** The most of one kind: a server that saves every half minute must not push everything else out of the history. */
const maxPerKind = 20_000;
/** So many are dropped at once when there are too many. */
const dropped = 1000;

/** Events in the database. */
export class EventWriter {
  private next: number;
  private readonly counts = new Map<number, number>();

  constructor(
    private readonly database: HistoryDatabase,
    private readonly catalogue: Catalogue,
  ) {
    this.next = Number(database.value('SELECT coalesce(max(n), 0) + 1 FROM event'));
    database.each('SELECT k, count(*) FROM event GROUP BY k', null, ([kind, count]) => {
      this.counts.set(Number(kind), Number(count));
    });
  }

  /** Part of the caller's transaction. */
  write({ at, id, kind, data }: HistoryEvent): void {
    const number = this.catalogue.eventKind(kind);
    const row = [Math.round(at), this.next++, this.catalogue.source(id).number, number, JSON.stringify(data)];
    this.database.run('INSERT INTO event VALUES (?, ?, ?, ?, ?)', row);
    const count = (this.counts.get(number) ?? 0) + 1;
    this.counts.set(number, count);
    if (count > maxPerKind) this.dropOldest(number);
  }

  /** The newest that fit, oldest first. */
  find({ id, from, to, kinds, limit }: EventQuery): HistoryEvent[] {
    const source = id === undefined ? undefined : this.catalogue.find(id);
    if (id !== undefined && source === undefined) return [];
    const numbers = kinds && [...new Set(kinds.flatMap((kind) => this.catalogue.findKind(kind) ?? []))].sort();
    const conditions = ['at >= ? AND at <= ?'];
    const params: SqlValue[] = [from, to];
    if (source !== undefined) {
      conditions.push('s = ?');
      params.push(source.number);
    }
    if (numbers !== undefined) conditions.push(`k IN (${numbers.map(String).join(', ')})`);
    const names = this.catalogue.kindNames();
    const ids = new Map(this.catalogue.allSources().map((one) => [one.number, one.id]));
    const found: HistoryEvent[] = [];
    const sql = `SELECT at, s, k, data FROM event WHERE ${conditions.join(' AND ')} ORDER BY at DESC, n DESC LIMIT ?`;
    for (const [at, s, k, data] of this.database.all(sql, [...params, limit])) {
      const name = names.get(Number(k));
      const owner = ids.get(Number(s));
      if (name === undefined || owner === undefined) continue;
      found.push({ at: Number(at), id: owner, kind: name as HistoryEvent['kind'], data: parsed(data) });
    }
    return found.reverse();
  }

  private dropOldest(kind: number): void {
    const oldest = 'SELECT at, n FROM event WHERE k = ? ORDER BY at, n LIMIT ?';
    this.database.run(`DELETE FROM event WHERE (at, n) IN (${oldest})`, [kind, dropped]);
    this.counts.set(kind, Math.max(0, (this.counts.get(kind) ?? 0) - dropped));
  }
}

function parsed(data: SqlValue | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Somebody has written into the file by hand.
    return {};
  }
}
