import { describe, expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition } from '../../../src/shared/contract.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { definitionOf, programOf, rootPrefix, whyMissing } from '../support/games.js';
import { defined, detailsOf, livesOf } from '../support/lives.js';

/* Its own word on stdin ends it; signals do other things to it, one of them a crash. */

livesOf({
  game: 'freeciv',
  readyText: 'Now accepting new client connections',
  stopText: 'Goodbye.',
  steps: [
    ['save', 'Game saved as'],
    ['command', 'quit'],
    ['wait', null],
  ],
  endFromInside: async (connection, { id }) => await connection.request('server/send', { id, line: 'quit' }),
});

const bench = useBench();

describe.skipIf(whyMissing('freeciv') !== undefined)('Freeciv', () => {
  async function running(change: Partial<Definition>): Promise<CoreConnection> {
    const { connection } = await defined(bench(), 'freeciv', change);
    await connection.request('server/start', { id: 'freeciv' });
    return connection;
  }

  test('that aborts in the middle of a stop was stopped, and stays so under any policy', async () => {
    const connection = await running({
      stop: { signal: 'SIGTERM' },
      restart: { policy: 'always', backoffSeconds: [0.05] },
    });
    await connection.request('server/send', { id: 'freeciv', line: 'save foo' });
    await until('the save', () => bench().console('freeciv').includes('Game saved as'));
    const { view } = await connection.request('server/stop', { id: 'freeciv' });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: null, signal: 'SIGABRT', cause: 'asked' } });
    expect(view.restarts).toMatchObject({ used: 0, nextAt: null });
    expect(bench().console('freeciv')).toContain('double free');
  });

  test('that takes SIGINT for a question is asked more plainly, and not killed', async () => {
    const connection = await running({ stop: { signal: 'SIGINT', graceSeconds: 8 } });
    const { view, steps } = await connection.request('server/stop', { id: 'freeciv' }, { timeoutMs: null });
    expect(bench().console('freeciv')).toContain('You must interrupt Freeciv twice');
    expect(detailsOf(steps).slice(1)).toEqual([
      ['signal', 'SIGINT'],
      ['wait', null],
      ['signal', 'SIGTERM'],
      ['wait', null],
    ]);
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
  });

  test.skipIf(rootPrefix === undefined)('as root fails to start, and its last words say why', async () => {
    const { connection, place } = await defined(bench(), 'freeciv');
    const { launch } = definitionOf('freeciv', place);
    const words = [...(rootPrefix ?? []), programOf('freeciv'), '-b', '127.0.0.1', '-p', String(place.port)];
    const asRoot = { ...launch, command: words[0] ?? '', args: words.slice(1) };
    await connection.request('server/update', { definition: definitionOf('freeciv', place, { launch: asRoot }) });
    const start = connection.request('server/start', { id: 'freeciv' });
    await expect(start).rejects.toMatchObject({ code: 'start-failed', data: { exitCode: 1 } });
    const lines = await connection.request('console/tail', { id: 'freeciv', lines: 50 });
    expect(lines.join('\n')).toContain('superuser');
    expect(await stateOf(connection, 'freeciv')).toMatchObject({ state: 'crashed', exit: { cause: 'start-failed' } });
  });
});
