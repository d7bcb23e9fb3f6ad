import { expect, test } from 'vitest';
import { defaultRetention } from '../../../../src/core/store/tiers/tiers.js';
import { day, hour, openHistory, start } from './support/history.js';

const end = start + 6 * hour;

test('a history is the same after its memory was given back, as often as that is', async () => {
  const history = await openHistory();
  for (let at = start; at < end; at += 10_000) {
    history.add(at, 'alpha', {
      cpu: (at / 1000) % 97,
      memory: at % 1e9,
      players: 3,
      threads: 9,
      ioRead: 5,
      ioWrite: 6,
    });
  }
  for (let index = 0; index < 100; index++) {
    history.addEvent({ at: start + index, id: 'alpha', kind: 'saved', data: { tookMs: index } });
  }
  const query = { id: 'alpha', metrics: ['cpu', 'memory'], from: start, to: end, buckets: 300 };
  const everything = (): unknown => [
    history.range(query, end, defaultRetention),
    history.range({ ...query, from: start - 30 * day }, end, defaultRetention),
    history.find({ from: 0, to: 8e15, limit: 1000 }),
    history.database.all('SELECT * FROM samples'),
    history.database.all('SELECT * FROM server_by_minute'),
  ];
  const before = everything();
  const pragmas = ['auto_vacuum', 'journal_mode', 'trusted_schema', 'cell_size_check', 'cache_size', 'temp_store'];
  const settings = (): unknown => pragmas.map((name) => history.database.value(`PRAGMA ${name}`));
  const settingsBefore = settings();
  expect(history.database.heapBytes).toBeGreaterThan(1e6);

  await history.database.reload();
  expect(everything()).toEqual(before);
  expect(settings()).toEqual(settingsBefore);
  const heap = history.database.heapBytes;
  for (let index = 0; index < 19; index++) {
    await history.database.reload();
    history.add(end + index * 10_000, 'alpha', { cpu: 5 });
    history.complete('alpha');
  }
  expect(history.database.heapBytes).toBeLessThanOrEqual(heap * 1.1);
  expect(history.find({ from: 0, to: 8e15, limit: 1000 })).toHaveLength(100);
  expect(history.database.value('PRAGMA integrity_check')).toBe('ok');
  console.info(`20 times given back: ${String(Math.round(process.memoryUsage.rss() / 1e6))} MB`);
});
