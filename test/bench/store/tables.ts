import { metrics } from '../../../src/shared/metrics.js';
import { servers } from './data.js';
import { metricNames, type Row, type StoreQuery } from './subject.js';

export type Values = (string | number)[];

/** A table of samples in SQL: how it is made, filled and asked. */
export interface Table {
  readonly schema: string;
  readonly insertion: string;
  values(at: number, row: Row): Values;
  /** Mean, least and greatest of each metric per bucket. */
  selection(query: StoreQuery): string;
  /** What the places of the selection stand for, in their order. */
  asked(query: StoreQuery): Values;
}

const columns = metricNames.join(', ');
const aggregates = ({ metrics: names }: StoreQuery): string =>
  names.map((name) => `avg(${name}), min(${name}), max(${name})`).join(', ');
const bucketSeconds = ({ from, to, buckets }: StoreQuery): number => Math.max(1, (to - from) / 1000 / buckets);

/** As one would write it first: names and times as text, floating-point values, a row number and an index. */
export const naiveTable: Table = {
  schema: `
    CREATE TABLE IF NOT EXISTS samples (
      id INTEGER PRIMARY KEY, server TEXT NOT NULL, at TEXT NOT NULL,
      ${metricNames.map((name) => `${name} REAL`).join(', ')});
    CREATE INDEX IF NOT EXISTS by_server ON samples (server, at)`,
  insertion: `INSERT INTO samples (server, at, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  values: (at, { server, values }) => [server, new Date(at).toISOString(), ...metricNames.map((name) => values[name])],
  selection: (query) => `
    SELECT CAST((strftime('%s', at) - ?) / ? AS INTEGER) AS bucket, ${aggregates(query)} FROM samples
    WHERE server = ? AND at >= ? AND at < ? GROUP BY bucket`,
  asked: (query) => {
    const times = [query.from, query.to].map((at) => new Date(at).toISOString());
    return [query.from / 1000, bucketSeconds(query), query.server, ...times];
  },
};

const numbers = new Map(servers.map((server, index) => [server, index + 1]));
const numberOf = (server: string): number => numbers.get(server) ?? 0;

/** As small as a table gets: whole numbers only, seconds, and the key as the only order. */
export const compactTable = (key: 'server, at' | 'at, server'): Table => ({
  schema: `
    CREATE TABLE IF NOT EXISTS samples (
      server INTEGER, at INTEGER, ${metricNames.map((name) => `${name} INTEGER`).join(', ')},
      PRIMARY KEY (${key})) WITHOUT ROWID`,
  insertion: `INSERT INTO samples (server, at, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  values: (at, { server, values }) => [
    ...[numberOf(server), at / 1000],
    ...metricNames.map((name) => Math.round(values[name] * metrics.server[name].perUnit)),
  ],
  selection: (query) => `
    SELECT CAST((at - ?) / ? AS INTEGER) AS bucket, ${aggregates(query)} FROM samples
    WHERE server = ? AND at >= ? AND at < ? GROUP BY bucket`,
  asked: (query) => {
    const [from, to] = [query.from / 1000, query.to / 1000];
    return [from, bucketSeconds(query), numberOf(query.server), from, to];
  },
});
