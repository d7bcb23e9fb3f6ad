import { expect, test } from 'vitest';
import { isAlive, stateOf, until, useBench } from '../support/bench.js';
import { whyMissing } from '../support/games.js';
import { defined } from '../support/lives.js';

/*
 * TetriNET forks: the process that was started ends with 0 at once, and the server lives on as another one. Needs the
 * following of such heirs.
 */

const bench = useBench();

test.skipIf(whyMissing('tetrinet') !== undefined)('a server that forks away is the one that runs', async () => {
  const { connection } = await defined(bench(), 'tetrinet');
  const started = await connection.request('server/start', { id: 'tetrinet' });
  expect(started).toMatchObject({ state: 'running' });
  const [real] = await until('the real server', () => {
    const found = bench().processes('tetrinetx', 'environ');
    return found.length === 1 && isAlive(found[0] ?? 0) && found;
  });
  expect(started.pid).toBe(real);
  expect(await stateOf(connection, 'tetrinet')).toMatchObject({ state: 'running', pid: real, exit: null });
  const { view } = await connection.request('server/stop', { id: 'tetrinet' });
  expect(view).toMatchObject({ state: 'stopped', exit: { cause: 'asked' } });
  expect(isAlive(real ?? 0)).toBe(false);
});
