import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import { findEndpoints, prepareEndpoints, readToken } from '../../src/node/endpoint.js';
import { Peer } from '../../src/node/peer.js';
import { Cores } from '../../src/launcher/cores.js';
import { ExitLog } from '../../src/launcher/exitLog.js';
import { Processes } from '../../src/launcher/processes.js';
import { stdinPath } from '../../src/launcher/stdinPath.js';
import { PosixStarter } from '../../src/launcher/posix/posixStarter.js';
import { writeServerStdin } from '../../src/launcher/posix/stdinPipe.js';
import { Failure } from '../../src/shared/failure.js';
import type { LaunchedProcess, SpawnRequest } from '../../src/shared/launcherProtocol.js';
import { isAlive, sleep, stateOf, until, useBench, type CoreProcess } from './support/bench.js';
import { ended, startLauncher, type LauncherProcess } from './support/launcherProcess.js';

const bench = useBench();
const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

interface Setup {
  launcher: LauncherProcess;
  core: CoreProcess;
  connection: CoreConnection;
}

async function setUp(...definitions: object[]): Promise<Setup> {
  const launcher = await startLauncher(bench());
  const core = await bench().core();
  const connection = await bench().connect();
  await connection.request('client/subscribe', {});
  for (const definition of definitions) await connection.request('server/add', { definition: definition as never });
  await Promise.all(definitions.map((definition) => connection.request('server/start', definition as { id: string })));
  return { launcher, core, connection };
}

/** Like Armagetron: it hears nothing but its stdin; a signal just kills it. Notes its end in a file. */
function stdinOnly(id: string): object {
  const script = `while read -r line; do echo "heard $line"; [ "$line" = QUIT ] && { echo saved >"$0"; exit 0; }; done`;
  const command = '/bin/sh';
  const launch = { command, args: ['-c', script, bench().file(`${id}.saved`)], cwd: bench().root };
  return { id, name: id, game: 'armagetron', launch, patterns: { ready: '' }, stop: { line: 'QUIT' } };
}

/** It hears nothing but a signal. */
function signalOnly(id: string, signal: string): object {
  const script = `trap 'echo saved >"$0"; exit 0' ${signal.slice(3)}; while :; do sleep 0.1; done`;
  const launch = { command: '/bin/sh', args: ['-c', script, bench().file(`${id}.saved`)], cwd: bench().root };
  return { id, name: id, game: 'other', launch, stop: { signal } };
}

const wasSaved = (id: string): boolean => fs.existsSync(bench().file(`${id}.saved`));
const savesSaid = (id: string): number =>
  bench()
    .console(id)
    .match(/World saved in/g)?.length ?? 0;

/** As after a start of the machine: the records are of another one. */
function reboot(...ids: string[]): void {
  for (const id of ids) change(id, { bootId: 'another' });
}

function change(id: string, fields: object): void {
  const file = path.join(bench().dataDir, 'run', `${id}.json`);
  const noted = JSON.parse(fs.readFileSync(file, 'utf8')) as { exit: { at: number } | null };
  fs.writeFileSync(file, JSON.stringify({ ...noted, ...fields }));
}

/** Ends what is left of ours, as the machine would. */
async function endCore({ child, exit }: CoreProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended('the core', exit);
}

test('SIGTERM to the launcher, with a core: every server is saved and stopped without a countdown, and all say so', async () => {
  const { launcher, core, connection } = await setUp(
    bench().demo('demo', { stop: { announceSeconds: [600] } }),
    stdinOnly('words'),
    signalOnly('signals', 'SIGINT'),
  );
  const steps = new Map<string, string[]>();
  connection.on('stop/progress', ({ id, steps: done }) => {
    steps.set(
      id,
      done.map(({ step }) => step),
    );
  });
  const crashes: string[] = [];
  connection.on('server/changed', ({ id, state }) => {
    if (state === 'crashed' || state === 'restarting') crashes.push(`${id} ${state}`);
  });
  launcher.child.kill('SIGTERM');
  // Whoever is in a hurry does not cut it short.
  launcher.child.kill('SIGTERM');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  for (const id of ['demo', 'words', 'signals']) {
    const view = await until(`the end of ${id}`, async () => {
      const now = await stateOf(connection, id);
      return now.state === 'stopped' && now;
    });
    expect(view.exit).toMatchObject({ cause: 'host-restart', code: 0 });
  }
  expect(steps.get('demo')).toEqual(['save', 'command', 'wait']);
  expect(steps.get('words')).toEqual(['command', 'wait']);
  expect(steps.get('signals')).toEqual(['signal', 'wait']);
  expect(bench().world()?.saves).toBe(savesSaid('demo'));
  expect(savesSaid('demo')).toBe(2);
  expect([wasSaved('words'), wasSaved('signals')]).toEqual([true, true]);
  expect(crashes).toEqual([]);
  // Nothing is started into it.
  await expect(connection.request('server/start', { id: 'demo' })).rejects.toMatchObject({ code: 'busy' });
  expect((await connection.request('core/status', {})).launcher).toBeNull();
  core.child.kill('SIGTERM');
  expect(await ended('the core', core.exit)).toBe(0);
});

