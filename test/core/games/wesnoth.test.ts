import { describe, expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import { isAlive, stateOf, until, useBench } from '../support/bench.js';
import { whyMissing } from '../support/games.js';
import { defined, reached } from '../support/lives.js';

/* SIGTERM ends it with 143: what that means depends on who asked for it. */

const bench = useBench();

describe.skipIf(whyMissing('wesnoth') !== undefined)('Wesnoth', () => {
  async function running(): Promise<{ connection: CoreConnection; pid: number }> {
    const restart = { policy: 'on-crash' as const, backoffSeconds: [0.05] };
    const { connection } = await defined(bench(), 'wesnoth', { restart });
    const { pid, state } = await connection.request('server/start', { id: 'wesnoth' });
    expect(state).toBe('running');
    return { connection, pid: pid ?? 0 };
  }

  test('that ends with 143 as the panel has asked was asked to', async () => {
    const { connection } = await running();
    const { view } = await connection.request('server/stop', { id: 'wesnoth' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 143, signal: null, cause: 'asked' } });
  });

  test('that ends with 143 because somebody else has told it to was stopped from inside', async () => {
    const { connection, pid } = await running();
    process.kill(pid, 'SIGTERM');
    const view = await reached(connection, 'wesnoth', 'stopped');
    expect(view).toMatchObject({ exit: { code: 143, cause: 'stopped-from-inside' }, restarts: { nextAt: null } });
  });

  test('that ended so while no core was there is no crash for the next one either', async () => {
    const { connection, pid } = await running();
    const { pid: core } = await connection.request('core/status', {});
    process.kill(core, 'SIGTERM');
    await until('the end of the core', () => !isAlive(core));
    process.kill(pid, 'SIGTERM');
    await until('the end of the server', () => !isAlive(pid));
    await bench().core();
    const view = await stateOf(await bench().connect(), 'wesnoth');
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 143, cause: 'stopped-from-inside' } });
  });
});
