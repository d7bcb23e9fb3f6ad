import { expect, test } from 'vitest';
import { oftenLooking } from '../support/asked.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { oftenMs } from '../support/often.js';
import { palworldIn } from '../support/palworld.js';

/* Twenty games at a time, of which half never answer: nobody waits for them. */

const bench = useBench();
const ids = [...Array(20).keys()].map((n) => `pal-${n}`);
const mute = new Set(ids.filter((_, n) => n % 2 === 1));

test('games that never answer hold up neither the measuring nor those that do', async () => {
  const connection = await oftenLooking(bench());
  const games = new Map<string, Awaited<ReturnType<typeof palworldIn>>>();
  for (const id of ids) {
    const game = await palworldIn(bench(), id);
    games.set(id, game);
    await connection.request('server/add', { definition: game.definition });
  }
  await Promise.all(ids.map(async (id) => await connection.request('server/start', { id }, { timeoutMs: 60_000 })));
  const order = async (id: string, change: { mode?: 'silent'; players?: string[] }): Promise<void> =>
    await games.get(id)?.order(change);
  for (const id of mute) await order(id, { mode: 'silent' });

  const rounds: { at: number; ids: string[] }[] = [];
  connection.on('server/sample', ({ at, samples }) => {
    const measured = Object.entries(samples).filter(([, { cpu, memory }]) => cpu !== null && memory !== null);
    rounds.push({ at, ids: measured.map(([id]) => id).sort() });
  });
  await connection.request('client/subscribe', { samples: true, visible: true });
  // Of each as often as of all others, for as long as it takes to give the silent ones up.
  await until(
    'the silence of half of them',
    async () => {
      const views = await connection.request('server/list', {});
      return views.every(({ id, api }) => api.is === (mute.has(id) ? 'silent' : 'ok'));
    },
    60_000,
  );
  await until('some more rounds', () => rounds.length >= 10);
  const all = [...ids].sort();
  for (const round of rounds) expect(round.ids).toEqual(all);
  const tookMs = (rounds.at(-1)?.at ?? 0) - (rounds[0]?.at ?? 0);
  expect(rounds.length - 1).toBeGreaterThan(tookMs / (2 * oftenMs));

  // Those that are well are heard meanwhile.
  for (const id of ids) await order(id, { players: ['Ann', 'Bob'] });
  for (const id of ids.filter((one) => !mute.has(one))) {
    await until(`the players of ${id}`, async () => (await stateOf(connection, id)).players.online === 2);
  }
  for (const id of ids) {
    const view = await stateOf(connection, id);
    expect(view.state).toBe('running');
    expect(view.api.is).toBe(mute.has(id) ? 'silent' : 'ok');
    if (!mute.has(id)) expect(view.health).toEqual({ is: 'ok', reason: null });
  }
}, 180_000);
