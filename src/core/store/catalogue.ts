import { metrics, sourceKindOf, type MetricRow } from '../../shared/metrics.js';
import { createViews, type StoredMetric } from './sql/schema.js';
import type { HistoryDatabase } from './sql/historyDatabase.js';

/** What numbers stand for, as it travels in the journal: whoever reads a batch needs nothing else to understand it. */
export interface Dictionary {
  readonly sources: [number: number, id: string][];
  readonly metrics: [kind: string, slot: number, name: string, unit: string, perUnit: number][];
}

export interface Source {
  readonly number: number;
  readonly id: string;
  readonly kind: string;
}

interface Metric extends StoredMetric {
  readonly unit: string;
}

/**
 * Small numbers for servers, metrics and kinds of events. A name that was never there before gets the next number; nobody
 * loses one.
 */
export class Catalogue {
  private readonly sources = new Map<string, Source>();
  private readonly metrics = new Map<string, Map<string, Metric>>();
  private readonly kinds = new Map<string, number>();
  private news = emptyDictionary();

  constructor(private readonly database: HistoryDatabase) {
    database.each('SELECT s, id, kind FROM source', null, ([number, id, kind]) => {
      this.sources.set(String(id), { number: Number(number), id: String(id), kind: String(kind) });
    });
    const columns = 'kind, slot, name, unit, per_unit';
    database.each(`SELECT ${columns} FROM metric ORDER BY kind, slot`, null, ([kind, slot, name, unit, perUnit]) => {
      this.ofKind(String(kind)).set(String(name), {
        ...{ kind: String(kind), slot: Number(slot), name: String(name), unit: String(unit), perUnit: Number(perUnit) },
      });
    });
    database.each('SELECT k, name FROM event_kind', null, ([number, name]) => {
      this.kinds.set(String(name), Number(number));
    });
  }

  /** undefined where nothing is known of such a source. */
  find(id: string): Source | undefined {
    return this.sources.get(id);
  }

  allSources(): Source[] {
    return [...this.sources.values()];
  }

  source(id: string): Source {
    const known = this.sources.get(id);
    if (known !== undefined) return known;
    const source = {
      number: nextNumber(
        this.allSources().map(({ number }) => number),
        1,
      ),
      id,
      kind: sourceKindOf(id),
    };
    this.database.run('INSERT INTO source VALUES (?, ?, ?)', [source.number, id, source.kind]);
    this.sources.set(id, source);
    this.news.sources.push([source.number, id]);
    return source;
  }

  /** The metrics that sources of a kind have had so far, by name. */
  metricsOf(kind: string): ReadonlyMap<string, Metric> {
    return this.ofKind(kind);
  }

  /** `told`: unit and steps where this program does not know the name itself. */
  metric(kind: string, name: string, told?: { unit: string; perUnit: number }): Metric {
    const known = this.ofKind(kind).get(name);
    if (known !== undefined) return known;
    const rows: Record<string, Record<string, MetricRow>> = metrics;
    const { unit, perUnit } = rows[kind]?.[name] ?? told ?? { unit: 'count', perUnit: 100 };
    const all = this.ofKind(kind);
    const slot = nextNumber(
      [...all.values()].map((metric) => metric.slot),
      0,
    );
    const metric = { kind, slot, name, unit, perUnit };
    this.database.run('INSERT INTO metric VALUES (?, ?, ?, ?, ?)', [kind, slot, name, unit, perUnit]);
    all.set(name, metric);
    createViews(this.database.raw, kind, [...all.values()]);
    this.news.metrics.push([kind, slot, name, unit, perUnit]);
    return metric;
  }

  eventKind(name: string): number {
    const known = this.kinds.get(name);
    if (known !== undefined) return known;
    const number = nextNumber([...this.kinds.values()], 1);
    this.database.run('INSERT INTO event_kind VALUES (?, ?)', [number, name]);
    this.kinds.set(name, number);
    return number;
  }

  /** undefined where no such event ever was. */
  findKind(name: string): number | undefined {
    return this.kinds.get(name);
  }

  kindNames(): ReadonlyMap<number, string> {
    return new Map([...this.kinds].map(([name, number]) => [number, name]));
  }

  /** What has been added since the last call. */
  takeNews(): Dictionary {
    const { news } = this;
    this.news = emptyDictionary();
    return news;
  }

  dictionary(): Dictionary {
    return {
      sources: this.allSources().map(({ number, id }) => [number, id]),
      metrics: [...this.metrics.values()].flatMap((ofKind) =>
        [...ofKind.values()].map(({ kind, slot, name, unit, perUnit }) => [kind, slot, name, unit, perUnit]),
      ) as Dictionary['metrics'],
    };
  }

  private ofKind(kind: string): Map<string, Metric> {
    const known = this.metrics.get(kind);
    if (known !== undefined) return known;
    const made = new Map<string, Metric>();
    this.metrics.set(kind, made);
    return made;
  }
}

function emptyDictionary(): Dictionary {
  return { sources: [], metrics: [] };
}

function nextNumber(numbers: readonly number[], first: number): number {
  return Math.max(first - 1, ...numbers) + 1;
}
