import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadEngine } from '../../../../src/core/store/sql/engine.js';
import { applicationId, migrate, schemaVersion, versionOf } from '../../../../src/core/store/sql/schema.js';
import { useTempFolder } from '../../node/support/tempFolder.js';
import { engineFolder, hour, minute, openDatabase, openHistory, restarted, start } from './support/history.js';

const at = useTempFolder();
const program = process.env.GSP_SQLITE ?? '/usr/bin/sqlite3';
const missing =
  process.env.GSP_SKIP_SQLITE ??
  (fs.existsSync(program) ? undefined : `there is no ${program}: install Debian's sqlite3`);
if (missing !== undefined) console.info(`skipped: other programs read the file (${missing})`);

/** What another program than ours reads: one array of cells per row, null as in JSON. */
function ask(file: string, sql: string): Record<string, unknown>[] {
  const out = execFileSync(program, ['-readonly', '-json', file, sql], { encoding: 'utf8', timeout: 30_000 });
  return out.trim() === '' ? [] : (JSON.parse(out) as Record<string, unknown>[]);
}

describe.skipIf(missing !== undefined)('the file, in another program', () => {
  async function written(): Promise<string> {
    const history = await openHistory();
    for (const [index, cpu] of [10, 20, 60].entries()) {
      history.add(start + index * 20_000, 'alpha', { cpu, memory: 4096 * (index + 1), players: 1.25 });
    }
    history.add(start + minute, 'alpha', { cpu: 30, tickRate: 19.5, frameTime: 50, apiTime: 3 });
    history.add(start + 20 * minute, 'alpha', { cpu: 130 });
    history.add(start + hour, 'alpha', { cpu: 0 });
    history.add(start, 'beta', { cpu: 7 });
    history.add(start, 'host', { cpu: 42, netIn: 160 });
    history.add(start, 'monitor', { cpu: 0.123, memory: 40_960_000 });
    history.addEvent({ at: start + 1234, id: 'alpha', kind: 'player-joined', data: { name: `a'"\u0001한` } });
    history.seal();
    fs.writeFileSync(at('metrics.db'), history.image());
    return at('metrics.db');
  }

  test('is whole, and says whose it is', async () => {
    const file = await written();
    expect(ask(file, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(ask(file, 'PRAGMA user_version')).toEqual([{ user_version: schemaVersion }]);
    expect(ask(file, 'PRAGMA application_id')).toEqual([{ application_id: applicationId }]);
    // Without it the file would never become smaller.
    expect(ask(file, 'PRAGMA auto_vacuum')).toEqual([{ auto_vacuum: 2 }]);
    expect(
      ask(file, `SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name`).map(({ name }) => name),
    ).toEqual([
      'events',
      ...['host', 'monitor', 'server'].flatMap((kind) => ['hour', 'minute', 'quarter'].map((by) => `${kind}_by_${by}`)),
    ]);
  });

  test('has views with the numbers in their units', async () => {
    const file = await written();
    const metrics = 'cpu, cpu_min, cpu_max, memory, memory_max, players, tickRate, frameTime, apiTime';
    const rows = (view: string, source: string): unknown[] =>
      ask(file, `SELECT at, samples, ${metrics} FROM ${view} WHERE source = '${source}' ORDER BY t`);
    const nothing = { memory: null, memory_max: null, players: null, tickRate: null, frameTime: null, apiTime: null };
    const one = (cpu: number): object => ({ samples: 1, cpu, cpu_min: cpu, cpu_max: cpu, ...nothing });
    const late = { tickRate: 19.5, frameTime: 50, apiTime: 3 };
    const first = { cpu: 30, cpu_min: 10, cpu_max: 60, memory: 8192, memory_max: 12_288, players: 1.25 };
    expect(rows('server_by_minute', 'alpha')).toEqual([
      { at: '2026-03-03T00:00:00Z', samples: 3, ...first, tickRate: null, frameTime: null, apiTime: null },
      { at: '2026-03-03T00:01:00Z', ...one(30), ...late },
      { at: '2026-03-03T00:20:00Z', ...one(130) },
      { at: '2026-03-03T01:00:00Z', ...one(0) },
    ]);
    expect(rows('server_by_quarter', 'alpha')).toMatchObject([
      { at: '2026-03-03T00:00:00Z', samples: 4, ...first, ...late },
      { at: '2026-03-03T00:15:00Z', ...one(130) },
      { at: '2026-03-03T01:00:00Z', ...one(0) },
    ]);
    expect(rows('server_by_hour', 'alpha')).toMatchObject([
      { at: '2026-03-03T00:00:00Z', samples: 5, cpu: 50, cpu_min: 10, cpu_max: 130, memory: 8192, ...late },
      { at: '2026-03-03T01:00:00Z', ...one(0) },
    ]);
    expect(rows('server_by_minute', 'beta')).toEqual([{ at: '2026-03-03T00:00:00Z', ...one(7) }]);
    for (const by of ['minute', 'quarter', 'hour']) {
      const host = ask(file, `SELECT source, cpu, netIn, netIn_min FROM host_by_${by}`);
      expect(host).toEqual([{ source: 'host', cpu: 42, netIn: 160, netIn_min: 160 }]);
      const monitor = ask(file, `SELECT source, cpu, memory FROM monitor_by_${by}`);
      expect(monitor).toEqual([{ source: 'monitor', cpu: 0.123, memory: 40_960_000 }]);
    }
    const [event] = ask(file, 'SELECT * FROM events');
    expect(event).toMatchObject({ at: '2026-03-03T00:00:01.234Z', source: 'alpha', kind: 'player-joined' });
    expect(JSON.parse(String(event?.data))).toEqual({ name: `a'"\u0001한` });
  });

  test('shows a metric that came later', async () => {
    const history = await openHistory();
    history.add(start, 'alpha', { cpu: 1 });
    history.seal();
    const again = await restarted(history.image(), []);
    again.add(start + 1000, 'alpha', { cpu: 3, players: 5 });
    again.seal();
    fs.writeFileSync(at('metrics.db'), again.image());
    const sql = 'SELECT samples, cpu, players, players_min, players_max FROM server_by_minute';
    expect(ask(at('metrics.db'), sql)).toEqual([{ samples: 2, cpu: 2, players: 5, players_min: 5, players_max: 5 }]);
  });
});

describe('the schema', () => {
  test('is made from an empty file, and left alone where it is there', async () => {
    const database = await openDatabase();
    expect(versionOf(database.raw)).toBe(schemaVersion);
    expect(schemaVersion).toBeGreaterThan(0);
    const schema = database.all('SELECT sql FROM sqlite_schema');
    migrate(database.raw);
    expect(database.all('SELECT sql FROM sqlite_schema')).toEqual(schema);
    const again = await openDatabase(database.export());
    expect(again.all('SELECT sql FROM sqlite_schema')).toEqual(schema);
  });

  test('is made as a whole or not at all', async () => {
    const engine = await loadEngine(engineFolder);
    const database = engine.open();
    // In the way of the last tables, when the first ones have been made.
    database.run('CREATE TABLE event (something)');
    expect(() => {
      migrate(database);
    }).toThrow('event');
    expect(versionOf(database)).toBe(0);
    expect(database.exec('SELECT name FROM sqlite_schema')[0]?.values).toEqual([['event']]);
    // And it can be tried again.
    database.run('DROP TABLE event');
    migrate(database);
    expect(versionOf(database)).toBe(schemaVersion);
    database.close();
  });

  test('finds rows by their keys and reads nothing through', async () => {
    const history = await openHistory();
    history.add(start, 'alpha', {
      cpu: 1,
      tickRate: 20,
      frameTime: 2,
      apiTime: 3,
      players: 1,
      threads: 2,
      memory: 4096,
    });
    history.complete('alpha');
    const asked: string[] = [];
    const { database } = history;
    const real = database.each.bind(database);
    database.each = (sql, params, each): void => {
      if (!sql.startsWith('PRAGMA')) asked.push(sql);
      real(sql, params, each);
    };
    const query = { id: 'alpha', metrics: ['cpu', 'apiTime'], from: start, to: start + hour, buckets: 10 };
    const retention = { rawMs: 1e9, minuteMs: 1e9, quarterMs: 1e9, hourMs: 1e9, eventsMs: 1e9 };
    for (const buckets of [1, 4, 60, 1000]) history.range({ ...query, buckets }, start + hour, retention);
    history.find({ from: start, to: start + hour, limit: 5 });
    history.add(start + 2 * hour, 'alpha', { cpu: 1 });
    expect(asked.length).toBeGreaterThan(8);
    for (const sql of new Set(asked)) {
      const plan: string[] = [];
      real(`EXPLAIN QUERY PLAN ${sql}`, null, (row) => plan.push(String(row[3])));
      expect(plan.length).toBeGreaterThan(0);
      expect(plan.filter((line) => line.startsWith('SCAN') || line.includes('TEMP B-TREE'))).toEqual([]);
    }
  });
});
