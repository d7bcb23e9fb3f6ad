import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Bench, sleep, until } from './support/bench.js';
import { definitionOf, luantiMod, newPlace, whyMissing } from './support/games.js';
import { known, knownDemo, weekHours, type Told, type Watched } from './support/knownServer.js';

const minute = 60_000;
const hour = 60 * minute;
const megabyte = 1024 ** 2;

async function withBench(use: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = new Bench();
  try {
    await use(bench);
  } finally {
    await bench.dispose();
  }
}

// Both wait for minutes, and need not wait for each other.
describe.concurrent('the demo server', () => {
  test('a runaway loop is found, with its alert, and is over; its saves are not', { timeout: 600_000 }, async () =>
    withBench(async (bench) => {
      const times = 12;
      const { connection, told, saves, view } = await knownDemo(bench, times, 25);
      // Twenty minutes after it has loaded.
      await sleep((35 * minute) / times);
      await until('some saves', () => saves() >= 4);
      expect(told).toEqual([]);

      // Until it is found: it needs half a core for some minutes of its core's clock, on whatever machine this is.
      await connection.request('server/send', { id: 'demo', line: 'spike 300' });
      const find = (turn: string): Told | undefined => told.find((one) => one.turn === turn && one.metric === 'cpu');
      await until('the spike', () => find('begin'), 240_000);
      expect((await view())?.anomalies).toBe(1);
      const [alert] = await connection.request('alert/list', {});
      expect(alert).toMatchObject({ rule: 'anomaly', state: 'active', data: { metric: 'cpu', end: null } });
      const { findings } = (await connection.request('baseline/get', { id: 'demo' })) as { findings: Told[] };
      expect(findings[0]).toMatchObject({ metric: 'cpu', end: null });
      await connection.request('server/send', { id: 'demo', line: 'spike 0' });
      await until('its end', () => find('end'), 180_000);
      expect((await connection.request('alert/list', {}))[0]?.state).toBe('resolved');
      expect(told.filter(({ metric }) => metric === 'save')).toEqual([]);
    }),
  );

  test('a leak is found with the hours that are left', { timeout: 900_000 }, async () =>
    withBench(async (bench) => {
      const times = 30;
      const { connection, told } = await knownDemo(bench, times, 0);
      await sleep((20 * minute) / times);
      // 60 MB an hour by the clock of its core.
      await connection.request('server/send', { id: 'demo', line: `leak ${String(times)}MB/min` });
      const leak = await until('the leak', () => told.find(({ kind }) => kind === 'leak'), (4 * hour) / times);
      expect(leak).toMatchObject({ metric: 'memory', cause: 'bug' });
      const { bytesPerHour, hoursLeft } = leak;
      expect(bytesPerHour).toBeGreaterThan(30 * megabyte);
      expect(bytesPerHour).toBeLessThan(120 * megabyte);
      expect(hoursLeft).toBeGreaterThan(0);
      // On a PC with room for more than a week it is none.
      const leaks = (await connection.request('alert/list', {})).filter(({ rule }) => rule === 'leak');
      expect(leaks.map(({ state }) => state)).toEqual((hoursLeft ?? Infinity) <= weekHours ? ['active'] : []);
    }),
  );
});

/** Does what its world's files `busy` (milliseconds of CPU in each step) and `leak` (kilobytes each second) say. */
const faults = `
local world = minetest.get_worldpath()
local kept, busy, since = {}, 0, 0
local function number(name)
  local file = io.open(world .. "/" .. name, "r")
  if not file then return 0 end
  local value = file:read("*n")
  file:close()
  return value or 0
end
minetest.register_globalstep(function(passed)
  since = since + passed
  if since >= 1 then
    since = 0
    busy = number("busy")
    local leak = number("leak")
    if leak > 0 then kept[#kept + 1] = string.rep(string.char(#kept % 256), leak * 1024) .. #kept end
  end
  local goal = os.clock() + busy / 1000
  while os.clock() < goal do end
end)
`;

describe.skipIf(whyMissing('luanti') !== undefined)('Luanti', { concurrent: true }, () => {
  async function faulty(bench: Bench, times: number): Promise<Watched & { set(file: string, value: number): void }> {
    luantiMod(bench, 'luanti', faults);
    const definition = definitionOf('luanti', await newPlace(bench, 'luanti'));
    const watched = await known(bench, { times, saveSeconds: 0, definition });
    const set = (file: string, value: number): void =>
      fs.writeFileSync(bench.file('luanti', 'world', file), `${String(value)}\n`);
    return { ...watched, set };
  }

  test('a mod that runs away is found, and is over; its saves are not', { timeout: 900_000 }, async () =>
    withBench(async (bench) => {
      const times = 12;
      const { told, set } = await faulty(bench, times);
      await sleep((35 * minute) / times);
      expect(told).toEqual([]);
      set('busy', 1000);
      const find = (turn: string): Told | undefined => told.find((one) => one.turn === turn && one.metric === 'cpu');
      // Half a core for some minutes of its core's clock: on a PC with other work it takes its time.
      await until('the loop', () => find('begin'), 480_000);
      set('busy', 0);
      await until('its end', () => find('end'), 180_000);
    }),
  );

  test('a mod that keeps all it has is a leak', { timeout: 900_000 }, async () =>
    withBench(async (bench) => {
      const times = 30;
      const { told, set } = await faulty(bench, times);
      await sleep((20 * minute) / times);
      set('leak', 512);
      const leak = await until('the leak', () => told.find(({ kind }) => kind === 'leak'), (4 * hour) / times);
      expect(leak).toMatchObject({ metric: 'memory', cause: 'bug' });
      expect(leak.bytesPerHour).toBeGreaterThan(30 * megabyte);
      expect(leak.bytesPerHour).toBeLessThan(120 * megabyte);
    }),
  );
});