test.each(['core', 'launcher'] as const)(
  'core and launcher are told at the same moment, the %s first: all is saved and stopped',
  async (first) => {
    const { launcher, core } = await setUp(bench().demo('a'), bench().demo('b'), stdinOnly('words'));
    if (first === 'core') core.child.kill('SIGTERM');
    launcher.child.kill('SIGTERM');
    core.child.kill('SIGTERM');
    expect(await ended('the launcher', launcher.exit)).toBe(0);
    expect(await ended('the core', core.exit)).toBe(0);
    for (const id of ['a', 'b']) {
      expect(bench().world(id)?.saves).toBeGreaterThanOrEqual(2);
      expect(bench().console(id)).toContain('Server stopped');
    }
    expect(wasSaved('words')).toBe(true);
    await bench().core();
    const again = await bench().connect();
    for (const id of ['a', 'b', 'words']) {
      expect(await stateOf(again, id)).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
    }
  },
);

test('the core was killed before: the launcher does it alone, and no core is brought back into it', async () => {
  const { launcher, core } = await setUp(bench().demo(), stdinOnly('words'), signalOnly('signals', 'SIGINT'));
  // Nothing of the core is left, and none comes back while it is being looked for.
  launcher.child.kill('SIGSTOP');
  core.child.kill('SIGKILL');
  await core.exit;
  launcher.child.kill('SIGTERM');
  launcher.child.kill('SIGCONT');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  expect(bench().processes('core.js')).toEqual([]);
  expect(bench().console('demo')).toContain('Server stopped');
  expect(bench().world()?.saves).toBe(2);
  expect([wasSaved('words'), wasSaved('signals')]).toEqual([true, true]);
  await bench().core();
  const again = await bench().connect();
  for (const id of ['demo', 'words', 'signals']) {
    expect(await stateOf(again, id)).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'host-restart' } });
  }
});

test('a core that dies in the middle of it: the launcher goes on, and tells nobody twice', async () => {
  const { launcher, core, connection } = await setUp(bench().demo());
  await connection.request('server/send', { id: 'demo', line: 'slowstop 3' });
  launcher.child.kill('SIGTERM');
  await until('the word', () => bench().console('demo').includes('Stopping server'));
  const { toldAt } = await until('its being told', async () =>
    (await launched()).find((one) => one.toldAt !== undefined),
  );
  expect(toldAt).toBeLessThanOrEqual(Date.now());
  core.child.kill('SIGKILL');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  expect(bench().console('demo')).toContain('Server stopped');
  // One of the core's own, and the one of the stop.
  expect(savesSaid('demo')).toBe(2);
  await bench().core();
  expect(await stateOf(await bench().connect())).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
});

test.each(['launcher', 'servers'] as const)(
  'SIGTERM to everybody at once, as at a log-off, the %s first: no crash, no restart, no start by a core that comes back',
  async (first) => {
    const restart = { policy: 'always' as const };
    const plain = { id: 'plain', name: 'plain', game: 'other', launch: { command: '/bin/sleep', args: ['600'] } };
    const { launcher, core, connection } = await setUp(
      bench().demo('demo', { restart, autoStart: true }),
      { ...plain, restart },
      { ...stdinOnly('words'), restart },
    );
    const ids = ['demo', 'plain', 'words'];
    const servers = await Promise.all(ids.map(async (id) => (await stateOf(connection, id)).pid ?? 0));
    const ours = [launcher.child.pid ?? 0, core.child.pid ?? 0];
    for (const pid of first === 'launcher' ? [...ours, ...servers] : [...servers, ...ours])
      process.kill(pid, 'SIGTERM');
    expect(await ended('the launcher', launcher.exit)).toBe(0);
    expect(await ended('the core', core.exit)).toBe(0);
    expect(bench().world()?.saves).toBe(savesSaid('demo'));
    await bench().core();
    const again = await bench().connect();
    await sleep(1000);
    for (const id of ids) {
      const view = await stateOf(again, id);
      expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' }, restarts: { nextAt: null } });
    }
  },
);

