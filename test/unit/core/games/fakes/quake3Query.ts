import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { listenUdp } from './listeners.js';

const word = (text: string): Buffer => Buffer.from(`\xff\xff\xff\xff${text}`, 'latin1');

/** Answers getinfo and getstatus as ioquake3 does, with one bot beside the players. */
export const quake3Query: MakeFake = async () => {
  const world: FakeWorld = { players: [{ name: 'ann', id: null }], maxPlayers: 12 };
  const answer = (asked: Buffer): Buffer | null => {
    const text = asked.toString('latin1', 4);
    const most = `\\sv_maxclients\\${world.maxPlayers}`;
    const people = world.players.length;
    if (text === 'getinfo')
      return word(`infoResponse\n${most}\\g_humanplayers\\${people}\\clients\\${people + 1}\\hostname\\no name`);
    if (text !== 'getstatus') return null;
    const list = world.players.map(({ name }) => `3 48 "${name}"\n`);
    return word(`statusResponse\n${most}\\version\\ioq3 1.36\\mapname\\oa_dm1\n0 0 "Sarge"\n${list.join('')}`);
  };
  const fake: FakeGame = {
    via: 'query',
    password: null,
    world,
    mode: 'well',
    done: [],
    ...(await listenUdp(() => fake.mode, answer)),
  };
  return fake;
};
