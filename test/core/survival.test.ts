import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAlive, sleep, stateOf, until, useBench } from './support/bench.js';

const bench = useBench();

test('SIGKILL of the core: the server runs on, the launcher brings the core back, same pid and uptime, stdin and exit code', async () => {
  const { line } = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const before = await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'players 3' });
  await until('the players', async () => (await stateOf(connection)).players.online === 3);
  process.kill(line.pid, 'SIGKILL');
  const again = await bench().connect();
  expect((await stateOf(again)).players).toMatchObject({ online: 3, source: 'log' });
  expect((await stateOf(again)).save).toMatchObject({ lastAt: null, nextAt: null, running: false });
  expect(again.hello.pid).not.toBe(line.pid);
  const after = await stateOf(again);
  expect(after).toMatchObject({ state: 'running', pid: before.pid, since: before.since });
  await until('numbers again', async () => (await stateOf(again)).sample);
  await again.request('server/send', { id: 'demo', line: 'crash 9' });
  const view = await until('its end', async () => {
    const now = await stateOf(again);
    return now.pid === null && now;
  });
  expect(view).toMatchObject({ state: 'crashed', exit: { code: 9, cause: 'crash' } });
});

test('what ended while no core was there is known to the next one', async () => {
  const { line, exit } = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo('a') });
  await connection.request('server/add', { definition: bench().demo('b') });
  const a = await connection.request('server/start', { id: 'a' });
  const b = await connection.request('server/start', { id: 'b' });
  process.kill(line.pid, 'SIGTERM');
  await exit;
  process.kill(a.pid ?? 0, 'SIGTERM');
  process.kill(b.pid ?? 0, 'SIGSEGV');
  await until('both ends', () => !isAlive(a.pid ?? 0) && !isAlive(b.pid ?? 0));
  await bench().core();
  const again = await bench().connect();
  expect(await stateOf(again, 'a')).toMatchObject({
    state: 'stopped',
    exit: { code: 0, cause: 'stopped-from-inside' },
  });
  expect(await stateOf(again, 'b')).toMatchObject({ state: 'crashed', exit: { signal: 'SIGSEGV', cause: 'crash' } });
});

test('killed in the middle of a stop: the next core finishes it, and does not take it for a crash', async () => {
  const { line } = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  connection
    .request('server/stop', { id: 'demo', mode: 'graceful', countdownSeconds: 600 }, { timeoutMs: null })
    .catch(() => undefined);
  await until('the countdown', async () => (await stateOf(connection)).state === 'stopping');
  process.kill(line.pid, 'SIGKILL');
  const again = await bench().connect();
  const view = await until('its end', async () => {
    const now = await stateOf(again);
    return now.pid === null && now;
  });
  expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
  expect(isAlive(pid ?? 0)).toBe(false);
  expect(bench().world()?.saves).toBeGreaterThan(0);
});

test('SIGKILL of the launcher: servers run on and are looked after by pid; another launcher starts the next at nice 0', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo('old') });
  await connection.request('server/add', { definition: bench().demo('new') });
  const old = await connection.request('server/start', { id: 'old' });
  const launcher = (await connection.request('core/status', {})).launcher?.pid ?? 0;
  process.kill(launcher, 'SIGKILL');
  const next = await until('another launcher', async () => {
    const { launcher: now } = await connection.request('core/status', {});
    return now !== null && now.pid !== launcher && now;
  });
  expect(next.nice).toBe(0);
  expect(await stateOf(connection, 'old')).toMatchObject({ state: 'running', pid: old.pid });
  const started = await connection.request('server/start', { id: 'new' });
  const stat = fs
    .readFileSync(`/proc/${started.pid ?? 0}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  expect(Number(stat[16])).toBe(0);
  // The survivor's pipe is a file of its own: its stdin still works, and so does its orderly stop.
  const { view } = await connection.request('server/stop', { id: 'old' }, { timeoutMs: null });
  expect(view.state).toBe('stopped');
  expect(bench().world('old')?.saves).toBeGreaterThan(0);
  process.kill(started.pid ?? 0, 'SIGKILL');
  await until('the end of the new one', async () => (await stateOf(connection, 'new')).state === 'crashed');
});

test('two clients see the same, and a hundred connections come and go', async () => {
  await bench().core();
  const [one, two] = [await bench().connect(), await bench().connect()];
  await two.request('client/subscribe', { samples: true });
  const seen: string[] = [];
  two.on('server/changed', ({ state }) => seen.push(state));
  await one.request('server/add', { definition: bench().demo() });
  await one.request('server/start', { id: 'demo' });
  await until('both states', () => seen.includes('starting') && seen.includes('running'));
  expect(await stateOf(one)).toMatchObject({ pid: (await stateOf(two)).pid });
  for (let n = 0; n < 100; n++) (await bench().connect()).dispose();
  await sleep(200);
  expect((await one.request('core/status', {})).pid).toBe(one.hello.pid);
  await one.request('server/stop', { id: 'demo' });
});

test('the launcher leaves too when nothing is left to do, and a pid that was reused is not adopted', async () => {
  const { line, exit } = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  process.kill(line.pid, 'SIGTERM');
  await exit;
  for (const launcher of bench().processes('launcher.js')) process.kill(launcher, 'SIGKILL');
  process.kill(pid ?? 0, 'SIGKILL');
  await until('its end', () => !isAlive(pid ?? 0));
  // As after a wrap-around of the pids: the noted pid belongs to somebody else, who must be left alone.
  const record = path.join(bench().dataDir, 'run', 'demo.json');
  const noted = JSON.parse(fs.readFileSync(record, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(record, JSON.stringify({ ...noted, pid: process.pid }));
  await bench().core();
  const again = await bench().connect();
  expect(await stateOf(again)).toMatchObject({ state: 'crashed', pid: null, exit: { cause: 'unknown' } });
});
