import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/shared/failure.js';
import { isAlive, sleep, stateOf, until, useBench } from './support/bench.js';

const bench = useBench();

const failing = (code: string) => (error: unknown) => Failure.is(error) && error.code === code;

test('start, numbers, stop: the world is saved, the exit is 0, and it is no crash', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('client/subscribe', { samples: true });
  let samples = 0;
  connection.on('server/sample', ({ samples: round }) => {
    if ('demo' in round) samples++;
  });
  await connection.request('server/add', { definition: bench().demo('demo', {}, ['--players', '4']) });
  const started = await connection.request('server/start', { id: 'demo' });
  expect(started).toMatchObject({ state: 'running', health: { is: 'ok' }, exit: null });
  const sample = await until('a sample', async () => (await stateOf(connection)).sample);
  expect(sample.memory).toBeGreaterThan(20_000_000);
  expect(sample.threads).toBeGreaterThan(4);
  await until('two samples', () => samples >= 2);
  expect((await stateOf(connection)).sample?.cpu).toBeGreaterThan(0);
  const before = bench().world()?.saves ?? 0;
  const { view, steps } = await connection.request('server/stop', { id: 'demo' });
  expect(view).toMatchObject({
    state: 'stopped',
    pid: null,
    sample: null,
    exit: { code: 0, signal: null, cause: 'asked' },
  });
  expect(steps.map(({ step, outcome }) => [step, outcome])).toEqual([
    ['save', 'done'],
    ['command', 'done'],
    ['wait', 'done'],
  ]);
  expect(bench().world()?.saves).toBeGreaterThan(before);
  expect(bench().console()).toContain('Server stopped');
  await expect(connection.request('server/stop', { id: 'demo' })).rejects.toSatisfy(failing('not-running'));
});

test('a graceful stop counts down, tells the players, and can be called off until the game is told', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  const first = connection.request(
    'server/stop',
    { id: 'demo', mode: 'graceful', countdownSeconds: 30 },
    { timeoutMs: null },
  );
  const outcome = expect(first).rejects.toSatisfy(failing('cancelled'));
  await until('the countdown', async () => (await stateOf(connection)).state === 'stopping');
  await until('the announcement', () => bench().console().includes('Server stops in 30 seconds'));
  expect((await connection.request('server/cancelStop', { id: 'demo' })).id).toBe('demo');
  await outcome;
  expect((await stateOf(connection)).state).toBe('running');
  const { steps } = await connection.request(
    'server/stop',
    { id: 'demo', mode: 'graceful', countdownSeconds: 2 },
    { timeoutMs: null },
  );
  expect(steps.map(({ step, outcome: how }) => [step, how])).toEqual([
    ['announce', 'done'],
    ['save', 'done'],
    ['command', 'done'],
    ['wait', 'done'],
  ]);
  const [announce] = steps;
  expect((announce?.endedAt ?? 0) - (announce?.startedAt ?? 0)).toBeGreaterThanOrEqual(1990);
});

test('a plain stop cuts a countdown short, and both requests are answered', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  const patient = connection.request(
    'server/stop',
    { id: 'demo', mode: 'graceful', countdownSeconds: 600 },
    { timeoutMs: null },
  );
  await until('the countdown', async () => (await stateOf(connection)).state === 'stopping');
  const hasty = connection.request('server/stop', { id: 'demo' });
  expect((await hasty).view.state).toBe('stopped');
  expect((await patient).view.state).toBe('stopped');
});

test('a server that ignores its stop stays stopping until it is killed on purpose', async () => {
  await bench().core();
  const connection = await bench().connect();
  const definition = bench().demo('demo', { stop: { graceSeconds: 1 } });
  await connection.request('server/add', { definition });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'hang' });
  await sleep(300);
  process.kill(pid ?? 0, 'SIGSTOP');
  const stop = connection.request('server/stop', { id: 'demo' }, { timeoutMs: null });
  await expect(stop).rejects.toSatisfy(failing('stop-timeout'));
  const view = await stateOf(connection);
  expect(view).toMatchObject({ state: 'stopping', pid });
  await expect(connection.request('server/start', { id: 'demo' })).rejects.toSatisfy(failing('busy'));
  const killed = await connection.request('server/kill', { id: 'demo' });
  expect(killed).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL', cause: 'asked' } });
});

test('all at once: each saves its own world and ends, and none waits for another', async () => {
  await bench().core();
  const connection = await bench().connect();
  const ids = ['one', 'two', 'three'];
  for (const id of ids) await connection.request('server/add', { definition: bench().demo(id) });
  await Promise.all(ids.map((id) => connection.request('server/start', { id })));
  await connection.request('server/send', { id: 'two', line: 'slowstop 3' });
  await until('the slow one has heard', () => bench().console('two').includes('The next stop takes 3 s'));
  const before = ids.map((id) => bench().world(id)?.saves ?? 0);
  const ended: string[] = [];
  const stop = async (id: string): Promise<void> => {
    const { view } = await connection.request('server/stop', { id }, { timeoutMs: null });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
    ended.push(id);
  };
  await Promise.all(ids.map(stop));
  expect(ended.at(-1)).toBe('two');
  for (const [n, id] of ids.entries()) expect(bench().world(id)?.saves).toBeGreaterThan(before[n] ?? 0);
});

