export const metricNames = ['cpu', 'memory', 'ioRead', 'ioWrite', 'threads', 'players'] as const;
export type MetricName = (typeof metricNames)[number];

/** One sample of one server, in the units of src/shared/metrics.ts. The object is the subject's to keep. */
export interface Row {
  readonly server: string;
  readonly values: Readonly<Record<MetricName, number>>;
}

/** The time of the data, in Unix milliseconds: it runs faster than that of the PC. */
export interface BenchClock {
  now(): number;
}

/** A way of storing history, as the bench sees it. One folder, one process; `open` finds what `close` or a crash left. */
export interface StoreSubject {
  /** The name of the file that holds the history; what takes its name by a rename counts as a snapshot. */
  readonly database: string;
  open(folder: string, clock: BenchClock): void | Promise<void>;
  /** The samples of one moment, one row per server. at: Unix milliseconds, never earlier than before. */
  add(at: number, rows: readonly Row[]): void | Promise<void>;
  /** Called every 10 seconds of the data's time: writes what was added, and does whatever else is due by the clock. */
  flush(): void | Promise<void>;
  /** Mean, least and greatest of each metric in each of the buckets of equal length between two times. */
  query(query: StoreQuery): unknown;
  close(): void | Promise<void>;
}

export interface StoreQuery {
  readonly server: string;
  readonly metrics: readonly MetricName[];
  /** Unix milliseconds; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}
