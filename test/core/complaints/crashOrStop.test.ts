import { expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition } from '../../../src/shared/contract.js';
import { sleep, stateOf, until, useBench } from '../support/bench.js';
import { lookOften, reaches, script, starts, stub, Witness } from '../support/witness.js';

/*
 * What users of other panels complain of, each shown not to happen here: crash or stop. Their words → where it is proven.
 *
 *  1  pterodactyl/panel#2136      /stop in the game is restarted as a crash              here
 *  2  pterodactyl/panel#1565      crash detection must be settable per server            here
 *  3  pterodactyl/panel#2715      a plugin stops the empty server, the panel starts it   here
 *  4  pterodactyl/panel#1595      stop ignored, then killed: started again               here
 *  5  MCSManager#1574             with auto-restart on, Stop and Kill restart            here
 *  6  MCSManager#923, #932        auto-restart does not fire after a crash               here
 *                                 freezes are not detected                               core/hang.test.ts, both tests
 *  7  WindowsGSM#75               thousands of restarts, each with a message             here; core/alerts.test.ts
 *  8  WindowsGSM#5                crashes while stopping, and is restarted               here
 *  9  pterodactyl/panel#3521      after an update crash recovery had turned itself off   here
 * 10  pterodactyl/panel#2495      attempts and window must be configurable               here
 * 11  pufferpanel/Scales#88       a lag spike of seconds was read as a crash             here
 * 12  LinuxGSM#299, #2977         a query that fails restarts a running server           here
 * 13  LinuxGSM#2054               boots longer than the monitor waits: restart loop      here
 */

const bench = useBench();

async function begin(...definitions: Definition[]): Promise<{ connection: CoreConnection; seen: Witness }> {
  await bench().core();
  const connection = await bench().connect();
  await lookOften(connection);
  for (const definition of definitions) await connection.request('server/add', { definition });
  const seen = await Witness.of(connection);
  await Promise.all(definitions.map(({ id }) => connection.request('server/start', { id })));
  return { connection, seen };
}

const atOnce = (policy: 'on-crash' | 'always') => ({ policy, backoffSeconds: [0] });

test('stopped with a word in the game, by a plugin when nobody was on, or by a system tool: it came back as after a crash', async () => {
  const restart = atOnce('on-crash');
  // As a Java machine ends that was told by its service manager.
  const byTool = ['trap "exit 143" TERM', 'while :; do sleep 0.1; done'];
  const { connection, seen } = await begin(
    bench().demo('typed', { restart }),
    stub(bench(), 'plugin', { restart }, ['--lives', '3']),
    script(bench(), 'tool', byTool, { restart }),
  );
  await connection.request('server/send', { id: 'typed', line: 'stop' });
  process.kill((await stateOf(connection, 'tool')).pid ?? 0, 'SIGTERM');
  for (const [id, code] of Object.entries({ typed: 0, plugin: 0, tool: 143 })) {
    const view = await reaches(connection, id, 'stopped');
    expect(view).toMatchObject({ exit: { code, cause: 'stopped-from-inside' }, restarts: { used: 0, nextAt: null } });
    expect(seen.states(id).slice(-2)).toEqual(['running', 'stopped']);
  }
  expect(starts(bench(), 'typed')).toBe(1);
  expect(starts(bench(), 'plugin', 'Stub starts')).toBe(1);
  expect(seen.alerts).toEqual([]);
});

test('what is a crash could not be said per server: one that restarts from within was called crashed, or stayed down', async () => {
  const { connection, seen } = await begin(
    bench().demo('back', { restart: { ...atOnce('on-crash'), onCleanExit: true } }),
    bench().demo('down', { restart: atOnce('on-crash') }),
    bench().demo('never'),
  );
  const { pid } = await stateOf(connection, 'back');
  for (const id of ['back', 'down']) await connection.request('server/send', { id, line: 'stop' });
  await connection.request('server/send', { id: 'never', line: 'crash' });
  await until('the return', async () => {
    const now = await stateOf(connection, 'back');
    return now.state === 'running' && now.pid !== pid;
  });
  expect(seen.states('back')).not.toContain('crashed');
  expect(seen.alerts.filter(({ server }) => server === 'back')).toEqual([]);
  await reaches(connection, 'down', 'stopped');
  await reaches(connection, 'never', 'crashed');
  expect(seen.states('down')).not.toContain('restarting');
  expect(seen.states('never')).not.toContain('restarting');
});

