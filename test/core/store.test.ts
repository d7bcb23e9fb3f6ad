import { expect, test } from 'vitest';
import type { Requests } from '../../src/shared/contract.js';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import { until, useBench } from './support/bench.js';
import { often } from './support/often.js';

const bench = useBench();
type Range = Requests['history/query']['result'];

const minuteMs = 60_000;
const lastQuarter = async (connection: CoreConnection, id: string, ...metrics: string[]): Promise<Range> => {
  const to = Date.now();
  return await connection.request('history/query', { id, metrics, from: to - 15 * minuteMs, to, buckets: 60 });
};
const known = (values: readonly (number | null)[] | undefined): number[] =>
  (values ?? []).filter((value) => value !== null);

test('what was measured is there to be asked for, live, and again after the core was killed', async () => {
  const { line } = await bench().core();
  const connection = await bench().connect();
  await connection.request('settings/set', {
    settings: { sampling: often, store: { flushIntervalMs: 1000 } },
  });
  await connection.request('server/add', { definition: bench().demo('demo', {}, ['--players', '2']) });
  await connection.request('server/start', { id: 'demo' });
  const range = await until('numbers', async () => {
    const found = await lastQuarter(connection, 'demo', 'cpu', 'memory', 'players', 'tickRate');
    return known(found.metrics.players?.mean).length > 0 && found;
  });
  expect(range.tier).toBe('raw');
  expect(range.at).toHaveLength(60);
  expect(Math.max(...known(range.metrics.memory?.max))).toBeGreaterThan(20_000_000);
  expect(known(range.metrics.tickRate?.mean)).toEqual([]);
  expect(known((await lastQuarter(connection, 'host', 'memoryUsed')).metrics.memoryUsed?.mean)[0]).toBeGreaterThan(0);
  expect(known((await lastQuarter(connection, 'monitor', 'memory')).metrics.memory?.mean)[0]).toBeGreaterThan(
    20_000_000,
  );
  const { store } = await until('a batch on the disk', async () => {
    const status = await connection.request('core/status', {});
    return status.store.lastFlushAt !== null && status.store.journalBytes > 600 && status;
  });
  expect(store).toMatchObject({ dropped: 0 });

  process.kill(line.pid, 'SIGKILL');
  await until('its end', () => !bench().processes('core.js').includes(line.pid));
  // The launcher brings another.
  const again = await bench().connect();
  const before = known(range.metrics.memory?.mean).length;
  const after = known((await lastQuarter(again, 'demo', 'memory')).metrics.memory?.mean).length;
  expect(after).toBeGreaterThanOrEqual(before);
  expect((await again.request('alert/list', {})).map(({ rule }) => rule)).toEqual([]);
});
