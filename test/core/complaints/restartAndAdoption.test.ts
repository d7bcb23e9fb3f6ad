import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition } from '../../../src/shared/contract.js';
import { dist, isAlive, stateOf, until, useBench } from '../support/bench.js';
import { lookOften, reaches, script, starts, stub, told, Witness } from '../support/witness.js';

/*
 * What users of other panels complain of, each shown not to happen here: the panel's own restart, servers that run
 * already, launchers. Their words → where it is proven.
 *
 * 21  MCSManager#1140           to read its configuration again the daemon must restart, and closes all servers   here
 * 22  MCSManager#194, #1372     the daemon dies under a flood of lines or without memory, the servers with it     here
 * 23  pufferpanel#1270          the state is lost with the daemon     core/survival.test.ts, core/restarts.test.ts
 *                               the same of a server behind a start script                                        here
 *     pufferpanel#1422          a restart in the game makes a process that the panel cannot see                    here
 * 24  MCSManager#1305           started in the background: runs, but is said to be stopped                         here
 *     MCSManager#1322           the restart of a start script finds the port in use                                here
 *     MCSManager#2313           a start script fails without a usable word            core/servers.test.ts,
 *                                                     'what cannot be started says why, and the next start works'
 * 25  hibernation#169           a kill takes only the parent                          core/following.test.ts,
 *                                                     'kill reaches the whole tree and nothing else';
 *                               core/servers.test.ts, 'the whole process tree is counted, and a force kill ends all of it'
 */

const bench = useBench();
const patiently = { timeoutMs: null };