test('thenKill: only after the grace, and only where the definition says so', async () => {
  await bench().core();
  const connection = await bench().connect();
  const stubborn = {
    id: 'stubborn',
    name: 'Stubborn',
    game: 'other',
    launch: { command: '/bin/sh', args: ['-c', 'trap "" TERM INT; echo up; while :; do sleep 1; done'] },
    stop: { graceSeconds: 2, thenKill: true },
  };
  await connection.request('server/add', { definition: stubborn });
  await connection.request('server/start', { id: 'stubborn' });
  const { view, steps } = await connection.request('server/stop', { id: 'stubborn' }, { timeoutMs: null });
  expect(steps.map(({ step, outcome }) => [step, outcome])).toEqual([
    ['signal', 'done'],
    ['wait', 'timeout'],
    ['kill', 'done'],
  ]);
  const wait = steps[1];
  expect((wait?.endedAt ?? 0) - (wait?.startedAt ?? 0)).toBeGreaterThanOrEqual(1990);
  expect(view.exit).toMatchObject({ signal: 'SIGKILL', cause: 'asked' });
});

test('ends that nobody asked the panel for: crash, kill from outside, stop in the game', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  const endOf = async (how: (pid: number) => Promise<unknown>): Promise<unknown> => {
    const { pid } = await connection.request('server/start', { id: 'demo' });
    await how(pid ?? 0);
    return await until('its end', async () => {
      const view = await stateOf(connection);
      return view.pid === null && { state: view.state, ...view.exit, at: 0 };
    });
  };
  const send = (line: string) => async () => await connection.request('server/send', { id: 'demo', line });
  expect(await endOf(send('crash'))).toEqual({
    state: 'crashed',
    code: null,
    signal: 'SIGSEGV',
    cause: 'crash',
    at: 0,
  });
  expect(await endOf(send('crash 7'))).toEqual({ state: 'crashed', code: 7, signal: null, cause: 'crash', at: 0 });
  expect(await endOf(send('stop'))).toEqual({
    state: 'stopped',
    code: 0,
    signal: null,
    cause: 'stopped-from-inside',
    at: 0,
  });
  const kill = async (pid: number): Promise<boolean> => process.kill(pid, 'SIGKILL');
  expect(await endOf(kill)).toEqual({
    state: 'crashed',
    code: null,
    signal: 'SIGKILL',
    cause: 'killed-outside',
    at: 0,
  });
});

test('the whole process tree is counted, and a force kill ends all of it', async () => {
  await bench().core();
  const connection = await bench().connect();
  const burner = `const {spawn}=require('node:child_process');spawn(process.execPath,['-e','for(;;);','${bench().root}'],{stdio:'ignore',detached:true});setInterval(()=>{},1000)`;
  const launch = { command: process.execPath, args: ['-e', burner, bench().root] };
  await connection.request('server/add', { definition: { id: 'tree', name: 'Tree', game: 'other', launch } });
  await connection.request('server/start', { id: 'tree' });
  const busy = await until('the child in the numbers', async () => {
    const { sample } = await stateOf(connection, 'tree');
    return (sample?.cpu ?? 0) > 20 && sample;
  });
  expect(busy.memory).toBeGreaterThan(60_000_000);
  const before = bench().processes('for(;;)');
  expect(before.length).toBeGreaterThan(0);
  await connection.request('server/kill', { id: 'tree' });
  await until('the end of the tree', () => bench().processes('for(;;)').length === 0);
});

test('what cannot be started says why, and the next start works', async () => {
  await bench().core();
  const connection = await bench().connect();
  const add = async (id: string, launch: object): Promise<void> => {
    await connection.request('server/add', {
      definition: { id, name: id, game: 'other', launch: launch as { command: string } },
    });
  };
  fs.writeFileSync(bench().file('plain.txt'), 'text');
  await add('missing', { command: bench().file('no-such-server') });
  await add('nowhere', { command: 'no-such-program-on-path' });
  await add('plain', { command: bench().file('plain.txt') });
  await add('folder', { command: '/bin/sh', cwd: bench().file('no-such-folder') });
  await add('brief', { command: '/bin/sh', args: ['-c', 'echo going; exit 4'] });
  const start = (id: string) => connection.request('server/start', { id });
  await expect(start('missing')).rejects.toSatisfy(failing('command-not-found'));
  await expect(start('nowhere')).rejects.toSatisfy(failing('command-not-found'));
  await expect(start('plain')).rejects.toSatisfy(failing('not-executable'));
  await expect(start('folder')).rejects.toSatisfy(failing('io'));
  await expect(start('brief')).rejects.toSatisfy(
    (error) => Failure.is(error, 'start-failed') && error.data.exitCode === 4,
  );
  expect(await stateOf(connection, 'brief')).toMatchObject({
    state: 'crashed',
    exit: { code: 4, cause: 'start-failed' },
  });
  expect(await connection.request('console/tail', { id: 'brief', lines: 5 })).toEqual(['going']);
  fs.chmodSync(bench().file('plain.txt'), 0o755);
  fs.writeFileSync(bench().file('plain.txt'), '#!/bin/sh\nexec sleep 1000\n');
  expect((await start('plain')).state).toBe('running');
  await expect(start('plain')).rejects.toSatisfy(failing('already-running'));
  await expect(start('unknown')).rejects.toSatisfy(failing('unknown-server'));
  await connection.request('server/stop', { id: 'plain' });
});

