import { afterEach, expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import { FakeTarget } from '../unit/core/alerts/webhooks/support/fakeTarget.js';
import { oftenLooking } from './support/asked.js';
import { sleep, until, useBench } from './support/bench.js';

const bench = useBench();
const target = new FakeTarget();

afterEach(async () => {
  await target.close();
});

interface Heard {
  readonly id: string;
  readonly alert: { readonly server: string; readonly rule: string };
  readonly missed: { readonly dropped: number; readonly uncertain: number };
}

const count = 50;
const kills = 3;
const ids = Array.from({ length: count }, (_, index) => `s${index}`);
const crashes = async (connection: CoreConnection): Promise<number> =>
  (await connection.request('alert/list', {})).filter(({ rule }) => rule === 'crash').length;

test('killed again and again with fifty messages to send: each comes once, or it is counted', async () => {
  await target.listen();
  target.modes = [{ is: 'slow', ms: 250 }];
  let connection = await oftenLooking(bench());
  await connection.request('settings/set', {
    settings: { secrets: { remember: true }, webhooks: [{ name: 'slow', kind: 'generic', resolved: false }] },
  });
  const value = target.url('/a-secret');
  await connection.request('secret/set', { id: 'alerts', key: 'webhook.slow', value });
  // Long enough to count as running, and then they crash all at once.
  const launch = { command: '/bin/sh', args: ['-c', 'sleep 6; kill -SEGV $$'] };
  for (const id of ids) {
    await connection.request('server/add', { definition: { id, name: `Server ${id}`, game: 'other', launch } });
  }
  await Promise.all(ids.map((id) => connection.request('server/start', { id }, { timeoutMs: 60_000 })));
  await until('fifty crashes', async () => (await crashes(connection)) === count, 60_000);
  // What has happened is on the disk after a second: else the next core would find it anew.
  await sleep(1500);
  // Of more within ten minutes the launcher would wait.
  for (let kill = 0; kill < kills; kill += 1) {
    const { pid } = await connection.request('core/status', {});
    process.kill(pid, 'SIGKILL');
    connection = await bench().connect();
    await sleep(500 + Math.random() * 1500);
  }
  const status = await until(
    'that nothing waits',
    async () => {
      const [slow] = await connection.request('webhook/list', {});
      return slow?.waiting === 0 && slow;
    },
    60_000,
  );
  const heard = target.heard.map(({ body }) => JSON.parse(body) as Heard);
  const messages = heard.map(({ id }) => id);
  expect(new Set(messages).size).toBe(messages.length);
  const servers = heard.flatMap(({ alert }) => (alert.rule === 'crash' ? [alert.server] : []));
  expect(new Set(servers).size).toBe(servers.length);
  const counted = heard.reduce((sum, { missed }) => sum + missed.dropped + missed.uncertain, 0);
  expect(servers.length + counted + status.dropped + status.uncertain).toBeGreaterThanOrEqual(count);
  expect(servers.length).toBeGreaterThanOrEqual(count - kills);
  expect(await crashes(connection)).toBe(count);
}, 180_000);