test('a core that comes while the launcher does it alone waits with it, and starts nothing', async () => {
  const auto = { autoStart: true };
  const { launcher, core, connection } = await setUp(bench().demo('slow', auto), bench().demo('quick', auto));
  await connection.request('server/send', { id: 'slow', line: 'slowstop 4' });
  launcher.child.kill('SIGSTOP');
  core.child.kill('SIGKILL');
  await core.exit;
  launcher.child.kill('SIGTERM');
  launcher.child.kill('SIGCONT');
  await until('the end of the quick one', () => bench().console('quick').includes('Server stopped'));
  const next = await bench().core();
  const again = await bench().connect();
  expect((await stateOf(again, 'slow')).state).toBe('stopping');
  expect((await stateOf(again, 'quick')).state).toBe('stopped');
  next.child.kill('SIGTERM');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  expect(await ended('the core', next.exit)).toBe(0);
  expect(savesSaid('slow')).toBe(2);
  expect(bench().console('slow')).toContain('Server stopped');
  await bench().core();
  const last = await bench().connect();
  for (const id of ['slow', 'quick']) {
    expect(await stateOf(last, id)).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
  }
});

test('a server that hangs is not killed, and not waited for longer than its grace; a later core stops it', async () => {
  const hanging = bench().demo('demo', { stop: { graceSeconds: 1 } });
  const { launcher, core, connection } = await setUp(hanging, bench().demo('well'));
  const { pid } = await stateOf(connection);
  await connection.request('server/send', { id: 'demo', line: 'hang' });
  core.child.kill('SIGKILL');
  await core.exit;
  launcher.child.kill('SIGTERM');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  expect(isAlive(pid ?? 0)).toBe(true);
  expect(bench().console('well')).toContain('Server stopped');
  await bench().core();
  const again = await bench().connect();
  expect(await stateOf(again)).toMatchObject({ state: 'stopping', pid });
  process.kill(pid ?? 0, 'SIGKILL');
  const view = await until('its end', async () => {
    const now = await stateOf(again);
    return now.pid === null && now;
  });
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
});

test('after the next boot: what was wanted and starts by itself runs again, the rest says that the PC was restarted', async () => {
  const { launcher, core, connection } = await setUp(
    bench().demo('auto', { autoStart: true }),
    bench().demo('plain'),
    bench().demo('unwanted'),
  );
  await connection.request('server/stop', { id: 'unwanted' });
  launcher.child.kill('SIGTERM');
  await ended('the launcher', launcher.exit);
  await endCore(core);
  reboot('auto', 'plain', 'unwanted');
  await bench().core();
  const again = await bench().connect();
  await until('its start', async () => (await stateOf(again, 'auto')).state === 'running');
  expect(await stateOf(again, 'plain')).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
  expect(await stateOf(again, 'unwanted')).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
});

test('without a next boot: what starts by itself and ran starts again after a while, what a person stopped does not', async () => {
  const auto = { autoStart: true };
  const { launcher, core, connection } = await setUp(
    bench().demo('ran', auto),
    bench().demo('long', auto),
    bench().demo('unwanted', auto),
    bench().demo('plain'),
  );
  await connection.request('server/stop', { id: 'unwanted' });
  launcher.child.kill('SIGTERM');
  await ended('the launcher', launcher.exit);
  await endCore(core);
  const exit = { code: 0, signal: null, cause: 'host-restart', at: Date.now() - 60_000 };
  change('long', { exit });
  await bench().core();
  const again = await bench().connect();
  await until('the start of what ended a while ago', async () => (await stateOf(again, 'long')).state === 'running');
  for (const id of ['ran', 'plain']) {
    expect(await stateOf(again, id)).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
  }
  await until(
    'the start of what has just ended',
    async () => (await stateOf(again, 'ran')).state === 'running',
    60_000,
  );
  expect((await stateOf(again, 'plain')).state).toBe('stopped');
  expect(await stateOf(again, 'unwanted')).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
});

test('SIGTERM to the core alone: it leaves, servers run on', async () => {
  const { core, launcher } = await setUp(bench().demo());
  core.child.kill('SIGTERM');
  expect(await ended('the core', core.exit)).toBe(0);
  await sleep(500);
  expect(launcher.child.exitCode).toBeNull();
  expect((await launched()).map(({ id }) => id)).toEqual(['demo']);
});