async function begin(...definitions: Definition[]): Promise<CoreConnection> {
  await bench().core();
  const connection = await bench().connect();
  await lookOften(connection);
  for (const definition of definitions) await connection.request('server/add', { definition });
  await Promise.all(definitions.map(({ id }) => connection.request('server/start', { id })));
  return connection;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const demoPid = (): number | undefined => bench().processes('demoServer.js', 'environ')[0];

test('to read a changed configuration the daemon had to restart, and that closed every server', async () => {
  const connection = await begin(bench().demo(), stub(bench(), 'other'));
  const seen = await Witness.of(connection);
  const pids = [(await stateOf(connection)).pid, (await stateOf(connection, 'other')).pid];
  const file = path.join(bench().dataDir, 'servers.json');
  const text = fs.readFileSync(file, 'utf8');
  // Half written first, as an editor leaves it for a moment; then another name, another program, another server.
  fs.writeFileSync(file, text.slice(0, text.length / 2));
  await until('the problem', async () => (await connection.request('server/problems', {})).length > 0);
  const changed = JSON.parse(text) as { servers: Definition[] };
  changed.servers[0] = {
    ...bench().demo(),
    name: 'Renamed',
    launch: { command: '/bin/false' },
    stop: { line: 'stop' },
  };
  fs.writeFileSync(file, JSON.stringify({ version: 1, servers: [...changed.servers, bench().demo('third')] }));
  await until('the third', async () => (await connection.request('server/list', {})).length === 3);
  expect(await stateOf(connection)).toMatchObject({ name: 'Renamed', state: 'running', pid: pids[0] });
  expect(await stateOf(connection, 'other')).toMatchObject({ state: 'running', pid: pids[1] });
  for (const id of ['demo', 'other']) expect(seen.states(id).filter((state) => state !== 'running')).toEqual([]);
  // And where it does restart, as after an update, nothing is closed either.
  await connection.request('core/retire', {});
  await until('its end', () => !isAlive(connection.hello.pid));
  await bench().core();
  const again = await bench().connect();
  expect((await again.request('server/list', {})).map(({ state, pid }) => [state, pid])).toEqual([
    ['running', pids[0]],
    ['running', pids[1]],
    ['stopped', null],
  ]);
  expect(bench().console()).not.toContain('Stopping server');
});

test('a flood of lines or a lack of memory killed the daemon: its servers went with it, or ran unseen for days', async () => {
  const connection = await begin(stub(bench(), 'loud'), bench().demo());
  const pids = [(await stateOf(connection, 'loud')).pid, (await stateOf(connection)).pid];
  const heard: string[] = [];
  let skippedBytes = 0;
  connection.on('console/lines', ({ lines, skipped }) => {
    heard.push(...lines);
    skippedBytes += skipped;
  });
  await connection.request('client/subscribe', { consoles: ['loud'] });
  await connection.request('server/send', { id: 'loud', line: 'flood' });
  await until('the flood', () => heard.at(-1) === 'Stub has flooded');
  // Nobody can read that; what was left out is told, and the server never waited for us.
  expect(skippedBytes).toBeGreaterThan(1024 * 1024);
  expect(await connection.request('console/tail', { id: 'loud', lines: 1 })).toEqual(['Stub has flooded']);
  const status = await connection.request('core/status', {});
  expect(status.pid).toBe(connection.hello.pid);
  expect(status.self.rssBytes).toBeLessThan(200 * 1024 * 1024);
  // Now all of ours at once, so that nobody is left to bring anything back; the next window does.
  if (status.launcher === null) throw new Error('no launcher');
  for (const pid of [status.launcher.pid, status.pid]) process.kill(pid, 'SIGKILL');
  await until('their end', () => bench().processes('core.js').length + bench().processes('launcher.js').length === 0);
  await bench().core();
  const again = await bench().connect();
  expect(await stateOf(again, 'loud')).toMatchObject({ state: 'running', pid: pids[0] });
  expect(await stateOf(again)).toMatchObject({ state: 'running', pid: pids[1], exit: null });
  const { steps } = await again.request('server/stop', { id: 'demo' }, patiently);
  expect(steps.map(({ step, outcome }) => [step, outcome])).toEqual([
    ['save', 'done'],
    ['command', 'done'],
    ['wait', 'done'],
  ]);
  // Its first words are long gone from the console; that there is no second one tells as much.
  expect(bench().processes('stubServer.mjs')).toHaveLength(1);
  expect((await again.request('server/stop', { id: 'loud' }, patiently)).view).toMatchObject({ state: 'stopped' });
});

test('a restart in the game made a new process that the panel could not see', async () => {
  const restart = { policy: 'always' as const, backoffSeconds: [0] };
  const stop = { line: 'stop' };
  const connection = await begin(stub(bench(), 'again', { restart, stop }));
  const seen = await Witness.of(connection);
  const pids: (number | null)[] = [(await stateOf(connection, 'again')).pid];
  for (const times of [2, 3]) {
    await connection.request('server/send', { id: 'again', line: 'restart' });
    const view = await until('the next process', async () => {
      const now = await stateOf(connection, 'again');
      return starts(bench(), 'again', 'Stub ready') === times && !pids.includes(now.pid) && now;
    });
    expect(view).toMatchObject({ state: 'running', exit: null, restarts: { used: 0 } });
    pids.push(view.pid);
  }
  expect(seen.states('again')).toEqual(['running']);
  expect(seen.alerts).toEqual([]);
  await until('its numbers', async () => ((await stateOf(connection, 'again')).sample?.memory ?? 0) > 10_000_000);
  process.kill(connection.hello.pid, 'SIGKILL');
  const next = await bench().connect();
  expect(await stateOf(next, 'again')).toMatchObject({ state: 'running', pid: pids[2] });
  const { view } = await next.request('server/stop', { id: 'again' }, patiently);
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  expect(told(bench(), 'again')).toEqual(['line stop']);
  expect(bench().processes('stubServer.mjs')).toEqual([]);
});

test('the daemon was away when the server behind a start script crashed: it was taken for stopped, and stayed down', async () => {
  const demo = `'${process.execPath}' '${path.join(dist, 'demoServer.js')}' world.json --players 0`;
  const lines = ['exec 3<&0', `exec ${demo} <&3 &`, 'exit 0'];
  const restart = { policy: 'on-crash' as const, backoffSeconds: [1] };
  const connection = await begin(script(bench(), 'behind', lines, { restart }));
  const pid = await until('the server itself', async () => {
    const now = await stateOf(connection, 'behind');
    return now.pid !== null && now.pid === demoPid() && now.pid;
  });
  await connection.request('core/retire', {});
  await until('its end', () => !isAlive(connection.hello.pid));
  process.kill(pid, 'SIGSEGV');
  await until('the crash', () => !isAlive(pid));
  await bench().core();
  const again = await bench().connect();
  const view = await until('the next one', async () => {
    const now = await stateOf(again, 'behind');
    return now.state === 'running' && now.pid !== null && now.pid !== pid && now;
  });
  expect(view.restarts.used).toBe(1);
  await until('the server itself', demoPid);
  await again.request('server/kill', { id: 'behind' });
});

test('a start script runs the server in the background: said to be stopped; its restart found the port in use', async () => {
  const port = await freePort();
  const demo = `'${process.execPath}' '${path.join(dist, 'demoServer.js')}' world.json --players 0 --port ${port}`;
  // Once with a script that is gone at once, once with one that ends with the first signal while the game still saves.
  const behind = ['exec 3<&0', `exec ${demo} <&3 &`, 'exit 0'];
  const above = ['exec 3<&0', `${demo} <&3 &`, 'wait'];
  const stop = { signal: 'SIGTERM' };
  const connection = await begin();
  for (const [id, lines] of Object.entries({ behind, above })) {
    await connection.request('server/add', { definition: script(bench(), id, lines, { stop }) });
    await connection.request('server/start', { id });
    await until('its readiness', () => bench().console(id).includes(`Ready for players on port ${port}`));
    const first = demoPid();
    await reaches(connection, id, 'running');
    await connection.request('server/send', { id, line: 'slowstop 2' });
    await until('that is heard', () => bench().console(id).includes('The next stop takes 2 s'));
    const { view } = await connection.request('server/restart', { id }, patiently);
    expect(view).toMatchObject({ state: 'running', exit: null });
    await until('the next one', () => starts(bench(), id, `Ready for players on port ${port}`) === 2);
    expect(isAlive(first ?? 0)).toBe(false);
    expect(bench().console(id)).not.toContain('already in use');
    expect(bench().console(id).indexOf('Server stopped')).toBeLessThan(
      bench().console(id).lastIndexOf('Starting the demo server'),
    );
    const stopped = await connection.request('server/stop', { id }, patiently);
    expect(stopped.view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
    expect(demoPid()).toBeUndefined();
  }
});
