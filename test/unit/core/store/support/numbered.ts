import type { StoreFiles } from '../../../../../src/core/store/files.js';
import type { History } from '../../../../../src/core/store/history.js';
import type { Finding } from '../../../../../src/core/store/recovery.js';
import { Store, type StoreOptions } from '../../../../../src/core/store/store.js';
import { defaultRetention } from '../../../../../src/core/store/tiers/tiers.js';

/** Numbered samples and events: the number is value, second and event at once, so that each can be told from the others. */
const began = Date.UTC(2026, 0, 5);
const id = 'one';

/** What is there: numbers of samples and of events, and [number of the minute's first second, samples in it]. */
export interface Found {
  readonly samples: number[];
  readonly minutes: [first: number, samples: number][];
  readonly events: number[];
}

export interface Numbered {
  readonly store: Store;
  readonly findings: Finding[];
  /** Every change that was told: a trouble, or null. */
  readonly troubles: (string | null)[];
  /** Samples and events with these numbers. `of`: another server, which never was there before. */
  add(from: number, to: number, of?: string): void;
  /** A server's; NaN for what nobody added. */
  contents(of?: string): Found;
}

/** A history on these files whose clock goes by what is added, and which writes only when it is told to. */
export function numbered(files: StoreFiles, engineFolder: string, more: Partial<StoreOptions> = {}): Numbered {
  const findings: Finding[] = [];
  const troubles: (string | null)[] = [];
  let last = 0;
  const store = new Store({
    files,
    engineFolder,
    log: { write: () => undefined },
    settings: () => ({ flushIntervalMs: 3_600_000, flushRows: 1e9, maxBytes: 1e9, retention: defaultRetention }),
    isQuiet: () => true,
    trouble: (trouble) => troubles.push(trouble),
    found: (finding) => findings.push(finding),
    now: () => began + last * 1000,
    ...more,
  });
  const add = (from: number, to: number, of = id): void => {
    for (let number = from; number < to; number++) {
      last = Math.max(last, number);
      const at = began + number * 1000;
      store.add(at, of, { threads: number, cpu: number % 100 });
      store.addEvent({ at, id: of, kind: 'saved', data: { n: number } });
    }
  };
  return { store, findings, troubles, add, contents: (of = id) => contentsOf(store, of) };
}

function contentsOf(store: Store, of: string): Found {
  const { history } = store as unknown as { history: History };
  history.complete(of);
  const source = history.catalogue.find(of)?.number ?? -1;
  const slot = history.catalogue.metricsOf('server').get('threads')?.slot ?? -1;
  const samples = history.query.samples(source, 0, Number.MAX_SAFE_INTEGER).map(({ at, index, columns }) => {
    const value = (columns.get(slot)?.[index] ?? -1) / 10;
    return at === began + value * 1000 ? value : NaN;
  });
  const sql = 'SELECT t, n FROM minutes WHERE s = ? AND g = 0 ORDER BY t';
  const minutes = history.database
    .all(sql, [source])
    .map(([t, n]): [number, number] => [Number(t) - began / 1000, Number(n)]);
  const events = history.find({ id: of, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1_000_000, kinds: ['saved'] });
  return { samples, minutes, events: events.map(({ data }) => Number(data.n)) };
}

/** How many of the samples fall into each minute, as `Found` has them. */
export function minutesOf(samples: readonly number[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const number of samples) counts.set(number - (number % 60), (counts.get(number - (number % 60)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}
