import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Definition } from '../../src/shared/contract.js';
import { isWine } from '../../src/node/windows/wine.js';
import { Bench, lives, sleep, stateOf, until, viewOf } from './support/bench.js';
import { writeGameServer } from './support/gameServer.js';
import { often } from '../core/support/often.js';

const belowNormal = 10;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(async () => {
  await bench.dispose();
});

const world = (id: string): string => bench.file(`${id} 세계.txt`);

/** A server of the other kind of game: only Ctrl+C ends it without losing its world. */
function keeper(id: string, options: string[] = [], change: Partial<Definition> = {}): Definition {
  const script = writeGameServer(bench.file('게임 서버'));
  return {
    id,
    name: id,
    game: 'other',
    launch: { command: process.execPath, args: [script, world(id), ...options] },
    patterns: { ready: '^ready' },
    stop: { graceSeconds: 20 },
    ...change,
  };
}

async function started(definition: Definition): Promise<{ connection: CoreConnection; pid: number }> {
  const connection = await bench.connect();
  await connection.request('server/add', { definition });
  const { pid } = await connection.request('server/start', { id: definition.id }, { timeoutMs: 60_000 });
  assert.notEqual(pid, null);
  return { connection, pid: pid ?? 0 };
}

async function says(connection: CoreConnection, id: string, line: string | RegExp): Promise<string> {
  return await until(`${id} to say ${String(line)}`, async () => {
    const lines = await connection.request('console/tail', { id, lines: 200 });
    return lines.find((one) => (typeof line === 'string' ? one === line : line.test(one)));
  });
}

test('the demo server: starts, is measured, obeys its console, saves and stops', async () => {
  await bench.core();
  const connection = await bench.connect();
  await connection.request('settings/set', { settings: { sampling: often } });
  const samples: { cpu: number | null; memory: number | null }[] = [];
  connection.on('server/sample', ({ samples: all }) => {
    if (all.demo !== undefined) samples.push(all.demo);
  });
  await connection.request('client/subscribe', { samples: true });
  const { pid } = await started(bench.demo());
  const measured = await until('numbers', () => samples.find(({ cpu, memory }) => cpu !== null && memory !== null));
  assert.ok((measured.memory ?? 0) > 10e6, String(measured.memory));
  const { via } = await connection.request('server/send', { id: 'demo', line: 'save' });
  assert.equal(via, 'stdin');
  const { view, steps } = await connection.request('server/stop', { id: 'demo' }, { timeoutMs: 60_000 });
  assert.equal(view.exit?.cause, 'asked');
  assert.equal(view.exit.code, 0);
  assert.ok(
    steps.some(({ step, outcome }) => step === 'command' && outcome === 'done'),
    JSON.stringify(steps),
  );
  assert.equal(lives(pid), false);
  const saved = JSON.parse(fs.readFileSync(bench.file('worlds', 'demo.json'), 'utf8')) as { saves: number };
  assert.ok(saved.saves >= 2);
});

test('Ctrl+C reaches only the server that is stopped: its world is saved, its exit code is told', async () => {
  await bench.core();
  const { connection, pid } = await started(keeper('one'));
  const { pid: other } = await started(keeper('two'));
  const { view, steps } = await connection.request('server/stop', { id: 'one' }, { timeoutMs: 60_000 });
  assert.equal(view.exit?.code, 42);
  assert.equal(view.exit.cause, 'asked');
  assert.equal(fs.readFileSync(world('one'), 'utf8'), 'saved');
  assert.ok(!steps.some(({ step }) => step === 'kill'));
  assert.equal(lives(pid), false);
  await sleep(500);
  assert.equal(lives(other), true);
  assert.equal((await viewOf(connection, 'two')).state, 'running');
  assert.equal(fs.existsSync(world('two')), false);
});

test('the monitoring is killed: the server runs on, is found again, heard, spoken to, and stopped by Ctrl+C', async () => {
  const { child, line } = await bench.core();
  const { pid } = await started(keeper('one'));
  child.kill();
  await until('its end', () => !lives(line.pid));
  assert.equal(lives(pid), true);
  // The launcher brings it back. (Not one of our own beside it: in Wine both would have the pipe.)
  const connection = await bench.connect();
  const view = await stateOf(connection, 'one', 'running');
  assert.equal(view.pid, pid);
  await connection.request('server/send', { id: 'one', line: '안녕하세요 hello' });
  await says(connection, 'one', 'heard 안녕하세요 hello');
  const stopped = await connection.request('server/stop', { id: 'one' }, { timeoutMs: 60_000 });
  assert.equal(stopped.view.exit?.code, 42);
  assert.equal(fs.readFileSync(world('one'), 'utf8'), 'saved');
});

