import fs from 'node:fs';
import { expect, test } from 'vitest';
import { eventsOf } from './support/asked.js';
import { until, useBench } from './support/bench.js';
import { often, oftenMs } from './support/often.js';

const bench = useBench();
const criticalNow = { highPercent: 1, criticalPercent: 1 };

test('while the PC is short of memory it is told once, measuring goes on, and it is over when it is over', async () => {
  await bench().core();
  const connection = await bench().connect();
  const set = async (memory: Readonly<Record<string, number | null>>): Promise<void> => {
    await connection.request('settings/set', {
      settings: { memory, sampling: often },
    });
  };
  const pressure = async (): Promise<string> => (await connection.request('core/status', {})).pressure;
  const alerts = async (): Promise<{ rule: string; state: string; count: number; server: string }[]> =>
    (await connection.request('alert/list', {})).filter(({ rule }) => rule === 'low-memory');
  const levels = async (): Promise<unknown[]> =>
    (await eventsOf(connection, 'host', ['memory'])).map(({ data }) => data.level);

  // Whatever this machine's memory is: it is not short of it by these, and always by the others.
  await set({ highPercent: 100, criticalPercent: 100 });
  await connection.request('server/add', { definition: bench().demo('demo') });
  await connection.request('server/start', { id: 'demo' });
  let samples = 0;
  connection.on('server/sample', () => samples++);
  await connection.request('client/subscribe', { samples: true, visible: true });
  await until('samples', () => samples >= 2);
  expect(await alerts()).toEqual([]);

  await set(criticalNow);
  await until('the level', async () => (await pressure()) === 'critical');
  expect(await alerts()).toMatchObject([{ state: 'active', count: 1, server: 'monitor' }]);
  expect((await levels()).at(-1)).toBe('critical');
  const { lastFlushAt } = await until('what was measured on the disk', async () => {
    const { store } = await connection.request('core/status', {});
    return store.lastFlushAt !== null && store;
  });
  expect(lastFlushAt).toBeGreaterThan(0);
  const before = samples;
  await until('more samples', () => samples >= before + 3);
  expect(await alerts()).toMatchObject([{ state: 'active', count: 1 }]);
  expect((await levels()).filter((level) => level === 'critical')).toHaveLength(1);

  await set({ highPercent: 100, criticalPercent: 100 });
  await until('its end', async () => (await pressure()) !== 'critical');
  expect(await alerts()).toMatchObject([{ state: 'resolved', count: 1 }]);
  expect((await levels()).at(-1)).not.toBe('critical');
  const to = Date.now();
  const range = await connection.request('history/query', {
    ...{ id: 'demo', metrics: ['memory'], from: to - 60_000, to, buckets: 60_000 / oftenMs },
  });
  const pc = await connection.request('history/query', {
    ...{ id: 'host', metrics: ['pressureCpu', 'pressureMemory'], from: to - 60_000, to, buckets: 60 },
  });
  const isTold = Object.values(pc.metrics).map(({ mean }) => mean.some((value) => value !== null));
  expect(isTold).toEqual(['cpu', 'memory'].map((file) => fs.existsSync(`/proc/pressure/${file}`)));
  // Nothing of it is gone: every round has its sample, give or take one that was late.
  const rounds = (range.metrics.memory?.mean ?? []).map((value) => value !== null);
  const [first, last] = [rounds.indexOf(true), rounds.lastIndexOf(true)];
  expect(rounds.slice(first, last + 1).filter((isThere) => !isThere).length).toBeLessThanOrEqual(2);
  expect(last - first).toBeGreaterThanOrEqual(4);
});