test('Stop, Kill, Kill after an ignored Stop, a crash while it stopped: with automatic restart each started it again', async () => {
  const restart = atOnce('always');
  const ids = ['stopped', 'killed', 'deaf', 'fell'];
  const stop = { graceSeconds: 1 };
  const { connection, seen } = await begin(
    ...['stopped', 'killed', 'fell'].map((id) => bench().demo(id, { restart })),
    stub(bench(), 'deaf', { restart, stop: { ...stop, signal: 'SIGTERM' } }, ['--ends', 'nothing']),
  );
  await connection.request('server/stop', { id: 'stopped' });
  await connection.request('server/kill', { id: 'killed' });
  await expect(connection.request('server/stop', { id: 'deaf' })).rejects.toMatchObject({ code: 'stop-timeout' });
  await connection.request('server/kill', { id: 'deaf' });
  await connection.request('server/send', { id: 'fell', line: 'slowstop 60' });
  const stopping = connection.request('server/stop', { id: 'fell' });
  await until('the stop is heard', () => bench().console('fell').includes('Stopping server'));
  process.kill((await stateOf(connection, 'fell')).pid ?? 0, 'SIGSEGV');
  expect((await stopping).view.exit).toMatchObject({ signal: 'SIGSEGV', cause: 'asked' });
  // A restart that was planned would be seen by now, and done.
  await sleep(500);
  for (const id of ids) {
    expect(await stateOf(connection, id)).toMatchObject({ state: 'stopped', pid: null, exit: { cause: 'asked' } });
    expect(seen.states(id)).toEqual(['starting', 'running', 'stopping', 'stopped']);
  }
  expect(seen.alerts.filter(({ rule }) => rule !== 'stop-timeout')).toEqual([]);
});

test('automatic restart did not fire: an exit code, a fault, a kill from outside, an abort each bring it back', async () => {
  const { connection } = await begin(bench().demo('demo', { restart: { ...atOnce('on-crash'), maxAttempts: 4 } }));
  const send = (line: string) => () => connection.request('server/send', { id: 'demo', line });
  const signal = (name: NodeJS.Signals) => (pid: number) => Promise.resolve(process.kill(pid, name));
  let used = 0;
  for (const fall of [send('crash 1'), send('crash'), signal('SIGKILL'), signal('SIGABRT')]) {
    const pid = (await stateOf(connection)).pid ?? 0;
    await fall(pid);
    const view = await until('its return', async () => {
      const now = await stateOf(connection);
      return now.state === 'running' && now.pid !== pid && now;
    });
    expect(view.restarts.used).toBe(++used);
  }
});

test('thousands of restarts and a message for each: a loop ends after the attempts it was given, with two alerts', async () => {
  // Up for a moment each time, so that "it was alive at the last look" would count from zero for ever; then not even that.
  const lines = ['echo x >> starts', '[ $(wc -l < starts) -gt 2 ] && exit 3', 'echo Ready', 'sleep 1', 'exit 1'];
  const restart = { ...atOnce('always'), maxAttempts: 3 };
  const { connection, seen } = await begin(script(bench(), 'loop', lines, { restart, patterns: { ready: 'Ready' } }));
  await reaches(connection, 'loop', 'failed');
  await sleep(500);
  expect(await stateOf(connection, 'loop')).toMatchObject({ state: 'failed', restarts: { used: 3, nextAt: null } });
  expect(seen.states('loop').filter((state) => state === 'starting')).toHaveLength(4);
  const alerts = await connection.request('alert/list', {});
  expect(alerts.map(({ rule }) => rule).sort()).toEqual(['crash', 'gave-up']);
  expect(new Set(seen.alerts.map(({ id }) => id)).size).toBe(2);
});

