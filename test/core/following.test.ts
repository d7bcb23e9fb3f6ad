import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Definition } from '../../src/shared/contract.js';
import { dist, isAlive, stateOf, until, useBench } from './support/bench.js';

/* Start scripts, and programs that leave others behind: the server is what plays the game, not what started it. */

const bench = useBench();

/** A server that is started by a script of these lines; $DEMO is the command of a demo server with players. */
function scripted(lines: string[], change: Partial<Definition> = {}): Definition {
  const folder = bench().file('scripted');
  fs.mkdirSync(folder, { recursive: true });
  const command = path.join(folder, 'start.sh');
  const world = path.join(folder, 'world.json');
  const demo = `'${process.execPath}' '${path.join(dist, 'demoServer.js')}' '${world}' --players 0`;
  fs.writeFileSync(command, ['#!/bin/sh', `DEMO="${demo}"`, ...lines, ''].join('\n'), { mode: 0o755 });
  return {
    id: 'demo',
    name: 'Scripted',
    game: 'demo',
    launch: { command, cwd: folder, env: { BENCH: bench().root } },
    ...change,
  };
}

const begin = async (definition: Definition): Promise<CoreConnection> => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition });
  return connection;
};

const demoPid = (): number | undefined => bench().processes('demoServer.js')[0];

test('a script that starts the server and ends: the server is followed, has numbers, and is stopped', async () => {
  const connection = await begin(scripted(['eval "exec $DEMO" <&0 &', 'sleep 0.3', 'exit 0']));
  const started = await connection.request('server/start', { id: 'demo' });
  expect(started.state).toBe('running');
  const followed = await until('the server itself', async () => {
    const now = await stateOf(connection);
    return now.pid === demoPid() && now;
  });
  expect(followed).toMatchObject({ state: 'running', exit: null });
  const { sample } = await until('its numbers', async () => {
    const now = await stateOf(connection);
    return (now.sample?.memory ?? 0) > 20_000_000 && now;
  });
  expect(sample?.threads).toBeGreaterThan(4);
  const { view } = await connection.request('server/stop', { id: 'demo' });
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  expect(demoPid()).toBeUndefined();
  expect(bench().console()).toContain('Server stopped');
});

test('a followed server that crashes is seen within 5 s, and brought back', async () => {
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0] };
  const connection = await begin(scripted(['eval "exec $DEMO" <&0 &', 'exit 0'], { restart }));
  await connection.request('server/start', { id: 'demo' });
  const pid = await until('the server itself', async () => {
    const now = await stateOf(connection);
    return now.pid !== null && now.pid === demoPid() ? now.pid : undefined;
  });
  process.kill(pid, 'SIGSEGV');
  const killed = Date.now();
  const after = await until('the next one', async () => {
    const now = await stateOf(connection);
    return now.restarts.used === 1 && now.state === 'running' && now.pid !== pid && now;
  });
  console.log(`running again ${Date.now() - killed} ms after the crash`);
  expect(isAlive(after.pid ?? 0)).toBe(true);
});

test('the script ended while no core lived: the next core finds the server by its mark', async () => {
  const first = await (async () => {
    const core = await bench().core();
    const connection = await bench().connect();
    const definition = scripted(['eval "exec $DEMO" <&0 &', 'while [ ! -e leave ]; do sleep 0.05; done']);
    await connection.request('server/add', { definition });
    const view = await connection.request('server/start', { id: 'demo' });
    return { core, script: view.pid ?? 0 };
  })();
  // The launcher would bring it back too soon.
  process.kill(first.core.child.pid ?? 0, 'SIGSTOP');
  fs.writeFileSync(bench().file('scripted', 'leave'), '');
  await until('the end of the script', () => !isAlive(first.script));
  process.kill(first.core.child.pid ?? 0, 'SIGKILL');
  const connection = await bench().connect();
  const now = await stateOf(connection);
  expect(now).toMatchObject({ state: 'running', pid: demoPid(), exit: null });
  await connection.request('server/kill', { id: 'demo' });
  expect(demoPid()).toBeUndefined();
});

test('a stop whose signal ends the script at once waits for the server behind it', async () => {
  // The script dies of SIGTERM; the server takes a while to save.
  const lines = ['exec 3<&0', 'eval "exec $DEMO" <&3 &', 'wait'];
  const connection = await begin(scripted(lines, { game: 'other', stop: { signal: 'SIGTERM' } }));
  const started = await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'slowstop 3' });
  await until('the server has heard it', () => bench().console().includes('The next stop takes 3 s'));
  const { view } = await connection.request('server/stop', { id: 'demo' }, { timeoutMs: null });
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  expect(isAlive(started.pid ?? 0)).toBe(false);
  expect(demoPid()).toBeUndefined();
  expect(bench().console()).toContain('Server stopped');
});

test('the signal reaches a server that its script has put into a group of its own', async () => {
  const lines = ['eval "setsid --wait $DEMO" <&0'];
  const connection = await begin(scripted(lines, { game: 'other', stop: { signal: 'SIGTERM' } }));
  await connection.request('server/start', { id: 'demo' });
  await until('the server itself', demoPid);
  await until('its readiness', () => bench().console().includes('Ready for players'));
  const { view } = await connection.request('server/stop', { id: 'demo' }, { timeoutMs: null });
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  await until('the end of the server', () => demoPid() === undefined);
  expect(bench().console()).toContain('Server stopped');
});

test('a crash is not hidden by what the game leaves behind, and that is named', async () => {
  // The shell becomes the game; what it had started before lives on.
  const lines = ['sh -c "while :; do sleep 0.1; done" &', 'eval "exec $DEMO"'];
  const connection = await begin(scripted(lines));
  await connection.request('server/start', { id: 'demo' });
  await until('a look at what it runs', async () => (await stateOf(connection)).sample);
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  const ended = await until('the crash', async () => {
    const now = await stateOf(connection);
    return now.pid === null && now;
  });
  expect(ended).toMatchObject({ state: 'crashed', exit: { signal: 'SIGSEGV', cause: 'crash' } });
  await until('the orphan is named', () => /\[Game Server Panel\] Still running: .*\(\d+\)/.exec(bench().console()));
});

test('kill reaches the whole tree and nothing else', async () => {
  const lines = ['sleep 600 &', '(setsid sleep 601 &)', 'eval "$DEMO"'];
  const connection = await begin(scripted(lines));
  await connection.request('server/start', { id: 'demo' });
  // The folder is in their environment.
  const sleepers = (): number[] => bench().processes('sleep\0', 'environ');
  await until('both sleepers', () => sleepers().length === 2);
  const view = await connection.request('server/kill', { id: 'demo' });
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  await until('the end of all', () => sleepers().length === 0 && demoPid() === undefined);
  expect((await connection.request('core/status', {})).launcher).not.toBeNull();
});
