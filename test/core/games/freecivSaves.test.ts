import { expect, test } from 'vitest';
import { askedGame, eventsOf } from '../support/asked.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { whyMissing } from '../support/games.js';

const bench = useBench();
const id = 'freeciv';

test.skipIf(whyMissing(id) !== undefined)('a Freeciv that saves every turn is seen to do so', async () => {
  const { connection } = await askedGame(bench(), id);
  await connection.request('server/start', { id });
  expect((await stateOf(connection, id)).save).toMatchObject({ lastAt: null, intervalMs: null, isLearned: false });
  // Turns of three seconds: saves in less than two seconds count as one.
  await connection.request('server/send', { id, line: 'set timeout 3' });
  await connection.request('server/send', { id, line: 'start' });
  const first = await until('a save', async () => (await stateOf(connection, id)).save.lastAt);
  await until('another', async () => ((await stateOf(connection, id)).save.lastAt ?? 0) > first);
  const { save } = await until('its rhythm', async () => {
    const view = await stateOf(connection, id);
    return view.save.isLearned && view;
  });
  expect(save.intervalMs).toBeGreaterThan(2000);
  expect(save.nextAt).toBe((save.lastAt ?? 0) + (save.intervalMs ?? 0));
  const events = await eventsOf(connection, id, ['saved']);
  expect(events.length).toBeGreaterThanOrEqual(5);
  expect(events.at(-1)?.at).toBeGreaterThanOrEqual(save.lastAt ?? Infinity);
  // No two of them are told as one, and none is told by its file as well.
  const printed = [
    ...bench()
      .console(id)
      .matchAll(/Game saved as/g),
  ].length;
  expect(Math.abs(printed - (await eventsOf(connection, id, ['saved'])).length)).toBeLessThanOrEqual(1);
  // Its newest file, not its first one.
  await until('its size', async () => ((await stateOf(connection, id)).save.bytes ?? 0) > 1000, 60_000);
  await connection.request('server/stop', { id }, { timeoutMs: 60_000 });
});