test('after an update crash recovery had turned itself off: another definition and another core leave it on', async () => {
  const first = await bench().core();
  const before = await bench().connect();
  const definition = bench().demo('demo', { restart: atOnce('on-crash') });
  await before.request('server/add', { definition });
  const { pid } = await before.request('server/start', { id: 'demo' });
  await before.request('server/update', { definition: { ...definition, name: 'Renamed', stop: { graceSeconds: 9 } } });
  await before.request('core/retire', {});
  await first.exit;
  await bench().core();
  const connection = await bench().connect();
  expect(await stateOf(connection)).toMatchObject({ state: 'running', pid, name: 'Renamed' });
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  const view = await until('its return', async () => {
    const now = await stateOf(connection);
    return now.state === 'running' && now.pid !== pid && now;
  });
  expect(view.restarts.used).toBe(1);
});

test('one fixed timer for all: attempts and window are each server’s own', async () => {
  const restart = { ...atOnce('on-crash'), maxAttempts: 1 };
  const { connection } = await begin(
    bench().demo('strict', { restart }),
    bench().demo('patient', { restart: { ...restart, maxAttempts: 2 } }),
    bench().demo('brief', { restart: { ...restart, windowSeconds: 1 } }),
  );
  const ids = ['strict', 'patient', 'brief'];
  const fall = async (): Promise<void> => {
    for (const id of ids) await connection.request('server/send', { id, line: 'crash' });
  };
  await fall();
  for (const id of ids) {
    await until(`${id} again`, async () => starts(bench(), id) === 2 && (await reaches(connection, id, 'running')));
  }
  await until('the end of the short window', async () => (await stateOf(connection, 'brief')).restarts.used === 0);
  await fall();
  await reaches(connection, 'strict', 'failed');
  for (const id of ['patient', 'brief']) {
    await until(`${id} again`, async () => starts(bench(), id) === 3 && (await reaches(connection, id, 'running')));
  }
  expect((await stateOf(connection, 'patient')).restarts).toMatchObject({ used: 2, max: 2 });
});

test('a lag spike of seconds was read as a crash: the server is left alone, also where hangs are restarted', async () => {
  const care = { restart: atOnce('always'), hang: { afterSeconds: 10, restart: true } };
  const { connection, seen } = await begin(bench().demo('demo', care, ['--players', '3', '--save-every', '3']));
  const { pid } = await until('its first numbers', async () => {
    const now = await stateOf(connection);
    return now.sample?.cpu != null && now;
  });
  await connection.request('server/send', { id: 'demo', line: 'spike 5' });
  process.kill(pid ?? 0, 'SIGSTOP');
  await sleep(4000);
  process.kill(pid ?? 0, 'SIGCONT');
  await until('the lag, in its own words', () => bench().console().includes("Can't keep up"));
  const { sample } = await stateOf(connection);
  await until(
    'two looks after it',
    async () => ((await stateOf(connection)).sample?.at ?? 0) > (sample?.at ?? 0) + 2500,
  );
  expect(await stateOf(connection)).toMatchObject({
    state: 'running',
    pid,
    health: { is: 'ok' },
    restarts: { used: 0 },
  });
  expect(seen.healths('demo')).not.toContain('hung');
  expect(seen.alerts).toEqual([]);
});

test('slower to start than the monitor waits, or asked at a wrong port: restarted again and again while it was fine', async () => {
  const change = { restart: atOnce('always'), hang: { afterSeconds: 10, restart: true } };
  const closed = { queryPort: 9, rconPort: 9 };
  const { connection, seen } = await begin(
    stub(bench(), 'slow', { ...change, start: { readySeconds: 0.5 }, connection: closed }, ['--ready-after', '3']),
  );
  const late = await stateOf(connection, 'slow');
  expect(late).toMatchObject({ state: 'running', health: { is: 'degraded', reason: 'not-ready' } });
  const well = await until('its ready line', async () => {
    const now = await stateOf(connection, 'slow');
    return now.health.is === 'ok' && now;
  });
  expect(well).toMatchObject({ state: 'running', pid: late.pid, restarts: { used: 0 } });
  expect(seen.states('slow')).toEqual(['starting', 'running']);
  expect(starts(bench(), 'slow', 'Stub starts')).toBe(1);
  expect(seen.alerts).toEqual([]);
});
