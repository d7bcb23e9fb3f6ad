import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { whyMissing } from '../support/games.js';
import { defined } from '../support/lives.js';

/* Saves that real games make, as their logs tell them, and what they cost. */

const bench = useBench();

async function savesOf(connection: CoreConnection, id: string, kind: string): Promise<Record<string, unknown>[]> {
  const events = await connection.request('history/events', { id, from: 0, to: Date.now() + 60_000, kinds: [kind] });
  return events.map(({ data }) => data);
}

test.skipIf(whyMissing('openttd') !== undefined)(
  'a save of a big map begins, takes its time and all of a core',
  async () => {
    const { connection } = await defined(bench(), 'openttd');
    const config = bench().file('openttd', 'openttd.cfg');
    fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replaceAll(/map_([xy]) = 6/g, 'map_$1 = 11'));
    const started = await connection.request('server/start', { id: 'openttd' }, { timeoutMs: 100_000 });
    const cpus: number[] = [];
    connection.on('server/sample', ({ samples }) => {
      const cpu = samples.openttd?.cpu ?? null;
      if (cpu !== null) cpus.push(cpu);
    });
    // The least of a few: what generating the map has cost is not its idling.
    await until('some idling', () => cpus.length >= 5);
    const idle = Math.min(...cpus);
    cpus.length = 0;
    const save = await connection.request('server/save', { id: 'openttd' }, { timeoutMs: 90_000 });
    expect(save).toMatchObject({ confirmed: true });
    expect(save.tookMs).toBeGreaterThan(300);
    await until('a look at what came of it', () => cpus.length >= 2);
    expect(Math.max(...cpus)).toBeGreaterThan(Math.max(idle * 2, 30));
    expect(await savesOf(connection, 'openttd', 'save-begun')).toHaveLength(1);
    const [saved, ...more] = await savesOf(connection, 'openttd', 'saved');
    expect(more).toEqual([]);
    expect(saved?.tookMs).toBeGreaterThan(300);
    expect(await stateOf(connection, 'openttd')).toMatchObject({ state: 'running', pid: started.pid });
  },
);

test.skipIf(whyMissing('freeciv') !== undefined)('each turn of Freeciv is a save, played by nobody', async () => {
  const { connection } = await defined(bench(), 'freeciv');
  await connection.request('server/start', { id: 'freeciv' });
  // Saves that are less than two seconds apart are taken for one.
  for (const line of ['set timeout 4', 'start']) await connection.request('server/send', { id: 'freeciv', line });
  await until('three saves', async () => (await savesOf(connection, 'freeciv', 'saved')).length >= 3);
  const names = fs.readdirSync(bench().file('freeciv'));
  expect(names.filter((name) => /^freeciv-T\d+.*\.sav/.test(name)).length).toBeGreaterThanOrEqual(3);
});
