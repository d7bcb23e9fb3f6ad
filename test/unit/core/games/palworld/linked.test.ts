import { afterEach, beforeEach, expect, test } from 'vitest';
import { adapters } from '../../../../../src/core/games/adapters.js';
import { RconClients } from '../../../../../src/core/games/rcon/clients.js';
import { RestClients } from '../../../../../src/core/games/rest/restClient.js';
import { GameLinks } from '../../../../../src/core/games/runner/gameLinks.js';
import { effective, type Effective } from '../../../../../src/shared/definition.js';
import { makePalworldRcon, type FakePalworldRcon } from '../fakes/palworldRcon.js';
import { makePalworldRest, type FakePalworldRest } from '../fakes/palworldRest.js';

let rest: FakePalworldRest;
let rcon: FakePalworldRcon;
let rests: RestClients;
let rcons: RconClients;
let links: GameLinks;
let passwords: Record<string, string>;

beforeEach(async () => {
  [rest, rcon] = await Promise.all([makePalworldRest(), makePalworldRcon()]);
  [rests, rcons] = [new RestClients(), new RconClients()];
  passwords = { restPassword: rest.password, rconPassword: rcon.password };
  links = new GameLinks({
    adapters,
    secret: (_, key) => passwords[key],
    rest: rests,
    rcon: rcons,
    admin: { of: () => ({ say: () => Promise.reject(new Error('not by this')) }) },
    isBusy: () => false,
    intervals: () => ({ pollIntervalMs: 15_000, busyPollIntervalMs: 60_000 }),
    changed: () => undefined,
    named: () => undefined,
    log: { write: () => undefined },
  });
});
afterEach(async () => {
  links.dispose();
  rcons.dispose();
  await rests.dispose();
  await Promise.all([rest.close(), rcon.close()]);
});

function server(ways: readonly ('rest' | 'rcon')[] = ['rest', 'rcon']): Effective {
  const connection = {
    ...(ways.includes('rest') ? { restPort: rest.port } : {}),
    ...(ways.includes('rcon') ? { rconPort: rcon.port } : {}),
  };
  return effective({ id: 'pal', name: 'Pal', game: 'palworld', launch: { command: 'PalServer.sh' }, connection });
}

test('all that it can be asked and told goes by the better way', async () => {
  rest.world.players = [{ name: '김철수', id: 'steam_76561198000000001' }];
  expect(links.can(server())).toEqual({
    ...{ save: true, announce: true, end: true, actions: ['kick', 'ban', 'unban', 'settings', 'info'] },
  });
  links.up('pal', server());
  await expect.poll(() => links.facts('pal').api, { timeout: 10_000 }).toMatchObject({ is: 'ok', via: 'rest' });
  expect(links.facts('pal')).toMatchObject({
    ...{ players: { value: 1 }, maxPlayers: { value: 32 }, tickRate: 58, frameTime: 17.2 },
    names: { value: rest.world.players },
  });
  await links.save(server(), 10_000);
  await links.announce(server(), '곧 종료됩니다');
  await links.action(server(), 'kick', { player: 'steam_76561198000000001' });
  await links.end(server());
  expect(rest.done).toEqual(['save', 'announce 곧 종료됩니다', 'kick steam_76561198000000001', 'end']);
  expect(rcon.done).toEqual([]);
});

test('what the better way refuses, or is not there for, goes by the other', async () => {
  passwords.restPassword = 'another';
  await links.save(server(), 10_000);
  await rest.close();
  await links.announce(server(), 'bye all');
  await links.end(server());
  expect(rest.done).toEqual([]);
  expect(rcon.done).toEqual(['save', 'announce bye_all', 'end']);
});

test('by RCON alone a text that it cannot show is said in its plain words, or not at all', async () => {
  await links.announce(server(['rcon']), '곧 종료됩니다', 'bye all');
  await expect(links.announce(server(['rcon']), '곧 종료됩니다')).rejects.toMatchObject({ code: 'unsupported' });
  expect(rcon.done).toEqual(['announce bye_all']);
});

test('what the better way may have done is not done again by the other', async () => {
  rest.mode = 'reset';
  await expect(links.save(server(), 10_000)).rejects.toMatchObject({ code: 'unreachable', data: { isSent: true } });
  // Over this it may well have ended.
  await links.end(server());
  expect([rest.done, rcon.done]).toEqual([['save', 'end'], []]);
});

test('without a port there is no way; each that is set up is tested for itself', async () => {
  expect(links.can(server([]))).toEqual({ save: false, announce: false, end: false, actions: [] });
  await expect(links.end(server([]))).rejects.toMatchObject({ code: 'unsupported' });
  passwords.rconPassword = 'another';
  expect(await links.test(server())).toMatchObject([
    { channel: 'rest', ok: true, code: null },
    { channel: 'rcon', ok: false, code: 'auth-rejected' },
  ]);
});
