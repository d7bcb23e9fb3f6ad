import { afterEach, expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import { stateOf, until, useBench } from './support/bench.js';
import { ended, startLauncher, type LauncherProcess } from './support/launcherProcess.js';
import { SystemBus } from './support/systemBus.js';

/*
 * The system's word that the PC goes down, and the lock that makes it wait: a real D-Bus daemon and systemd's own
 * program for the lock; only the logind is ours.
 */

const missing = process.env.GSP_SKIP_BUS;
const bench = useBench();
let bus: SystemBus;
afterEach(() => {
  bus.close();
});

async function setUp(): Promise<{ launcher: LauncherProcess; connection: CoreConnection }> {
  const launcher = await startLauncher(bench(), bus.env);
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  return { launcher, connection };
}

test.skipIf(missing !== undefined)(
  'the PC waits for servers, and only while there are any; its word stops them',
  async () => {
    bus = new SystemBus(bench());
    await bus.open();
    const { launcher, connection } = await setUp();
    await connection.request('server/start', { id: 'demo' });
    await until('the lock', () => bus.locks === 1);
    expect(bus.lines.at(-1)).toBe('locked shutdown delay Game Server Panel: Saving and stopping game servers');
    await connection.request('server/stop', { id: 'demo' });
    await until('its release', () => bus.locks === 0);
    await connection.request('server/start', { id: 'demo' });
    await until('the lock again', () => bus.locks === 1);
    // The end of a shutdown, and what a stranger says.
    bus.say('up');
    bus.say('whisper');
    await until('the whisper', () => bus.lines.includes('whispered'));
    await connection.request('server/save', { id: 'demo' });
    await connection.request('server/save', { id: 'demo' });
    expect(await stateOf(connection)).toMatchObject({ state: 'running' });
    expect(launcher.child.exitCode).toBeNull();
    const { saves } = bench().world() ?? { saves: 0 };
    bus.say('down');
    expect(await ended('the launcher', launcher.exit)).toBe(0);
    await until('the release', () => bus.locks === 0);
    expect(bench().world()?.saves).toBe(saves + 2);
    expect(bench().console()).toContain('Server stopped');
    const view = await until('its end', async () => {
      const now = await stateOf(connection);
      return now.state === 'stopped' && now;
    });
    expect(view.exit).toMatchObject({ cause: 'host-restart' });
  },
);

test.skipIf(missing !== undefined)('a launcher that is killed leaves no lock behind', async () => {
  bus = new SystemBus(bench());
  await bus.open();
  const { launcher, connection } = await setUp();
  await connection.request('server/start', { id: 'demo' });
  await until('the lock', () => bus.locks === 1);
  launcher.child.kill('SIGKILL');
  await until('its release', () => bus.locks === 0);
});

test('without a bus servers start and stop as ever', async () => {
  bus = new SystemBus(bench());
  const { launcher, connection } = await setUp();
  expect((await connection.request('server/start', { id: 'demo' })).state).toBe('running');
  expect((await connection.request('server/stop', { id: 'demo' })).view.state).toBe('stopped');
  expect(launcher.child.exitCode).toBeNull();
});
