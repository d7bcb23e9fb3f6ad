import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { connectCore } from '../../src/node/coreConnection.js';
import { Failure } from '../../src/shared/failure.js';
import { Bench, deadlineMs, isAlive, sleep, until, useBench } from './support/bench.js';

const bench = useBench();

test('twenty started at once after a SIGKILL: one is ready, the others name it and leave with 3', async () => {
  const first = await bench().core();
  process.kill(first.line.pid, 'SIGKILL');
  await first.exit;
  // Its launcher would bring it back and be one more runner in the race.
  for (const pid of bench().processes('launcher.js')) process.kill(pid, 'SIGKILL');
  const started = await Promise.all(Array.from({ length: 20 }, () => bench().core()));
  const ready = started.filter((core) => core.line.ready);
  expect(ready).toHaveLength(1);
  const winner = ready[0]?.line;
  for (const loser of started.filter((core) => !core.line.ready)) {
    expect(loser.line.owner).toEqual({ pid: winner?.pid, endpoint: winner?.endpoint });
    expect(await loser.exit).toBe(3);
  }
  expect(bench().processes('core.js')).toEqual([winner?.pid]);
});

test('a wrong token is refused and the connection ended; without a hello it ends after 5 s', async () => {
  const { line } = await bench().core();
  const token = path.join(bench().dataDir, 'run', 'token');
  const right = fs.readFileSync(token, 'utf8');
  fs.writeFileSync(token, 'f'.repeat(64));
  const connecting = connectCore({ dataDir: bench().dataDir, client: { name: 'test', version: '0' } });
  await expect(connecting).rejects.toSatisfy((error) => Failure.is(error, 'unauthorized'));
  fs.writeFileSync(token, right);
  const silent = net.connect(line.endpoint);
  const closed = new Promise((resolve) => silent.once('close', resolve));
  const begun = Date.now();
  await closed;
  expect(Date.now() - begun).toBeGreaterThan(4000);
});

test('garbage, endless headers and huge bodies end the connection and nothing else', async () => {
  const { line } = await bench().core();
  const throwIn = async (bytes: Buffer): Promise<void> => {
    const socket = net.connect(line.endpoint);
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(bytes);
    await closed;
  };
  await throwIn(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
  await throwIn(Buffer.alloc(1024 * 1024, 'a'));
  await throwIn(Buffer.from('Content-Length: 999999999\r\n\r\n{'));
  await throwIn(Buffer.from('Content-Length: 4\r\n\r\n[1]]'));
  await throwIn(Buffer.from('Content-Length: 9\r\n\r\nnot json!'));
  const connection = await bench().connect();
  expect(connection.hello.pid).toBe(line.pid);
});

test('another protocol is told apart, an unknown request is unsupported', async () => {
  await bench().core();
  const connection = await bench().connect();
  const request = connection.request as (method: string, params: object) => Promise<unknown>;
  await expect(request('no/such', {})).rejects.toSatisfy((error) => Failure.is(error, 'unsupported'));
  const token = fs.readFileSync(path.join(bench().dataDir, 'run', 'token'), 'utf8');
  const hello = request('core/hello', { token, protocol: 2, client: { name: 'x', version: '0' } });
  await expect(hello).rejects.toSatisfy((error) => Failure.is(error, 'protocol-mismatch'));
});

test('a data directory too deep for a socket path works by a short one', async () => {
  const deep = new Bench(path.join('d'.repeat(60), '서버-데이터', 'e'.repeat(60)));
  try {
    const { line } = await deep.core();
    expect(Buffer.byteLength(line.endpoint)).toBeLessThan(104);
    const connection = await deep.connect();
    await connection.request('server/add', { definition: deep.demo() });
    expect((await connection.request('server/start', { id: 'demo' })).state).toBe('running');
    await connection.request('server/stop', { id: 'demo' });
    expect(fs.statSync(path.dirname(line.endpoint)).mode & 0o777).toBe(0o700);
    fs.rmSync(path.dirname(line.endpoint), { recursive: true });
  } finally {
    await deep.dispose();
  }
});

test('leaves after the last window, stays while a server runs, and says 2 to wrong arguments', async () => {
  const { line, exit } = await bench().core({ args: ['--idle-exit', '1'] });
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  connection.dispose();
  await sleep(2500);
  expect(isAlive(line.pid)).toBe(true);
  const again = await bench().connect();
  await again.request('server/stop', { id: 'demo' });
  again.dispose();
  expect(await exit).toBe(0);
  await expect(bench().core({ args: ['--idle-exit', 'soon'] })).rejects.toThrow('ended with 2');
});

test('data directory, token and socket are for this user alone', async () => {
  await bench().core();
  const run = path.join(bench().dataDir, 'run');
  const mode = (file: string): number => fs.statSync(file).mode & 0o777;
  expect(mode(bench().dataDir)).toBe(0o700);
  expect(mode(run)).toBe(0o700);
  expect(mode(path.join(run, 'token'))).toBe(0o600);
  expect(mode(path.join(run, 'lock'))).toBe(0o600);
});

test('SIGTERM and core/retire leave servers running, and nobody brings the core back', async () => {
  const { line, exit } = await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const view = await connection.request('server/start', { id: 'demo' });
  process.kill(line.pid, 'SIGTERM');
  expect(await exit).toBe(0);
  await sleep(1500);
  expect(bench().processes('core.js')).toEqual([]);
  expect(isAlive(view.pid ?? 0)).toBe(true);
  const second = await bench().core();
  const other = await bench().connect();
  expect(await other.request('core/retire', {})).toBeNull();
  expect(await second.exit).toBe(0);
  expect(isAlive(view.pid ?? 0)).toBe(true);
  await until(
    'an end of all but the server and its launcher',
    () => bench().processes('core.js').length === 0,
    deadlineMs,
  );
});
