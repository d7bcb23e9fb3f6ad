import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventsOf } from './support/asked.js';
import { palworldIn } from './support/palworld.js';
import { sleep, stateOf, until, useBench } from './support/bench.js';
import { often, oftenAsked, oftenMs } from './support/often.js';

const bench = useBench();

describe('what the monitoring costs', { timeout: 60_000 }, () => {
  test('more than its budget: it says so, measures half as often, and goes back when it may', async () => {
    await bench().core();
    const connection = await bench().connect();
    const news: object[] = [];
    connection.on('core/measuring', (measuring) => news.push(measuring));
    await connection.request('client/subscribe', {});
    await connection.request('settings/set', { settings: { sampling: often } });
    const status = async () => await connection.request('core/status', {});
    // The launcher counts: each of the two has less than this.
    const { self, launcher } = await until('a core at rest', async () => {
      const told = await status();
      return told.launcher !== null && told;
    });
    const together = self.rssBytes + (launcher?.rssBytes ?? 0);
    expect(self.budget).toBe('ok');
    const memoryBytes = Math.round(together - Math.min(self.rssBytes, launcher?.rssBytes ?? 0) / 2);
    await connection.request('settings/set', { settings: { budget: { memoryBytes } } });
    await until('its word', async () => (await status()).self.budget === 'over');
    expect((await status()).self.budgetLimits).toEqual({ cpuPercent: self.budgetLimits.cpuPercent, memoryBytes });
    expect((await status()).sampling).toMatchObject({ intervalMs: 2 * oftenMs, reason: 'budget' });
    expect(news).toMatchObject([{ overBudget: { intervalMs: 2 * oftenMs } }]);
    expect((await bench().connect()).hello.measuring).toEqual(news[0]);
    await connection.request('settings/set', { settings: { budget: null } });
    await until('its way back', async () => (await status()).self.budget === 'ok');
    expect((await status()).sampling.intervalMs).toBe(oftenMs);
    const events = await eventsOf(connection, 'monitor', ['budget']);
    expect(events.map(({ data }) => [data.state, data.intervalMs])).toEqual([
      ['over', 2 * oftenMs],
      ['ok', oftenMs],
    ]);
    expect(events[0]?.data.memoryBytes).toBeGreaterThan(memoryBytes);
    const log = fs.readFileSync(bench().file('data', 'logs', 'core.log'), 'utf8');
    expect(log.split('\n').filter((line) => line.includes('budget') && line.includes('over it'))).toHaveLength(1);
  });

  test('on the network: what it asks games, in its status and in the history', async () => {
    await bench().core({ args: ['--no-priority'] });
    const connection = await bench().connect();
    await connection.request('settings/set', { settings: { sampling: often, games: oftenAsked } });
    expect((await connection.request('core/status', {})).self.netBytesPerHour).toBe(0);
    const game = await palworldIn(bench(), 'asked');
    await connection.request('server/add', { definition: game.definition });
    await connection.request('server/start', { id: 'asked' });
    await until('an answer', async () => (await stateOf(connection, 'asked')).api.is === 'ok');
    await sleep(8000);
    const { self } = await connection.request('core/status', {});
    expect(self.netBytesPerHour).toBeGreaterThan(10_000);
    const now = Date.now();
    const query = { id: 'monitor', metrics: ['netOut'], from: now - 60_000, to: now + 1000, buckets: 1 };
    const { metrics } = await connection.request('history/query', query);
    expect(metrics.netOut?.max[0]).toBeGreaterThan(0);
  });
});

describe('a recording of where its time goes', { timeout: 60_000 }, () => {
  test('is written where it was asked for, while it works on; one at a time, and it can be called off', async () => {
    await bench().core();
    const connection = await bench().connect();
    const file = bench().file('monitoring.cpuprofile');
    const recording = connection.request('core/profile', { seconds: 2, path: file });
    await expect(connection.request('core/profile', { seconds: 1, path: file })).rejects.toMatchObject({
      code: 'busy',
    });
    const begun = performance.now();
    await connection.request('core/status', {});
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(await recording).toEqual({ path: file });
    const { nodes, startTime, endTime } = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<
      string,
      number & unknown[]
    >;
    expect(nodes?.length).toBeGreaterThan(1);
    expect((endTime ?? 0) - (startTime ?? 0)).toBeGreaterThan(1_500_000);
    const controller = new AbortController();
    const path = bench().file('none.cpuprofile');
    const called = connection.request('core/profile', { seconds: 60, path }, { signal: controller.signal });
    await sleep(200);
    controller.abort();
    await expect(called).rejects.toMatchObject({ code: 'cancelled' });
    await until('the end of it', async () => {
      const next = connection.request('core/profile', { seconds: 1, path: file });
      return await next.then(
        () => true,
        () => false,
      );
    });
    expect(fs.existsSync(path)).toBe(false);
    const token = bench().file('data', 'run', 'token');
    const refused = connection.request('core/profile', { seconds: 1, path: token });
    await expect(refused).rejects.toMatchObject({ code: 'io', data: { detail: 'EEXIST' } });
  });
});
