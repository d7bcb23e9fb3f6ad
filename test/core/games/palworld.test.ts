import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition, Sample } from '../../../src/shared/contract.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { adminPassword, palworldIn, type FakePalworld } from '../support/palworld.js';
import { often, oftenAsked } from '../support/often.js';

const bench = useBench();
const id = 'pal';

/** A running one, asked often. */
async function running(change: Partial<Definition> = {}): Promise<[FakePalworld, CoreConnection]> {
  const game = await palworldIn(bench(), id, change);
  await bench().core();
  const connection = await bench().connect();
  await connection.request('settings/set', { settings: { sampling: often, games: oftenAsked } });
  await connection.request('server/add', { definition: game.definition });
  await connection.request('server/start', { id });
  await until('its first answer', async () => (await stateOf(connection, id)).api.is === 'ok');
  return [game, connection];
}

const kindsOf = async (connection: CoreConnection): Promise<string[]> =>
  (await connection.request('history/events', { id, from: 0, to: Date.now() + 1000 })).map(({ kind }) => kind);

test('tells what it knows of itself: players, tick rate and frame time, with where that comes from', async () => {
  const [game, connection] = await running();
  const samples: Sample[] = [];
  connection.on('server/sample', (tick) => {
    const sample = tick.samples[id];
    if (sample !== undefined) samples.push(sample);
  });
  await connection.request('client/subscribe', { samples: true });
  await game.order({ players: ['Ann', '영희'] });
  await until('two players', () => samples.at(-1)?.players === 2);
  expect(samples.at(-1)).toMatchObject({ players: 2, tickRate: 58, frameTime: 17.2 });
  expect(samples.at(-1)?.apiTime).toBeGreaterThan(0);
  const view = await stateOf(connection, id);
  expect(view.players).toMatchObject({ online: 2, max: 32, source: 'rest' });
  expect(view.health).toEqual({ is: 'ok', reason: null });
  const quotient = view.perPlayer.memory?.quotient ?? 0;
  expect(Math.abs(quotient * 2 - (view.sample?.memory ?? 0))).toBeLessThan(1);
  const names = await connection.request('server/players', { id });
  expect(names.map(({ name, id: own }) => [name, own])).toEqual([
    ['Ann', 'steam_Ann'],
    ['영희', 'steam_영희'],
  ]);
  const joined = async (): Promise<boolean> =>
    (await kindsOf(connection)).filter((kind) => kind === 'player-joined').length === 2;
  await until('events of both', joined);
  await game.order({ players: ['영희'] });
  await until('an event of the one that left', async () => (await kindsOf(connection)).includes('player-left'));
  expect(await joined()).toBe(true);
});

test('is saved and ended by its own interface, and gets no signal: its world is not lost', async () => {
  const [game, connection] = await running({ stop: { announceSeconds: [2] } });
  await game.order({ players: ['Ann'] });
  await until('one player', async () => (await stateOf(connection, id)).players.online === 1);
  const { view, steps } = await connection.request('server/stop', { id, mode: 'graceful', countdownSeconds: 2 });
  expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    ...['announce done', 'save done', 'command done', 'wait done'],
  ]);
  expect(game.told()).toEqual(['announce Server stops in 2 seconds', 'save', 'shutdown 1']);
  expect(game.saves()).toBe(2);
  expect([view.state, view.exit?.cause]).toEqual(['stopped', 'asked']);
});

test('nobody is warned where its own list is empty', async () => {
  const [game, connection] = await running();
  const { steps } = await connection.request('server/stop', { id, mode: 'graceful', countdownSeconds: 60 });
  expect(steps[0]).toMatchObject({ step: 'announce', outcome: 'skipped' });
  expect(game.told()).toEqual(['save', 'shutdown 1']);
});