test('a restart under way does not bring the server back while the PC goes down, but at the next start', async () => {
  const { launcher, core, connection } = await setUp(bench().demo('demo', { autoStart: true }));
  const restart = connection.request('server/restart', { id: 'demo', mode: 'graceful', countdownSeconds: 600 });
  const refused = expect(restart).rejects.toMatchObject({ code: 'busy' });
  await until('the countdown', async () => (await stateOf(connection)).state === 'stopping');
  launcher.child.kill('SIGTERM');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  await refused;
  expect(await stateOf(connection)).toMatchObject({ state: 'stopped', exit: { cause: 'host-restart' } });
  await endCore(core);
  reboot('demo');
  await bench().core();
  const again = await bench().connect();
  await until('its start', async () => (await stateOf(again)).state === 'running');
});

test('an older core: what was not agreed on is SIGTERM to the group, after the time for an answer', async () => {
  const launcher = await startLauncher(bench());
  const peer = await link();
  await peer.request(
    'process/spawn',
    spawnRequest('old', `trap 'echo saved >"$0"; exit 0' TERM; while :; do sleep 0.1; done`),
  );
  await until('its start', () => bench().console('old').includes('up'));
  launcher.child.kill('SIGTERM');
  expect(await ended('the launcher', launcher.exit)).toBe(0);
  expect(wasSaved('old')).toBe(true);
});

test('an older launcher: nothing breaks, and its end is what it always was', async () => {
  const endpoints = prepareEndpoints(bench().dataDir);
  const exits = new ExitLog(bench().dataDir);
  const processes = new Processes(new PosixStarter(bench().dataDir), (exit) => {
    exits.append(exit);
    cores.notify('process/exited', exit);
  });
  const begun = { protocol: 1 as const, version: '0.0.1', pid: process.pid, startedAt: Date.now() };
  const known = ['launcher/release', 'launcher/leave', 'process/spawn', 'process/write'];
  const refused: string[] = [];
  const handlers = new Proxy(
    {
      'launcher/release': () => undefined,
      'process/spawn': async ({ farewell: _, ...request }: SpawnRequest) => await processes.spawn(request),
      'process/write': ({ id, line }: { id: string; line: string }) => {
        writeServerStdin(stdinPath(bench().dataDir, id), line);
      },
    },
    {
      getOwnPropertyDescriptor: (target, method) => {
        if (!known.includes(String(method))) refused.push(String(method));
        return Reflect.getOwnPropertyDescriptor(target, method);
      },
    },
  );
  const cores = new Cores({
    token: readToken(endpoints.tokenFile),
    hello: () => ({ ...begun, processes: processes.list() }),
    handlers: handlers as never,
    onConnected: () => undefined,
    onAlone: () => undefined,
  });
  await new Promise<void>((resolve) => cores.server.listen(endpoints.launcher, resolve));
  endings.push(() => cores.server.close());
  const core = await bench().core({ args: ['--no-priority'] });
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  const { view } = await connection.request('server/stop', { id: 'demo' });
  expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, cause: 'asked' } });
  expect(refused).toEqual(['process/told']);
  await connection.request('server/start', { id: 'demo' });
  await connection.request('core/retire', {});
  expect(await ended('the core', core.exit)).toBe(0);
  expect(processes.list()).toHaveLength(1);
});

async function link(): Promise<Peer> {
  const endpoints = findEndpoints(bench().dataDir);
  if (endpoints === undefined) throw new Error('no endpoints');
  const peer = new Peer(net.connect(endpoints.launcher), undefined);
  endings.push(() => {
    peer.close();
  });
  await peer.request('launcher/hello', { token: readToken(endpoints.tokenFile), protocol: 1, core: null });
  return peer;
}

/** What the launcher says it has. */
async function launched(): Promise<LaunchedProcess[]> {
  const endpoints = findEndpoints(bench().dataDir);
  if (endpoints === undefined) throw new Failure('unreachable');
  const peer = new Peer(net.connect(endpoints.launcher), undefined);
  const params = { token: readToken(endpoints.tokenFile), protocol: 1, core: null };
  const hello = (await peer.request('launcher/hello', params)) as { processes: LaunchedProcess[] };
  peer.close();
  return hello.processes;
}

function spawnRequest(id: string, script: string): SpawnRequest {
  const consoleFile = path.join(bench().dataDir, 'logs', id, 'console.log');
  const args = ['-c', `echo up; ${script}`, bench().file(`${id}.saved`)];
  return { id, nonce: `nonce-${id}`, command: '/bin/sh', args, cwd: bench().root, env: {}, consoleFile };
}
