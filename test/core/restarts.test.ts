import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sleep, stateOf, until, useBench } from './support/bench.js';

const bench = useBench();

test('restart on crash: after a pause, three times, then it gives up; a start by hand counts from zero', async () => {
  await bench().core();
  const connection = await bench().connect();
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0.2], maxAttempts: 2 };
  await connection.request('client/subscribe', {});
  const states: string[] = [];
  connection.on('server/changed', ({ state }) => {
    if (states.at(-1) !== state) states.push(state);
  });
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  await connection.request('server/start', { id: 'demo' });
  const crash = async (): Promise<void> => {
    const { pid } = await stateOf(connection);
    await connection.request('server/send', { id: 'demo', line: 'crash' });
    await until('its end', async () => (await stateOf(connection)).pid !== pid);
  };
  for (const used of [1, 2]) {
    await crash();
    const view = await until('its return', async () => {
      const now = await stateOf(connection);
      return now.state === 'running' && now;
    });
    expect(view.restarts).toMatchObject({ used, max: 2, nextAt: null });
  }
  await crash();
  const failed = await until('the giving up', async () => {
    const now = await stateOf(connection);
    return now.state === 'failed' && now;
  });
  expect(failed.exit).toMatchObject({ signal: 'SIGSEGV', cause: 'crash' });
  const [last] = (await connection.request('console/tail', { id: 'demo', lines: 1 })).slice(-1);
  expect(last).toContain('Not restarted again: 2 restarts in 10 minutes');
  expect(states.filter((state) => state === 'restarting')).toHaveLength(2);
  expect((await connection.request('server/start', { id: 'demo' })).restarts.used).toBe(0);
  await connection.request('server/stop', { id: 'demo' });
  await sleep(1000);
  expect(await stateOf(connection)).toMatchObject({ state: 'stopped', restarts: { nextAt: null } });
});

test('no restart after a stop, in the panel or in the game; a planned one can be called off by Stop', async () => {
  await bench().core();
  const connection = await bench().connect();
  const restart = { policy: 'on-crash' as const, backoffSeconds: [60] };
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'stop' });
  await until('its end', async () => (await stateOf(connection)).state === 'stopped');
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  const waiting = await until('the plan', async () => {
    const now = await stateOf(connection);
    return now.state === 'restarting' && now;
  });
  expect(waiting.restarts.nextAt).toBeGreaterThan(Date.now());
  const { view, steps } = await connection.request('server/stop', { id: 'demo' });
  expect(view).toMatchObject({ state: 'stopped', restarts: { nextAt: null } });
  expect(steps).toEqual([]);
});

test('a crash, and the death of the core right after it: the next core restarts the server as planned', async () => {
  const { line } = await bench().core();
  const connection = await bench().connect();
  const restart = { policy: 'on-crash' as const, backoffSeconds: [3] };
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  await until('the plan', async () => (await stateOf(connection)).state === 'restarting');
  process.kill(line.pid, 'SIGKILL');
  const again = await bench().connect();
  const view = await until('its return', async () => {
    const now = await stateOf(again);
    return now.state === 'running' && now;
  });
  expect(view.restarts.used).toBe(1);
  await again.request('server/stop', { id: 'demo' });
});

test('autoStart that fails: tried again as after a crash, and told, since nobody saw it', async () => {
  const first = await bench().core();
  const connection = await bench().connect();
  const launch = { command: '/bin/sh', args: ['-c', 'sleep 0.2; exit 9'] };
  const restart = { policy: 'on-crash' as const, maxAttempts: 1, backoffSeconds: [0] };
  await connection.request('server/add', { definition: bench().demo('demo', { autoStart: true, launch, restart }) });
  await connection.request('core/retire', {});
  await first.exit;
  await bench().core();
  const again = await bench().connect();
  await until('giving up', async () => (await stateOf(again)).state === 'failed');
  expect(await stateOf(again)).toMatchObject({ exit: { code: 9, cause: 'start-failed' }, restarts: { used: 1 } });
  const alerts = await again.request('alert/list', {});
  expect(alerts.map(({ rule, data }) => [rule, data.cause]).sort()).toEqual([
    ['crash', 'start-failed'],
    ['gave-up', undefined],
  ]);
});

test('autoStart: with the first core after the PC was started, not again after a stop', async () => {
  const first = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo('demo', { autoStart: true }) });
  expect((await stateOf(connection)).state).toBe('stopped');
  await connection.request('core/retire', {});
  await first.exit;
  const second = await bench().core();
  const again = await bench().connect();
  await until('its start', async () => (await stateOf(again)).state === 'running');
  await again.request('server/stop', { id: 'demo' });
  await again.request('core/retire', {});
  await second.exit;
  const third = await bench().core();
  const later = await bench().connect();
  await sleep(1000);
  expect((await stateOf(later)).state).toBe('stopped');
  await later.request('core/retire', {});
  await third.exit;
  // As after a start of the machine: the record is of another one.
  const record = path.join(bench().dataDir, 'run', 'demo.json');
  const noted = JSON.parse(fs.readFileSync(record, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(record, JSON.stringify({ ...noted, bootId: 'another' }));
  await bench().core();
  const rebooted = await bench().connect();
  await until('its start', async () => (await stateOf(rebooted)).state === 'running');
  await rebooted.request('server/stop', { id: 'demo' });
});