test('does what people ask for: save, announce, kick, ban', async () => {
  const [game, connection] = await running();
  await game.order({ players: ['Ann', 'Bob'] });
  expect((await stateOf(connection, id)).capabilities).toEqual(
    expect.arrayContaining(['save', 'announce', 'players', 'test', 'action.kick', 'action.ban', 'action.unban']),
  );
  expect(await connection.request('server/save', { id })).toMatchObject({ confirmed: true });
  await connection.request('server/announce', { id, text: 'Back in a minute' });
  await connection.request('server/action', { id, name: 'kick', args: { player: 'steam_Bob', reason: 'AFK' } });
  await connection.request('server/action', { id, name: 'ban', args: { player: 'steam_Eve' } });
  await connection.request('server/action', { id, name: 'unban', args: { player: 'steam_Eve' } });
  expect(game.told()).toEqual([
    ...['save', 'announce Back in a minute', 'kick steam_Bob AFK', 'ban steam_Eve', 'unban steam_Eve'],
  ]);
  const { save } = await stateOf(connection, id);
  expect(save.lastAt).not.toBeNull();
  expect(await connection.request('server/test', { id })).toEqual([
    { channel: 'rest', ok: true, code: null, tookMs: expect.any(Number) as number },
  ]);
  const wrong = connection.request('server/action', { id, name: 'kick', args: {} });
  await expect(wrong).rejects.toMatchObject({ code: 'invalid-definition', data: { field: 'player' } });
  const unknown = connection.request('server/action', { id, name: 'dance', args: {} });
  await expect(unknown).rejects.toMatchObject({ code: 'unsupported' });
});

test('whose interface is down while its process is well is degraded, not stopped, and is well again with it', async () => {
  const [game, connection] = await running();
  await game.order({ players: ['Ann'] });
  await until('somebody of whom its lines say nothing', async () =>
    (await kindsOf(connection)).includes('player-joined'),
  );
  await game.order({ mode: 'closed' });
  const view = await until('its silence', async () => {
    const now = await stateOf(connection, id);
    return now.health.is === 'degraded' ? now : undefined;
  });
  expect(view.health.reason).toBe('api-silent');
  expect([view.state, view.alerts]).toEqual(['running', 0]);
  // Unknown is unknown, and not nobody.
  await until('the old number to be forgotten', async () => (await stateOf(connection, id)).players.online === null);
  // It still saves what it can: here a signal is the only way that is left.
  const { steps } = await connection.request('server/stop', { id });
  expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    ...['save failed', 'command failed', 'signal done', 'wait done'],
  ]);
}, 90_000);

test('its notes of being asked are not in the console that people see, and what it says itself is', async () => {
  const [game, connection] = await running();
  await until(
    'some polls',
    () =>
      (bench()
        .console(id)
        .match(/REST accessed endpoint/g)?.length ?? 0) > 4,
  );
  const seen = await connection.request('console/tail', { id, lines: 100 });
  expect(seen.some((line) => line.includes('Running Palworld dedicated server'))).toBe(true);
  expect(seen.filter((line) => /endpoint .*(info|metrics|players)/.test(line))).toEqual([]);
  await connection.request('server/announce', { id, text: 'Hello' });
  expect(game.told()).toContain('announce Hello');
});

test('a password that is refused is told, and one that is given then is used', async () => {
  const game = await palworldIn(bench(), id);
  // Somebody has another password in the file than the game was started with, as after a change without a restart.
  await bench().core();
  const connection = await bench().connect();
  await connection.request('settings/set', { settings: { sampling: often, games: oftenAsked } });
  await connection.request('server/add', { definition: game.definition });
  await connection.request('server/start', { id });
  await until('its first answer', async () => (await stateOf(connection, id)).api.is === 'ok');
  await connection.request('secret/set', { id, key: 'restPassword', value: 'not-this-one' });
  const refused = await until('the refusal', async () => {
    const view = await stateOf(connection, id);
    return view.api.is === 'refused' ? view : undefined;
  });
  expect(refused.health).toEqual({ is: 'degraded', reason: 'api-refused' });
  await connection.request('secret/set', { id, key: 'restPassword', value: adminPassword });
  await until('its answer', async () => (await stateOf(connection, id)).api.is === 'ok');
  expect(fs.readFileSync(`${bench().dataDir}/logs/core.log`, 'utf8')).not.toContain(adminPassword);
}, 90_000);