test('monitoring and launcher are both killed: the next ones speak to the server, and know its exit code', async () => {
  const { child, line } = await bench.core();
  const { connection: first, pid } = await started(keeper('one'));
  const { launcher } = await first.request('core/status', {});
  child.kill();
  process.kill(launcher?.pid ?? 0, 'SIGKILL');
  await until('their end', () => !lives(line.pid) && !lives(launcher?.pid ?? 0));
  await sleep(500);
  assert.equal(lives(pid), true);
  await bench.core();
  const connection = await bench.connect();
  assert.equal((await stateOf(connection, 'one', 'running')).pid, pid);
  await connection.request('server/send', { id: 'one', line: 'still there' });
  await says(connection, 'one', 'heard still there');
  assert.ok(!(await connection.request('console/tail', { id: 'one', lines: 50 })).includes('end of input'));
  const stopped = await connection.request('server/stop', { id: 'one' }, { timeoutMs: 60_000 });
  assert.equal(stopped.view.exit?.code, 42);
});

test('a crash is told from a stop, with its exit code', async () => {
  await bench.core();
  const { connection } = await started(keeper('one'));
  await connection.request('server/send', { id: 'one', line: 'crash' });
  const view = await stateOf(connection, 'one', 'crashed');
  assert.equal(view.exit?.code, 7);
  assert.equal(view.exit.cause, 'crash');
});

test('a server behind a start script with arguments that cmd.exe would take for its own', async () => {
  await bench.core();
  const script = writeGameServer(bench.file('게임 서버'));
  const batch = bench.file('게임 서버', 'start server.bat');
  fs.writeFileSync(
    batch,
    `@echo off\r\nchcp 65001 >nul\r\n"${process.execPath}" "%~dp0${path.basename(script)}" %*\r\n`,
  );
  // Wine's cmd.exe does not know how a percent sign is quoted.
  const options = ['two words', 'a&b', ...(isWine() ? [] : ['100%']), 'x^y', '(z)'];
  const definition = keeper('one', [], { launch: { command: batch, args: [world('one'), ...options] } });
  const { connection } = await started(definition);
  const line = await says(connection, 'one', /^arguments /);
  assert.deepEqual(JSON.parse(line.slice('arguments '.length)), options);
  const { view } = await connection.request('server/stop', { id: 'one' }, { timeoutMs: 60_000 });
  assert.equal(view.state, 'stopped');
  assert.equal(fs.readFileSync(world('one'), 'utf8'), 'saved');
});

test('a program that only starts the server, and ends: the server is followed, spoken to and stopped', async () => {
  await bench.core();
  const definition = keeper('one', ['--child', '--leave'], { stop: { line: 'stop', graceSeconds: 20 } });
  const { connection, pid } = await started(definition);
  const said = await says(connection, 'one', /^ready \d+$/);
  const real = Number(said.slice('ready '.length));
  assert.notEqual(real, pid);
  const followed = await until('the real server to be followed', async () => {
    const view = await viewOf(connection, 'one');
    return view.pid === real && view;
  });
  assert.equal(followed.state, 'running');
  await connection.request('server/send', { id: 'one', line: 'hello' });
  await says(connection, 'one', 'heard hello');
  const { view } = await connection.request('server/stop', { id: 'one' }, { timeoutMs: 60_000 });
  // Nobody's child any more, and yet known.
  assert.equal(view.exit?.code, 42);
  assert.equal(fs.readFileSync(world('one'), 'utf8'), 'saved');
  assert.equal(lives(real), false);
});

test('Ctrl+C reaches the server behind a program that has started it', async () => {
  await bench.core();
  const { connection, pid } = await started(keeper('one', ['--child']));
  const real = Number((await says(connection, 'one', /^ready \d+$/)).slice('ready '.length));
  const stop = connection.request('server/stop', { id: 'one' }, { timeoutMs: 60_000 });
  await until('its end', () => !lives(real));
  assert.equal(fs.readFileSync(world('one'), 'utf8'), 'saved');
  // The program before it waits for nothing any more.
  process.kill(pid);
  await stop;
});

test('force: the job ends as a whole', async () => {
  await bench.core();
  const { connection, pid } = await started(keeper('one', ['--child']));
  const real = Number((await says(connection, 'one', /^ready \d+$/)).slice('ready '.length));
  await connection.request('server/kill', { id: 'one' }, { timeoutMs: 60_000 });
  await until('both to have ended', () => !lives(pid) && !lives(real));
});

test('the monitoring stands below the game', async () => {
  const { line } = await bench.core();
  const { connection, pid } = await started(keeper('one'));
  const { self, launcher } = await connection.request('core/status', {});
  assert.equal(self.nice, belowNormal);
  assert.equal(os.getPriority(line.pid), belowNormal);
  assert.equal(os.getPriority(launcher?.pid ?? 0), 0);
  assert.equal(os.getPriority(pid), 0);
});