test('a server gets no variables of the host, its own are set, and null removes one', async () => {
  await bench().core({
    env: {
      VSCODE_PID: '1',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '',
      MALLOC_ARENA_MAX: '2',
      KEPT: 'yes',
      UNWANTED: 'x',
    },
  });
  const connection = await bench().connect();
  const launch = { command: '/bin/sh', args: ['-c', 'env; sleep 1000'], env: { OWN: '한국어', UNWANTED: null } };
  await connection.request('server/add', { definition: { id: 'env', name: 'Env', game: 'other', launch } });
  await connection.request('server/start', { id: 'env' });
  const lines = bench().console('env').split('\n');
  expect(lines).toContain('KEPT=yes');
  expect(lines).toContain('OWN=한국어');
  expect(lines.filter((line) => /^(VSCODE_|ELECTRON_|NODE_OPTIONS|MALLOC_|UNWANTED)/.test(line))).toEqual([]);
  expect(lines.some((line) => /^GSP_SERVER=env:[0-9a-f]{16}$/.test(line))).toBe(true);
  await connection.request('server/stop', { id: 'env' });
});

test('stdin: a line reaches the game, a second command cannot be smuggled in, and nobody reading is said', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  await expect(connection.request('server/send', { id: 'demo', line: 'list' })).rejects.toSatisfy(
    failing('not-running'),
  );
  await connection.request('server/start', { id: 'demo' });
  expect(await connection.request('server/send', { id: 'demo', line: 'say 안녕하세요' })).toEqual({
    via: 'stdin',
    reply: null,
  });
  await until('the line in the console', () => bench().console().includes('안녕하세요'));
  const smuggled = connection.request('server/send', { id: 'demo', line: 'say a\nstop' });
  await expect(smuggled).rejects.toSatisfy(failing('invalid-definition'));
  expect(await connection.request('server/save', { id: 'demo' })).toMatchObject({ confirmed: true });
  expect((await stateOf(connection)).save.lastAt).not.toBeNull();
  await connection.request('server/send', { id: 'demo', line: 'players 3' });
  await until('the players', async () => (await stateOf(connection)).players.online === 3);
  expect(await connection.request('server/players', { id: 'demo' })).toHaveLength(3);
  await connection.request('server/restart', { id: 'demo' }, { timeoutMs: null });
  expect((await stateOf(connection)).state).toBe('running');
  await connection.request('server/stop', { id: 'demo' });
});

test('a running server found on this PC is connected without a restart, and its end is seen', async () => {
  await bench().core();
  const connection = await bench().connect();
  // An executable with a known game's name, started by somebody else.
  const folder = bench().file('games');
  fs.mkdirSync(folder);
  const executable = path.join(folder, 'bedrock_server');
  fs.copyFileSync('/bin/sleep', executable);
  const elsewhere = spawn(executable, ['1000'], { cwd: folder, stdio: 'ignore', detached: true });
  const found = await connection.request('server/detect', {});
  const mine = found.find((candidate) => candidate.pid === elsewhere.pid);
  expect(mine?.definition).toMatchObject({
    game: 'minecraft-bedrock',
    launch: { command: executable, args: ['1000'], cwd: folder },
  });
  expect(mine?.missing).toEqual(['console', 'exit-code']);
  if (mine === undefined) return;
  const { id } = await connection.request('server/add', { definition: mine.definition });
  const attached = await connection.request('server/attach', { id, pid: elsewhere.pid ?? 0 });
  expect(attached).toMatchObject({ state: 'running', pid: elsewhere.pid });
  expect((await connection.request('server/detect', {})).map((candidate) => candidate.pid)).not.toContain(
    elsewhere.pid,
  );
  await expect(connection.request('server/start', { id })).rejects.toSatisfy(failing('already-running'));
  await expect(connection.request('server/send', { id, line: 'list' })).rejects.toSatisfy(failing('no-channel'));
  elsewhere.kill('SIGKILL');
  const view = await until('the end', async () => {
    const now = await stateOf(connection, id);
    return now.pid === null && now;
  });
  expect(view.exit).toMatchObject({ code: null, signal: null, cause: 'unknown' });
  expect(isAlive(elsewhere.pid ?? 0)).toBe(false);
});
